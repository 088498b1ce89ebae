"""What a client sent runs in a child: whatever it does, the caller goes on and says what happened."""

from __future__ import annotations

import faulthandler
import os
import socket
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod.edit.fence import fenced, judged
from ptce_lod.edit.requests import UpdateRequest
from ptce_lod.errors import BackendUnavailable, MalformedQuery, QueryRefused, QueryTimedOut
from tests.conftest import project_settings

SETTINGS = project_settings(Path("unused"), write_memory_bytes=300_000_000)

# Forking with threads about is what the program of the fence never does; here it is the test runner's own business.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


def test_the_value_comes_back() -> None:
    assert fenced(SETTINGS, lambda: {"a": [1, "é" * 100_000]}, seconds=10) == {"a": [1, "é" * 100_000]}


def test_a_syntax_error_keeps_its_place() -> None:
    with pytest.raises(MalformedQuery, match="line 2, column 1") as caught:
        fenced(SETTINGS, lambda: ox.Store().update("INSERT DATA {\n"), seconds=10)
    assert (caught.value.line, caught.value.column) == (2, 1)


def test_a_text_that_kills_the_parser_kills_the_child() -> None:
    text = "INSERT {} WHERE " + "{" * 50_000

    def work() -> None:
        faulthandler.disable()  # the test runner's: the child's end is what is meant to happen, and needs no trace
        ox.Store().update(text)

    with pytest.raises(BackendUnavailable, match="nested too deeply"):
        fenced(SETTINGS, work, seconds=10)


def test_work_without_end_is_stopped_inside_the_engine() -> None:
    store = ox.Store()
    store.update("INSERT DATA { " + " ".join(f"<x:{n}> <x:p> {n} ." for n in range(500)) + " }")
    started = time.monotonic()
    with pytest.raises(QueryTimedOut, match="nothing was changed"):
        fenced(
            SETTINGS,
            lambda: store.update(
                "INSERT { ?a <x:q> ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i < 0) }"
            ),
            seconds=1,
        )
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform != "linux", reason="address space is not bounded elsewhere")
def test_memory_is_bounded() -> None:
    with pytest.raises(BackendUnavailable, match="memory"):
        fenced(SETTINGS, lambda: len(bytearray(2_000_000_000)), seconds=10)


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_there_is_no_network() -> None:
    def connect() -> str:
        try:
            socket.socket()
        except PermissionError:
            return "refused"
        return "open"

    assert fenced(SETTINGS, connect, seconds=10) == "refused"


def test_a_child_that_ends_without_a_word_is_told() -> None:
    with pytest.raises(BackendUnavailable, match="nothing was changed"):
        fenced(SETTINGS, lambda: os._exit(3), seconds=10)


@pytest.mark.parametrize("text", ["LOAD ;", "CREATE GRAPH <x:g>\nLOAD <x:d>"])
def test_a_refused_update_that_is_malformed_is_called_malformed(text: str) -> None:
    with pytest.raises(MalformedQuery, match="line"):
        judged(SETTINGS, UpdateRequest(text, (), (), False))


def test_a_well_formed_load_is_refused_by_an_error_that_crosses_processes() -> None:
    with pytest.raises(QueryRefused, match="LOAD is not allowed") as caught:
        judged(SETTINGS, UpdateRequest("LOAD <http://127.0.0.1:9/>", (), (), False))
    assert type(caught.value) is QueryRefused
