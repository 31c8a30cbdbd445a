# The only two commands a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PIP := $(VENV)/bin/pip install --quiet --disable-pip-version-check
RASID := $(VENV)/bin/rasid --home var

.PHONY: run test lint bench clean
.DELETE_ON_ERROR: # a half-made .venv is made again

# Exit code 3 of `add` means done, but some input was refused: it has said which, and the rest is served.
run: $(VENV)/.installed
	$(RASID) add seeds || test $$? -eq 3
	$(RASID) serve --port $(PORT)

test: lint
	$(VENV)/bin/pytest

lint: $(VENV)/.tested
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python setup.cfg pyproject.toml
	$(PIP) -e '.[web,fast]'
	touch $@

$(VENV)/.tested: $(VENV)/bin/python setup.cfg pyproject.toml
	$(PIP) -e '.[web,fast,test]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) var build dist *.egg-info

# Rasid's speed beside its peers: docs/performance.md. ARTICLES= changes the size, SIZE=full takes 30,175 articles and
# grows to 85,000, OPENSEARCH=start (or a URL) adds a node, KEEP=DIR keeps the peers' indexes, SAVE=1 writes the page.
ARTICLES ?= 3000
bench: $(VENV)/.measured
	$(VENV)/bin/python -m benchmarks.speed $(if $(filter full,$(SIZE)),--full,--articles $(ARTICLES)) \
	  $(if $(OPENSEARCH),--opensearch $(OPENSEARCH)) $(if $(KEEP),--keep $(KEEP)) $(if $(SAVE),--save)

$(VENV)/.measured: $(VENV)/bin/python setup.cfg pyproject.toml
	$(PIP) -e '.[web,fast,bench]'
	touch $@ $(VENV)/.installed
