"""A client of a real server process that serves a scratch dataset."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conformance.sparql.client import Client, Endpoints
from tests.conftest import PROJECT
from tests.integration.conftest import environment, free_port, stop, wait_until_ready


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("scratch")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ptce_lod.cli", "serve", "--scratch"],
            cwd=PROJECT,
            env=environment(base, port, folder / "var", PTCE_QUERY_TIMEOUT_SECONDS="20"),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_ready(base, process, log)
        with Client(Endpoints(f"{base}sparql", f"{base}update", f"{base}rdf-graph-store")) as client:
            yield client
    finally:
        stop(process)
