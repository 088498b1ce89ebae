"""Fixtures of every test: paths of the project, settings that touch nothing outside a temporary folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings

# The same cases in every run: what one run finds, the next finds again. HYPOTHESIS_PROFILE=explore looks for others. None is timed: on a
# busy machine a case takes as long as it takes.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", derandomize=False, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return PROJECT


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a deployment whose built things lie in a temporary folder."""
    return project_settings(tmp_path / "var")


def project_settings(var_dir: Path, **changes: object) -> Settings:
    """Return settings that read the project's own sources and write into ``var_dir``."""
    values: dict[str, object] = {
        "base_iri": "http://127.0.0.1:8000/",
        "data_dir": PROJECT / "data" / "sources",
        "ontology_dir": PROJECT / "ontology",
        "shapes_dir": PROJECT / "shapes",
        "queries_dir": PROJECT / "data" / "queries",
        "var_dir": var_dir,
        "links_dir": var_dir.parent / "links",
        # Tests of workers in memory say so: elsewhere the processes of a test should be those it started.
        "memory_store_quads": 0,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose ``var_dir`` holds the real data, built, validated and published once for all tests."""
    from ptce_lod import pipeline

    settings = project_settings(tmp_path_factory.mktemp("published") / "var")
    result = pipeline.build(settings)
    var = VarLayout(settings.var_dir)
    with locked(var):
        publish(var, result.layout.release_id)
    return settings


@pytest.fixture(scope="session")
def backend(published: Settings) -> Iterator[EmbeddedBackend]:
    """The embedded backend over the published real data."""
    backend = EmbeddedBackend(VarLayout(published.var_dir).published(), published)
    yield backend
    backend.close()
