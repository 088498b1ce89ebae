"""``python -m benchmarks.sparql``: measure, print the page, and with ``--write`` keep it in the documentation."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.http import data
from benchmarks.http.engines import ENGINES, REFERENCE, Engine
from benchmarks.sparql import measure, report

PAGE: Final = Path("docs/reference/benchmarks-sparql.md")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sparql", description=__doc__)
    parser.add_argument(
        "--quads", type=int, default=1_000_000, help="about how many quads (default: %(default)s)"
    )
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="longest time of one cell (default: %(default)s)"
    )
    parser.add_argument(
        "--requests", type=int, default=2000, help="most requests of one cell (default: %(default)s)"
    )
    parser.add_argument("--only", action="append", metavar="ENGINE", help="measure only these engines")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    options = parser.parse_args()
    began = time.monotonic()
    load = os.getloadavg()[0]

    def told(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", file=sys.stderr, flush=True)

    left_out = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-sparql-")))
        told("generate and build")
        made = data.make(folder, options.quads)
        results = measure.Results(measure.shapes(), (1, 8), load=load)
        engines: list[Engine] = []
        for kind in ENGINES:
            missing = kind.missing() if not options.only or kind.name in options.only else "not asked for"
            if missing:
                left_out.append(f"{kind.name}: {missing}")
                told(f"left out: {kind.name}: {missing}")
                continue
            engine = kind(made, folder)
            told(f"load {engine.name}")
            stack.callback(engine.stop)
            engine.start()
            engines.append(engine)
            results.memory[engine.name] = (engine.memory_mib(), 0.0)
        told("compare answers")
        measure.compare(results, engines, made, REFERENCE)
        for title, said in results.warnings.items():
            told(f"warning: {title}: {'; '.join(said)}")
        measure.measure(results, engines, made, seconds=options.seconds, requests=options.requests, told=told)
        page = report.write(results, engines, made, options.seconds, left_out)
    told("done")
    print(page)
    if options.write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
