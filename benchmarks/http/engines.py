"""The endpoints that are compared. A peer that is not installed says so and is left out."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Final

from benchmarks.http.data import BASE, Data
from benchmarks.http.processes import cpu_seconds, end, free_port, memory_mib, start, tree, wait_for_port
from ptce_lod import __version__

#: Where ``scripts/install-benchmark-peers`` puts what comes from PyPI.
PEERS: Final = Path("var/benchmark-peers").absolute()
#: Who uses less processor time than this in a second rests.
_RESTING: Final = 0.1
_INSTALL: Final = "scripts/install-benchmark-peers installs it"


class Engine(ABC):
    """One endpoint. ``name`` also tells which variant of a query it gets (``QUERY.NAME.rq``)."""

    name = ""
    path = "/sparql"
    #: How the data lie in it, in words.
    loading = ""

    def __init__(self, data: Data, folder: Path) -> None:
        self._data = data
        self.folder = folder / self.name
        self.folder.mkdir()
        self.port = free_port()
        self._log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @abstractmethod
    def missing(cls) -> str:
        """Return why the engine cannot run here; empty when it can."""

    @property
    @abstractmethod
    def version(self) -> str:
        """Version of the program."""

    @abstractmethod
    def prepare(self) -> None:
        """Load the data, if that is done before serving."""

    @abstractmethod
    def command(self) -> tuple[list[str], dict[str, str]]:
        """Return the command that serves, and its environment."""

    def start(self) -> None:
        """Load the data and serve."""
        self.prepare()
        command, environment = self.command()
        self._process = start(command, self._log, environment)
        wait_for_port(self._process, self.port, self._log, 300)

    def memory_mib(self) -> float:
        """Return what all its processes take now."""
        return memory_mib(self._process.pid) if self._process else 0.0

    def wait_until_idle(self, seconds: float = 90) -> None:
        """Wait until it rests: some go on with a query whose client has left."""
        deadline = time.monotonic() + seconds
        while self._process and time.monotonic() < deadline:
            before = cpu_seconds(self._process.pid)
            time.sleep(1)
            if cpu_seconds(self._process.pid) - before < _RESTING:
                return

    def processes(self) -> int:
        """Return how many processes it has now."""
        return len(tree(self._process.pid)) if self._process else 0

    def stop(self) -> None:
        """End it."""
        if self._process:
            end(self._process)
            self._process = None


def said(*command: str) -> str:
    """Return what a command prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout


class Ours(Engine):
    """This project: the published release, limits and workers as shipped."""

    name = "ptce-lod"
    loading = "a release: each quad in its graph, each triple once in the default graph"

    @classmethod
    def missing(cls) -> str:
        return ""

    @property
    def version(self) -> str:
        return __version__

    def prepare(self) -> None:
        """Nothing: the release is built already."""

    def command(self) -> tuple[list[str], dict[str, str]]:
        command = [
            sys.executable,
            "-m",
            "ptce_lod.cli",
            "--var-dir",
            self._data.var,
            "serve",
            "--port",
            str(self.port),
        ]
        return command, {"PTCE_BASE_IRI": BASE}


class Peer(Engine):
    """A server that ``scripts/install-benchmark-peers`` installs."""

    program: ClassVar[Path]

    @classmethod
    def missing(cls) -> str:
        return "" if cls.program.is_file() else f"`{cls.program.name}` is not installed; {_INSTALL}"


class OxigraphServe(Peer):
    """Oxigraph's own server."""

    name = "oxigraph"
    path = "/query"
    loading = "the quads, and each triple once in the default graph"
    program = PEERS / "bin/oxigraph"

    @property
    def version(self) -> str:
        return said(str(self.program), "--version").split()[-1]

    def prepare(self) -> None:
        where = ["--location", str(self.folder / "store")]
        for file in (self._data.nquads, self._data.ntriples):
            command = [str(self.program), "load", *where, "--lenient", "--file", file]
            subprocess.run(command, check=True, capture_output=True)
        subprocess.run([str(self.program), "optimize", *where], check=True, capture_output=True)

    def command(self) -> tuple[list[str], dict[str, str]]:
        store = str(self.folder / "store")
        return [str(self.program), "serve", "--location", store, "--bind", f"127.0.0.1:{self.port}"], {}


class RdflibEndpoint(Peer):
    """rdflib behind FastAPI and uvicorn."""

    name = "rdflib-endpoint"
    path = "/"
    loading = "the triples only, in memory"
    program = PEERS / "bin/rdflib-endpoint"

    @property
    def version(self) -> str:
        packages = said(str(PEERS / "bin/pip"), "list", "--format", "freeze")
        found = dict(re.findall(r"^(rdflib(?:-endpoint)?)==(\S+)$", packages, re.MULTILINE))
        return f"{found.get('rdflib-endpoint', '?')} (rdflib {found.get('rdflib', '?')})"

    def prepare(self) -> None:
        """Nothing: the server reads the file as it starts."""

    def command(self) -> tuple[list[str], dict[str, str]]:
        serve = ["serve", "--host", "127.0.0.1", "--port", str(self.port)]
        return [str(self.program), *serve, self._data.ntriples], {}


_VIRTUOSO_INI: Final = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {dumps}
ServerThreads = 20
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 20
KeepAliveTimeout = 30
MaxKeepAlives = 20
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 60
"""
#: Load, index literals for ``bif:contains``, write to disk.
_VIRTUOSO_LOAD: Final = """\
ld_dir('{dumps}', 'all.nq', 'urn:none');
rdf_loader_run();
DB.DBA.RDF_OBJ_FT_RULE_ADD(null, null, 'all');
DB.DBA.VT_INC_INDEX_DB_DBA_RDF_OBJ();
checkpoint;
"""


class Virtuoso(Engine):
    """Virtuoso 7, with 1.3 GB of buffers: the whole of the data."""

    name = "virtuoso"
    loading = "the quads; its default graph is the union of all graphs, its own among them"

    @classmethod
    def missing(cls) -> str:
        installed = shutil.which("virtuoso-t") and shutil.which("isql-vt")
        return "" if installed else f"`virtuoso-t` is not installed; {_INSTALL}"

    @property
    def version(self) -> str:
        found = re.search(r"Version ([\d.]+)", said("virtuoso-t", "-?"))
        return found[1] if found else "?"

    def prepare(self) -> None:
        """Nothing: data are loaded through the running server."""

    def command(self) -> tuple[list[str], dict[str, str]]:
        self._sql_port = free_port()
        ini = self.folder / "virtuoso.ini"
        dumps = Path(self._data.nquads).parent
        ini.write_text(
            _VIRTUOSO_INI.format(folder=self.folder, port=self.port, sql_port=self._sql_port, dumps=dumps)
        )
        return ["virtuoso-t", "+foreground", "+configfile", str(ini)], {}

    def start(self) -> None:
        super().start()
        script = _VIRTUOSO_LOAD.format(dumps=Path(self._data.nquads).parent)
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(script)
            file.flush()
            isql = ["isql-vt", f"127.0.0.1:{self._sql_port}", "dba", "dba", file.name]
            done = subprocess.run(isql, check=True, capture_output=True, text=True)
        if "*** Error" in done.stdout + done.stderr:
            raise RuntimeError(f"virtuoso could not load: {(done.stdout + done.stderr)[-400:]}")


#: In the order of the table; the second is what ratios refer to.
ENGINES: Final[tuple[type[Engine], ...]] = (Ours, OxigraphServe, Virtuoso, RdflibEndpoint)
REFERENCE: Final = OxigraphServe.name
