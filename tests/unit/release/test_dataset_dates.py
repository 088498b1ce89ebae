"""Since when each dataset has been as it is: the log of it, what is made good, and what nobody can know any more."""

from __future__ import annotations

import json
import shutil

import pytest

from ptce_lod.release.catalog.dates import Dated, dates, file_dates
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish import prune, publish
from ptce_lod.release.publish_log import publications
from tests.unit.release.conftest import Build


def as_of(var: VarLayout) -> dict[str, Dated]:
    return dates(var, publications(var))


@pytest.fixture
def three(var: VarLayout, build: Build) -> list[ReleaseLayout]:
    """Three publications, of which the second alone has another pole."""
    first, second = build(["a"]), build(["a", "b"])
    for release in (first, second, first):
        publish(var, release.release_id)
    return [first, second, first]


def test_each_publication_has_a_line_before_it_is_served(var: VarLayout, three: list[ReleaseLayout]) -> None:
    lines = [json.loads(line) for line in var.datasets.read_text().splitlines()]
    log = publications(var)
    assert [(line["at"], line["release"]) for line in lines] == [(p.at, p.release_id) for p in log]
    found = as_of(var)["poles"]
    assert (found.issued, found.modified, found.release) == (log[0].at, log[2].at, three[2].release_id)
    assert dates(var, log[:2])["poles"].modified == log[1].at, "a former state has the dates that it had"


@pytest.mark.parametrize("damage", ["gone", "cut short", "not a line", "not UTF-8"])
def test_a_line_that_was_lost_is_made_again(var: VarLayout, three: list[ReleaseLayout], damage: str) -> None:
    whole = as_of(var)
    data = var.datasets.read_bytes()
    last = data.rstrip(b"\n").rfind(b"\n") + 1
    if damage == "gone":
        var.datasets.unlink()
    else:
        rest = {"cut short": data[last : last + 150], "not a line": b"{}\n[]\n", "not UTF-8": b"\xff\n"}
        var.datasets.write_bytes(data[:last] + rest[damage])
    assert as_of(var) == whole
    publish(var, three[1].release_id)
    assert as_of(var)["poles"].issued == whole["poles"].issued


def test_removing_releases_keeps_what_is_known(var: VarLayout, three: list[ReleaseLayout]) -> None:
    whole = as_of(var)
    var.datasets.unlink()  # a folder from before there was this log
    assert prune(var, 1)
    assert as_of(var) == whole


def test_after_a_publication_of_which_nothing_is_known_everything_may_have_changed(
    var: VarLayout, three: list[ReleaseLayout]
) -> None:
    log = publications(var)
    data = var.datasets.read_bytes().splitlines(keepends=True)
    var.datasets.write_bytes(data[0])
    shutil.rmtree(three[1].path)
    found = as_of(var)["poles"]
    assert (found.issued, found.modified) == (log[0].at, log[2].at)


def test_a_log_of_before_there_were_dates_of_files_is_made_good(
    var: VarLayout, three: list[ReleaseLayout]
) -> None:
    log = publications(var)
    whole, files = as_of(var), file_dates(var, log)
    lines = [json.loads(line) for line in var.datasets.read_text().splitlines()]
    for line in lines:
        del line["files"]
    var.datasets.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert file_dates(var, log) == files
    assert prune(var, 1)
    assert (as_of(var), file_dates(var, log)) == (whole, files)
    assert len(var.datasets.read_text().splitlines()) == 2 * len(lines)
    prune(var, 1)
    assert len(var.datasets.read_text().splitlines()) == 2 * len(lines), "once"
