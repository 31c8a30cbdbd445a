"""The application over a room that holds still."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.settings import Settings
from searchapp.app import create_app

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode does not; tests share `still`

from still import StillRoom


@pytest.fixture
def room() -> StillRoom:
    return StillRoom()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, base_url="https://rasid.example:8443")


class Client(FlaskClient):
    """Reads each response to its end, so that a static file is closed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=True, **kwargs)


@pytest.fixture
def serve(settings: Settings) -> Callable[..., Client]:
    """Makes a client of an application over any room."""

    def made(room: StillRoom, **more: Any) -> Client:
        app = create_app(room, settings, **more)
        return Client(app, app.response_class)

    return made


@pytest.fixture
def client(room: StillRoom, serve: Callable[..., Client]) -> Client:
    return serve(room)


@pytest.fixture
def page(client: FlaskClient) -> Callable[..., str]:
    """The text of a page in Arabic, which must be there."""

    def get(path: str, status: int = 200, **args: object) -> str:
        response = client.get(path, query_string=args or None)
        assert response.status_code == status, response.text
        assert response.mimetype == "text/html"
        return response.text

    return get


@pytest.fixture
def search(client: FlaskClient) -> Callable[..., dict]:
    """The document of a search, which must succeed."""

    def get(**args: object) -> dict:
        response = client.get("/api/v1/search", query_string=args)
        assert response.status_code == 200, response.text
        assert response.json is not None
        return response.json

    return get
