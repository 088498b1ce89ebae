"""A real server process over the small release, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ptce_lod import pipeline
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings
from tests.conftest import PROJECT, project_settings
from tests.integration import exported_site
from tests.tiny_project import publish_tiny, tiny_settings
from tests.unit.query.small_release import build_small_release

#: How long a server may take to start before the test gives up, in seconds.
STARTUP_SECONDS = 20


#: What reading ``/proc`` of a process raises when the process ends before or while it is read.
ENDED = (FileNotFoundError, ProcessLookupError)


def process_fields(pid: int) -> list[str]:
    """Return the fields of ``/proc/PID/stat`` behind the name (proc(5)), all ``0`` for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except ENDED:
        return ["0"] * 50


def kill_if_running(pid: int) -> None:
    """Kill a process of ours from outside; it may have ended by itself since it was found."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@dataclass
class Server:
    base: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    var: VarLayout

    def children(self) -> list[int]:
        """Return the ids of all processes below the server's."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            try:
                lists = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
            except ENDED:
                continue
            below = [int(text) for text in " ".join(lists).split()]
            found += below
            waiting += below
        return found

    def cpu_seconds(self) -> float:
        """Return the processor time that the server and its children have used."""
        ticks = 0
        for pid in [self.process.pid, *self.children()]:
            fields = process_fields(pid)
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(base: str, port: int, var_dir: Path, **changes: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PTCE_")}
    return {
        **inherited,
        "PTCE_BASE_IRI": base,
        "PTCE_PORT": str(port),
        "PTCE_VAR_DIR": str(var_dir),
        "PTCE_ONTOLOGY_DIR": str(PROJECT / "ontology"),
        "PTCE_QUERY_TIMEOUT_SECONDS": "1.5",
        "PTCE_MEMORY_STORE_QUADS": "0",
        **changes,
    }


def start(var_dir: Path, log: Path, port: int, *options: str, **changes: str) -> subprocess.Popen[bytes]:
    base = f"http://127.0.0.1:{port}/"
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "ptce_lod.cli", "serve", *options],
            cwd=PROJECT,
            env=environment(base, port, var_dir, **changes),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until_ready(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(base + "readyz"):
                return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


def stop(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGINT)
    try:
        return process.wait(timeout=15)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    build_small_release(folder / "var", base_iri=base)
    process = start(folder / "var", folder / "log", port)
    wait_until_ready(base, process, folder / "log")
    yield Server(base, port, process, folder / "log", VarLayout(folder / "var"))
    stop(process)


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the project's real data, built for its address: what its IRIs name is there."""
    folder = tmp_path_factory.mktemp("real")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    publish_real(folder / "var", base)
    process = start(folder / "var", folder / "log", port, PTCE_QUERY_TIMEOUT_SECONDS="10")
    wait_until_ready(base, process, folder / "log")
    yield Server(base, port, process, folder / "log", VarLayout(folder / "var"))
    stop(process)


def publish_real(var_dir: Path, base: str) -> None:
    """Build, validate and publish the project's data with IRIs that begin with ``base``."""
    settings = project_settings(var_dir, base_iri=base)
    result = pipeline.build(settings)
    var = VarLayout(var_dir)
    with locked(var):
        publish(var, result.layout.release_id)


def open_files(server: Server) -> int:
    """Return how many descriptors the server's own process holds."""
    return open_descriptors(server.process.pid)


def open_descriptors(pid: int) -> int:
    """Return how many descriptors a process holds, 0 when it has ended."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except ENDED:
        return 0


@pytest.fixture(scope="session")
def scratch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A writable dataset behind the same protocol code, with what earlier tests left in it."""
    folder = tmp_path_factory.mktemp("scratch")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    process = start(folder / "var", folder / "log", port, "--scratch", PTCE_QUERY_TIMEOUT_SECONDS="5")
    wait_until_ready(base, process, folder / "log")
    yield Server(base, port, process, folder / "log", VarLayout(folder / "var"))
    stop(process)


@pytest.fixture
def scratch(scratch_server: Server) -> Server:
    """The writable dataset, emptied."""
    request = urllib.request.Request(
        scratch_server.base + "update", b"CLEAR ALL", {"Content-Type": "application/sparql-update"}
    )
    with urllib.request.urlopen(request):
        return scratch_server


@contextmanager
def writable_site(folder: Path, tokens: str) -> Iterator[Server]:
    """Serve a release of real shape by two processes that take writes with ``tokens`` (TOML); the log shows no traceback."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    settings = replace(tiny_settings(folder), base_iri=base, port=port)
    publish_tiny(settings)
    (folder / "tokens.toml").write_text(tokens, encoding="utf-8")
    log = folder / "log"
    process = start(
        folder / "var",
        log,
        port,
        PTCE_DATA_DIR=str(settings.data_dir),
        PTCE_LINKS_DIR=str(settings.links_dir),
        PTCE_TOKENS_FILE=str(folder / "tokens.toml"),
        PTCE_WEB_WORKERS="2",
    )
    try:
        wait_until_ready(base, process, log)
        yield Server(base, port, process, log, VarLayout(folder / "var"))
    finally:
        stop(process)
    said = log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in said, said


@pytest.fixture(scope="session")
def exported_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a small release that is exported."""
    var = tmp_path_factory.mktemp("export") / "var"
    build_small_release(var)
    return project_settings(var)


@pytest.fixture(scope="session")
def exported(exported_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small release as files."""
    return exported_site.export(exported_settings, tmp_path_factory.mktemp("exported") / "out")


@pytest.fixture(scope="session")
def nginx_port(exported: Path) -> Iterator[int]:
    """The port at which nginx serves these files."""
    with exported_site.served_by_nginx(exported, free_port()) as port:
        yield port
