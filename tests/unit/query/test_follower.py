from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod.errors import BackendUnavailable
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.follower import ReleaseFollower
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from tests.conftest import project_settings
from tests.unit.query.small_release import BASE, build_small_release


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def follower(var_dir: Path, clock: Clock) -> ReleaseFollower[EmbeddedBackend]:
    def open_backend(layout: ReleaseLayout) -> EmbeddedBackend:
        return EmbeddedBackend(layout, project_settings(var_dir))

    return ReleaseFollower(VarLayout(var_dir), open_backend, clock=clock)


def test_nothing_published_is_said_and_mended_by_publishing(
    var_dir: Path, clock: Clock, follower: ReleaseFollower[EmbeddedBackend]
) -> None:
    with pytest.raises(BackendUnavailable, match="nothing is published yet"), follower.lease():
        pass
    layout = build_small_release(var_dir)
    clock.now += 2
    with follower.lease() as backend:
        assert backend.release_id == layout.release_id
    follower.close()


def test_a_new_release_is_followed_and_the_old_one_stays_open_while_lent(
    var_dir: Path, clock: Clock, follower: ReleaseFollower[EmbeddedBackend]
) -> None:
    old = build_small_release(var_dir)
    with follower.lease() as first:
        new = build_small_release(var_dir, extra='poleid:new skos:prefLabel "Neuf"@fr .')
        with follower.lease() as second:
            assert second.release_id == new.release_id
        assert first.release_id == old.release_id
        assert first.things("poles")[0] == 4, "the old release still answers"
    follower.close()


def test_a_damaged_new_release_leaves_the_old_one_serving(
    var_dir: Path, clock: Clock, follower: ReleaseFollower[EmbeddedBackend]
) -> None:
    old = build_small_release(var_dir)
    with follower.lease():
        pass
    new = build_small_release(var_dir, extra="poleid:new a ptce:Pole .")
    new.search_index.unlink()
    clock.now += 2
    with follower.lease() as backend:
        assert backend.release_id == old.release_id
        assert backend.describe(BASE + "id/pole/archer") is not None
    follower.close()
