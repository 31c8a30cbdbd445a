"""The API against its own description: schemathesis asks a running server over two thousand real articles."""

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer.settings import Settings
from tests.conftest import missing

EXAMPLES = 20
"""Requests that are invented for each endpoint, besides its examples and the edges of its parameters."""

CONFIG = """
[checks.negative_data_rejection]
expected-statuses = [400, 404, 410, 414, 503]
"""
"""`from` after `to` is refused though each fits its schema, and no schema tells Arabic dates: both have tests
of their own. A text over its cap answers 414."""


@pytest.fixture(scope="module")
def news(
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    stock: Callable[[Path, Path], Settings],
    start_server: Callable[..., str],
) -> str:
    """The address of a server over real articles."""
    sample = shared / "data" / "samples" / "politics_2000.jsonl.gz"
    return start_server(stock(tmp_path_factory.mktemp("news") / "home", sample).home)


def test_api_answers_as_described(news: str, tmp_path: Path) -> None:
    if not find_spec("schemathesis"):
        missing("schemathesis", "pip install 'rasid[test]'")
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    program = "from schemathesis.cli import schemathesis; schemathesis()"
    command = [
        sys.executable,
        "-c",
        program,
        "--config-file",
        str(config),
        "run",
        f"{news}/api/v1/openapi.json",
    ]
    options = [
        "--checks",
        "all",
        "--exclude-checks",
        "positive_data_acceptance",
        "--phases",
        "examples,coverage,fuzzing",
        "-n",
        str(EXAMPLES),
        "--seed",
        "7",
    ]
    done = subprocess.run(
        [*command, *options, "--continue-on-failure", "--no-color"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
