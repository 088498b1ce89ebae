"""What the decisions of the reconciliation are worth on the labelled names of a release, and how long batches take.

``python -m benchmarks.reconciliation`` builds the real data; with a number, as many made-up poles.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.generate import generate
from benchmarks.labelled_names import Labelled, labelled_names
from ptce_lod import pipeline
from ptce_lod.query.backend import Backend
from ptce_lod.query.candidates import Condition, Sought
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings

_ROOT: Final = Path(__file__).parent.parent
_NAMES, _BATCH = 1000, 10


def quality(backend: Backend, names: Sequence[Labelled]) -> dict[str, Any]:
    """Return precision and recall of matches, and how the right thing ranks, over all and by how names were made."""
    rows: dict[str, Counter[str]] = {}
    for label in names:
        found = backend.candidates(sought(label.text, label.type))
        row = rows.setdefault(label.how, Counter())
        row["names"] += 1
        row["meant"] += bool(label.iri)
        row["first"] += bool(found) and bool(label.iri) and found[0].thing.iri == label.iri
        matched = [candidate for candidate in found if candidate.match]
        row["matched"] += bool(matched)
        row["right"] += bool(matched) and matched[0].thing.iri == label.iri
    total = sum(rows.values(), Counter[str]())
    return {"all": _shares(total), **{how: _shares(row) for how, row in rows.items()}}


def sought(text: str, type_: str = "") -> Sought:
    """Return the query of a table with one column."""
    return Sought((Condition("", (text,)),), types=(type_,) if type_ else (), limit=5)


def _shares(row: Counter[str]) -> dict[str, Any]:
    return {
        "names": row["names"],
        "precision": row["right"] / row["matched"] if row["matched"] else None,
        "recall": row["right"] / row["meant"] if row["meant"] else None,
        "first": row["first"] / row["meant"] if row["meant"] else None,
        "matched": row["matched"],
    }


def batches(backend: Backend, names: Sequence[Labelled]) -> dict[str, float]:
    """Return the median and 95th percentile of the time of a batch of ten names, in milliseconds."""
    step = max(1, len(names) // _NAMES)
    chosen = names[::step][:_NAMES]
    times = []
    for begin in range(0, len(chosen), _BATCH):
        started = time.perf_counter()
        for label in chosen[begin : begin + _BATCH]:
            backend.candidates(sought(label.text, label.type))
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return {"batch_ms": statistics.median(times), "batch_ms_95": times[int(len(times) * 0.95)]}


@contextmanager
def release(poles: int) -> Iterator[tuple[EmbeddedBackend, Settings]]:
    """Build and publish the real data, or ``poles`` made-up poles, in a temporary folder; give the backend over it and its settings."""
    with tempfile.TemporaryDirectory() as folder:
        sources = _ROOT / "data" / "sources"
        if poles:
            made = Path(folder) / "sources"
            made.mkdir()
            generate(sources, made, poles)
            sources = made
        settings = Settings(data_dir=sources, var_dir=Path(folder) / "var")
        result = pipeline.build(settings, validate=False)
        var = VarLayout(settings.var_dir)
        with locked(var):
            publish(var, result.layout.release_id)
        backend = EmbeddedBackend(var.published(), settings)
        try:
            yield backend, settings
        finally:
            backend.close()


def main(poles: int) -> None:
    """Print the figures: a table for people, then a line of JSON."""
    with release(poles) as (backend, _):
        names = labelled_names(backend)
        times = batches(backend, names)
        found = {} if poles else quality(backend, names)
    for how, row in found.items():
        shares = "  ".join(
            f"{name} {'–' if row[name] is None else f'{row[name]:.3f}'}"
            for name in ("precision", "recall", "first")
        )
        print(f"{how:20} {row['names']:6}  {shares}")
    print(json.dumps({"poles": poles, "names": len(names), **times, **found.get("all", {})}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
