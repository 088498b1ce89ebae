"""Files are the same whoever writes them, and an interrupted build does not go on writing."""

from __future__ import annotations

import os
import shutil
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from ptce_lod.release.dumps import write_dumps
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.pool import writing_pool
from ptce_lod.settings import Settings

MANY = 1_000_000


def test_processes_are_started_where_they_pay_and_may_be() -> None:
    expected = ProcessPoolExecutor if (os.cpu_count() or 1) > 1 else ThreadPoolExecutor
    for quads, may_start, kind in (
        (MANY, True, expected),
        (MANY, False, ThreadPoolExecutor),
        (1000, True, ThreadPoolExecutor),
    ):
        with writing_pool(quads, may_start=may_start) as pool:
            assert isinstance(pool, kind)


def test_processes_write_what_threads_write(published: Settings, tmp_path: Path) -> None:
    release = VarLayout(published.var_dir).published()
    dumps, scratch = tmp_path / "dumps", tmp_path / "scratch"
    for folder in (dumps, scratch):
        folder.mkdir()
    shutil.copyfile(release.dumps / "all.nq", dumps / "all.nq")
    addresses = published.addresses
    with writing_pool(MANY, may_start=True) as pool:
        counts = write_dumps(dumps, addresses.base_iri, addresses.prefixes(), scratch, pool)
    assert list(counts) == release.manifest()["graphs"]
    assert not list(scratch.iterdir())
    written = {path.relative_to(dumps): path.read_bytes() for path in dumps.rglob("*") if path.is_file()}
    expected = {
        path.relative_to(release.dumps): path.read_bytes()
        for path in release.dumps.rglob("*")
        if path.is_file() and "tables" not in path.relative_to(release.dumps).parts
    }
    assert written.keys() == expected.keys()
    assert [str(path) for path, data in written.items() if data != expected[path]] == []


def test_what_has_not_begun_when_a_build_is_interrupted_is_not_done() -> None:
    going_on, begun = threading.Event(), []

    def interrupted() -> None:
        with writing_pool(1, may_start=False) as pool:
            for number in range(100):
                pool.submit(lambda number=number: (begun.append(number), going_on.wait(10)))
            threading.Timer(0.05, going_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(begun) < 100
