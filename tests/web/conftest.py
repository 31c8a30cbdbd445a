"""The application over a room that holds still."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from still import StillRoom
from werkzeug.test import TestResponse

from indexer.settings import Settings
from searchapp.app import create_app

Get = Callable[..., TestResponse]


@pytest.fixture
def room() -> StillRoom:
    return StillRoom()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, base_url="https://rasid.example")


@pytest.fixture
def client(room: StillRoom, settings: Settings) -> FlaskClient:
    return create_app(room, settings).test_client()


@pytest.fixture
def page(client: FlaskClient) -> Callable[..., str]:
    """The text of a page in Arabic, which must be there."""

    def get(path: str, status: int = 200, **args: object) -> str:
        response = client.get(path, query_string=args)
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
