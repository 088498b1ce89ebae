from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from tests.conftest import project_settings
from tests.unit.query.small_release import build_small_release


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> ReleaseLayout:
    return build_small_release(tmp_path_factory.mktemp("small") / "var")


@pytest.fixture(scope="session")
def small_settings(small: ReleaseLayout) -> Settings:
    return project_settings(
        small.path.parent.parent, query_timeout_seconds=5, query_workers=1, query_result_bytes=200_000
    )


@pytest.fixture(scope="session")
def backend(small: ReleaseLayout, small_settings: Settings) -> Iterator[EmbeddedBackend]:
    backend = EmbeddedBackend(small, small_settings)
    yield backend
    backend.close()


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"
