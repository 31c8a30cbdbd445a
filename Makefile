# The only two commands a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
RASID := $(VENV)/bin/rasid --home var

.PHONY: run test lint clean

run: $(VENV)/.installed
	$(RASID) add seeds
	$(RASID) serve --port $(PORT)

test: $(VENV)/.tested
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python setup.cfg pyproject.toml
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -e '.[web,fast]'
	touch $@

$(VENV)/.tested: $(VENV)/bin/python setup.cfg pyproject.toml
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -e '.[web,fast,test]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) var build dist *.egg-info
