from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.unit.query.small_release import build_small_release


@pytest.fixture(scope="session")
def site_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    var_dir: Path = tmp_path_factory.mktemp("site") / "var"
    build_small_release(var_dir)
    return project_settings(
        var_dir,
        page_size=2,
        query_workers=1,
        query_timeout_seconds=5,
        query_result_bytes=200_000,
        cache_bytes=0,
    )


@pytest.fixture(scope="session")
def app(site_settings: Settings) -> Iterator[Flask]:
    backend = EmbeddedBackend(VarLayout(site_settings.var_dir).published(), site_settings)
    yield create_app(site_settings, backend)
    backend.close()


class BufferedClient(FlaskClient):
    """Reads every answer to its end and closes it, as a server does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = BufferedClient
    # Cookies are kept by tests that mean them.
    return app.test_client(use_cookies=False)


@pytest.fixture(scope="module")
def real_client(published: Settings) -> FlaskClient:
    """A client of a site with the project's own data."""
    app = create_app(published)
    app.test_client_class = BufferedClient
    return app.test_client(use_cookies=False)


@pytest.fixture(scope="module")
def triples(published: Settings) -> ox.Store:
    """The triples of the project's data as the dump has them, in a store of their own."""
    store = ox.Store()
    store.bulk_load(
        path=str(VarLayout(published.var_dir).published().dumps / "all.nt"), format=ox.RdfFormat.N_TRIPLES
    )
    return store
