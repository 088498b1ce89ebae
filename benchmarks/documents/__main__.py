"""``python -m benchmarks.documents``: measure, print the page, and with ``--write`` keep it in the documentation."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.documents import measure, report
from benchmarks.documents.servers import Cached, Nginx, Trifid, Uncached
from benchmarks.http import data
from benchmarks.http.engines import Engine, OxigraphServe, RdflibEndpoint, Virtuoso

PAGE: Final = Path("docs/performance.md")
#: Those that hold data of their own; nginx and Trifid follow, which need what others serve.
_ENDPOINTS: Final[tuple[type[Engine], ...]] = (RdflibEndpoint, Virtuoso, OxigraphServe, Cached, Uncached)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.documents", description=__doc__)
    parser.add_argument("--quads", type=int, default=1_000_000, help="about how many (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=5.0, help="time of a row (default: %(default)s)")
    parser.add_argument("--only", action="append", metavar="SERVER", help="measure only these servers")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    options = parser.parse_args()
    began = time.monotonic()
    results = measure.Results(machine_load=os.getloadavg()[0])

    def told(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", file=sys.stderr, flush=True)

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-documents-")))
        told("generate and build")
        made = data.make(folder, options.quads)
        names = measure.things(made)
        results.things = len(names)
        run = _Run(made, folder, options.only or [], stack, told)
        # Two at a time: loading is the work of one core.
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run.start, [kind for kind in _ENDPOINTS if run.is_wanted(kind)]))
        tags = _serve_files(run, made, folder, names)
        _serve_trifid(run, made, folder)
        results.rows = measure.rows(tags)
        results.memory = {name: (engine.memory_mib(), 0.0) for name, engine in run.engines.items()}
        measure.measure(results, run.engines, names, seconds=options.seconds, told=told)
        page = report.write(results, list(run.engines.values()), made, options.seconds, run.left_out)
    told("done")
    print(page)
    if options.write:
        PAGE.write_text(page, encoding="utf-8")


def _serve_files(run: _Run, made: data.Data, folder: Path, names: list[str]) -> dict[str, dict[str, str]]:
    """Give nginx our documents as files; return the entity tags of ours and of nginx."""
    ours = run.engines.get(Cached.name)
    if ours is None:
        run.leave_out(Nginx.name, "there are no documents of ours to serve")
        return {}
    run.told("fetch all documents, one after the other")
    answers = measure.fetch(ours, "/doc/{}", names)
    tags = {ours.name: {name: answer.headers.get("etag", "") for name, answer in answers.items()}}
    if run.is_wanted(Nginx):
        nginx = Nginx(made, folder)
        for name, answer in answers.items():
            file = nginx.files / f"{name}.ttl"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(answer.body)
        if run.start(nginx):
            answers = measure.fetch(nginx, "/{}.ttl", names)
            tags[nginx.name] = {name: answer.headers.get("etag", "") for name, answer in answers.items()}
    return tags


def _serve_trifid(run: _Run, made: data.Data, folder: Path) -> None:
    oxigraph = run.engines.get(OxigraphServe.name)
    if oxigraph is None:
        run.leave_out(Trifid.name, "there is no oxigraph to ask")
    elif run.is_wanted(Trifid):
        trifid = Trifid(made, folder)
        trifid.upstream = f"http://127.0.0.1:{oxigraph.port}{oxigraph.path}"
        run.start(trifid)


class _Run:
    """The servers of this run: those that started, and why the others did not."""

    def __init__(
        self, made: data.Data, folder: Path, only: list[str], stack: ExitStack, told: Callable[[str], None]
    ) -> None:
        self._made, self._folder, self._only, self._stack, self.told = made, folder, only, stack, told
        self.engines: dict[str, Engine] = {}
        self.left_out: list[str] = []

    def is_wanted(self, kind: type[Engine]) -> bool:
        """Say whether a server can run; note why not."""
        missing = "not asked for" if self._only and kind.name not in self._only else kind.missing()
        if missing:
            self.leave_out(kind.name, missing)
        return not missing

    def start(self, what: Engine | type[Engine]) -> bool:
        """Load and serve; a server that fails is left out."""
        engine = what if isinstance(what, Engine) else what(self._made, self._folder)
        self.told(f"start {engine.name}")
        self._stack.callback(engine.stop)
        try:
            engine.start()
        except Exception as error:  # whatever it is: the others are measured without it
            self.leave_out(engine.name, f"did not start: {error}")
            return False
        self.engines[engine.name] = engine
        return True

    def leave_out(self, name: str, why: str) -> None:
        """Note why a server is not measured."""
        self.left_out.append(f"{name}: {why}")
        self.told(f"left out: {name}: {why}")


if __name__ == "__main__":
    main()
