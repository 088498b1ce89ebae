"""What the proposals of ``ptce-lod link`` are worth on labelled entries of the real data, and how long many entries take.

``python -m benchmarks.linking`` measures precision and recall; with a number, the time of so many entries against made-up things.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from benchmarks.labelled_names import Labelled, labelled_names
from benchmarks.reconciliation import release
from ptce_lod.link.entries import Entry
from ptce_lod.link.matching import Matcher, Things
from ptce_lod.link.work import match_all
from ptce_lod.query.backend import Backend
from ptce_lod.query.candidates import Reference
from ptce_lod.query.entities import id_of
from ptce_lod.settings import Settings

#: Made-up poles whose release has some 16 000 things with names: poles, actors, cooperations, calls, units.
_POLES: Final = 2500
#: What a source may say beside the name; the types are those of the column.
_SAYS: Final = ("name", "name, place", "name, place, site")


def labelled_entries(
    backend: Backend, says: str, names: Sequence[Labelled]
) -> Iterator[tuple[Entry, Labelled]]:
    """Yield an entry for each labelled name, with the facts of its thing that a source ``says``.

    A name that means nothing here has the place of some other thing.
    """
    chance = random.Random(11)
    iris = sorted({label.iri for label in names if label.iri})
    things = backend.summaries(iris)
    for number, label in enumerate(names):
        thing = things.get(label.iri or chance.choice(iris))
        facts: dict[str, tuple[str, ...]] = {}
        if thing is not None and "place" in says and thing.detail.get("place"):
            facts["place"] = (str(thing.detail["place"]),)
        if thing is not None and label.iri and "site" in says:
            sites = [v.iri for v in backend.property_values(thing, "website") if isinstance(v, Reference)]
            if sites:
                facts["website"] = (sites[0].partition("//")[2],)
        yield Entry(str(number), label.text, facts=facts), label


def quality(
    things: Things, settings: Settings, labelled: Iterable[tuple[Entry, Labelled]], *, typed: bool = True
) -> dict[str, Any]:
    """Return by how names were made, and of all: precision and recall of matches, and the share of right things that are proposed."""
    matchers: dict[str, Matcher] = {}
    rows: dict[str, Counter[str]] = {}
    for entry, label in labelled:
        type_ = label.type if typed else ""
        if type_ not in matchers:
            matchers[type_] = Matcher(things, settings.addresses, (type_,) if type_ else ())
        proposals = matchers[type_].proposals(entry)
        meant = id_of(label.iri, settings.addresses) if label.iri else ""
        matched = [proposal.thing for proposal in proposals if proposal.match]
        row = rows.setdefault(label.how, Counter())
        row["entries"] += 1
        row["meant"] += bool(meant)
        row["proposed"] += bool(meant) and meant in [proposal.thing for proposal in proposals]
        row["matched"] += bool(matched)
        row["right"] += bool(matched) and matched[0] == meant
    return {how: _shares(row) for how, row in {**rows, "all": sum(rows.values(), Counter[str]())}.items()}


def _shares(row: Counter[str]) -> dict[str, Any]:
    def share(part: str, whole: str) -> float | None:
        return row[part] / row[whole] if row[whole] else None

    return {
        "entries": row["entries"],
        "precision": share("right", "matched"),
        "recall": share("right", "meant"),
        "proposed": share("proposed", "meant"),
    }


def _print(title: str, found: dict[str, Any]) -> None:
    print(f"\n{title}")
    for how, row in found.items():
        shares = (
            f"{name} {'–' if row[name] is None else f'{row[name]:.3f}'}"
            for name in ("precision", "recall", "proposed")
        )
        print(f"  {how:20} {row['entries']:6}  {'  '.join(shares)}")


def measure_quality() -> dict[str, Any]:
    """Print a table for each kind of source; return the rows of all entries."""
    summary = {}
    with release(0) as (backend, settings):
        names = labelled_names(backend)
        for says in _SAYS:
            found = quality(backend, settings, labelled_entries(backend, says, names))
            _print(f"{says}; of a known type", found)
            summary[says] = found["all"]
        says = _SAYS[1]
        plain = [label for label in names if label.how not in ("of another type",)]
        found = quality(backend, settings, labelled_entries(backend, says, plain), typed=False)
        _print(f"{says}; of any type", found)
        summary[f"{says}; any type"] = found["all"]
    return summary


def measure_time(number: int, jobs: int) -> dict[str, Any]:
    """Return how long ``number`` entries take against the made-up release."""
    with release(_POLES) as (backend, settings):
        names = labelled_names(backend)
        things = sum(
            backend.things(type_, limit=1)[0]
            for type_ in ("pole", "actor", "unit", "event", "call", "cooperation")
        )
        chance = random.Random(3)
        chosen = chance.sample(names, number) if number <= len(names) else chance.choices(names, k=number)
        entries = [Entry(str(n), label.text) for n, label in enumerate(chosen)]
        started = time.perf_counter()
        matched = sum(
            any(p.match for p in found.proposals)
            for found in match_all(entries, settings, backend.layout, (), jobs=jobs)
        )
        seconds = time.perf_counter() - started
    return {"entries": number, "things": things, "jobs": jobs, "seconds": seconds, "matched": matched}


def main(arguments: list[str]) -> None:
    """Print the figures, last a line of JSON."""
    if arguments:
        jobs = int(arguments[1]) if len(arguments) > 1 else os.cpu_count() or 1
        print(json.dumps(measure_time(int(arguments[0]), jobs)))
    else:
        print(json.dumps(measure_quality()))


if __name__ == "__main__":
    main(sys.argv[1:])
