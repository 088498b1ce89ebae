"""Fixtures of every test: paths of the project, settings that touch nothing outside a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod.settings import Settings

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
        "var_dir": var_dir,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]
