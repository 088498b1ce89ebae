"""When each thing's own description changed: a record for each publication, and the look-ups over all of them.

A description changes when a triple is added to it or removed from it: one about the thing, about a node that exists only to describe it, or
one that points at it (docs/explanation/descriptions.md, points 1 to 4). Labels of other things and what is said of graphs do not count, nor
does the graph that states a triple: a new snapshot of a source that says the same changes nothing.

A record depends on two releases only and is named after them, so that writing it again changes nothing, and a crash leaves nothing wrong.
"""

from __future__ import annotations

import bisect
import contextlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from ptce_lod import description_rule as rule
from ptce_lod.namespaces import OWL, XSD
from ptce_lod.release.diff import diff_lines
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish_log import Publication, publications
from ptce_lod.release.quads import read_lines, without_graph
from ptce_lod.terms import QuadLine

#: Rounds of climbing from a node to what owns it: no chain of ours is longer.
_LONGEST_CHAIN: Final = 8
_DEFINING: Final = frozenset(f"<{iri}>" for iri in (*rule.DEFINING, rule.IN_SCHEME))
_OWNED: Final = frozenset(f"<{iri}>" for iri in rule.OWNED)
_DEPRECATED: Final = f"<{OWL}deprecated>"
_TRUE: Final = (f'"true"^^<{XSD}boolean>', f'"1"^^<{XSD}boolean>')


class Touch(NamedTuple):
    """What a publication did to one thing: triples added and removed; ``kind`` is "created", "changed", "retired" or "removed"."""

    added: int
    removed: int
    kind: str


def triples(release: ReleaseLayout) -> Iterator[QuadLine]:
    """Yield the triples of a release, sorted, each once however many graphs state it."""
    previous = ""
    for line in read_lines(release.dumps / "all.nq"):
        # Lines that differ in their graph only stand together, and without it the order stays: the next byte is a space in both.
        triple = without_graph(line)
        if triple != previous:
            yield QuadLine(triple)
            previous = triple


def _parts(line: str) -> tuple[str, str, str]:
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest[:-2]


def touched(old: ReleaseLayout, new: ReleaseLayout) -> dict[str, Touch]:
    """Return IRI → what became of its description between two releases; things without a change are absent.

    Reads both releases several times, in flat memory but for what changed.
    """
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    pointed: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    retired, graphs = set(), f"<{new.manifest().get('base_iri', '')}graph/"
    for change in diff_lines(triples(old), triples(new)):
        subject, predicate, object_ = _parts(change.line)
        if change.added and predicate == _DEPRECATED and object_ in _TRUE:
            retired.add(subject)
        counts[subject][not change.added] += 1
        # What a graph is, and where it comes from, is said anew with each snapshot: no news of what it names.
        if object_.startswith("<") and object_ != subject and not subject.startswith(graphs):
            pointed[object_][not change.added] += 1
    if not counts:
        return {}
    described_by = _described_by(set(counts), old, new)
    totals: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for subject, (added, removed) in counts.items():
        for thing in described_by[subject]:
            totals[thing][0] += added
            totals[thing][1] += removed
    for thing, (added, removed) in pointed.items():
        totals[thing][0] += added
        totals[thing][1] += removed
    before, after = _subjects_among(set(totals), old), _subjects_among(set(totals), new)
    found = {
        thing[1:-1]: Touch(
            added, removed, "retired" if thing in retired else _kind(thing in before, thing in after)
        )
        for thing, (added, removed) in totals.items()
        if thing.startswith("<") and (thing in before or thing in after)
    }
    found.update(_whole_graphs(old, new))
    return dict(sorted(found.items()))


def _kind(was: object, is_: object) -> str:
    if was and is_:
        return "changed"
    return "created" if is_ else "removed"


def _whole_graphs(old: ReleaseLayout, new: ReleaseLayout) -> Iterator[tuple[str, Touch]]:
    """Yield what became of the documents that say a whole graph; only their dumps are compared while they are the same."""
    for document, name in rule.WHOLE_GRAPHS.items():
        (was, dumped_before), (is_, dumped_after) = _graph(old, name), _graph(new, name)
        if dumped_before == dumped_after:
            continue
        changes = [change.added for change in diff_lines(_triples_of(old, was), _triples_of(new, is_))]
        if changes:
            added = sum(changes)
            yield document, Touch(added, len(changes) - added, _kind(dumped_before, dumped_after))


def _graph(release: ReleaseLayout, name: str) -> tuple[str, Any]:
    """Return the IRI of a graph of the vocabulary's version, and size and checksum of its dump; None for one that is not there."""
    manifest = release.manifest()
    version = manifest.get("vocabulary_version", "")
    dump = manifest.get("files", {}).get(f"dumps/graphs/{name}/{version}.ttl")
    return f"{manifest.get('base_iri', '')}graph/{name}/{version}", dump


def _triples_of(release: ReleaseLayout, graph: str) -> Iterator[QuadLine]:
    end = f" <{graph}> ."
    return (
        QuadLine(without_graph(line)) for line in read_lines(release.dumps / "all.nq") if line.endswith(end)
    )


def _edges(release: ReleaseLayout, predicates: Set[str]) -> Iterator[tuple[str, str]]:
    """Yield (subject, object) of the quads with one of these predicates, whose objects are IRIs; once for each graph that states it."""
    for line in read_lines(release.dumps / "all.nq"):
        subject, predicate, rest = line.split(" ", 2)
        if predicate in predicates:
            yield subject, rest[: rest.index(" ")]


def _subjects_among(terms: set[str], release: ReleaseLayout) -> set[str]:
    lines = read_lines(release.dumps / "all.nq")
    return {subject for line in lines if (subject := line[: line.index(" ")]) in terms}


def _described_by(changed: set[str], *releases: ReleaseLayout) -> dict[str, set[str]]:
    """Return node → things whose documents hold what is said of it: itself, what owns it, and what these exist to describe."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    reached, frontier = set(changed), set(changed)
    for _ in range(_LONGEST_CHAIN):
        found: set[str] = set()
        for node in frontier:
            if "#" in node:  # a fragment belongs to the document it is in
                owners[node].add(node[: node.index("#")] + ">")
                found |= owners[node]
        for release in releases:
            for subject, object_ in _edges(release, _OWNED):
                if object_ in frontier and object_ != subject:
                    owners[object_].add(subject)
                    found.add(subject)
        frontier = found - reached
        reached |= frontier
        if not frontier:
            break
    described: defaultdict[str, set[str]] = defaultdict(set)
    for release in releases:
        for subject, object_ in _edges(release, _DEFINING):
            if subject in reached:
                described[subject].add(object_)
    return {node: _climbed(node, owners, described) for node in changed}


def _climbed(node: str, owners: Mapping[str, set[str]], described: Mapping[str, set[str]]) -> set[str]:
    above, waiting = {node}, [node]
    while waiting:
        for owner in owners.get(waiting.pop(), ()):
            if owner not in above:
                above.add(owner)
                waiting.append(owner)
    return above.union(*(described.get(each, ()) for each in above))


def _path(var: VarLayout, old: str, new: str) -> Path:
    return var.history / f"{old}-{new}.json"


def record(var: VarLayout, old: ReleaseLayout, new: ReleaseLayout) -> None:
    """Write what publishing ``new`` after ``old`` changes, unless it is written already. The caller holds the lock."""
    path = _path(var, old.release_id, new.release_id)
    if old.release_id == new.release_id or path.is_file():
        return
    document = {
        "from": old.release_id,
        "to": new.release_id,
        "things": {iri: list(touch) for iri, touch in touched(old, new).items()},
    }
    var.history.mkdir(exist_ok=True)
    temporary = (
        var.history / "record.part"
    )  # one for all, under the lock: what a crash leaves is written over
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        json.dump(document, stream, ensure_ascii=False, indent=0, sort_keys=True)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


@dataclass(frozen=True)
class Event:
    """One publication that changed a thing. ``number`` counts publications from 0; without a record every thing counts as changed."""

    number: int
    publication: Publication
    touch: Touch | None

    @property
    def moment(self) -> datetime:
        """When it happened, in UTC, to the second."""
        return moment_of(self.publication)


def moment_of(publication: Publication) -> datetime:
    """Return the moment of a publication, in UTC, to the second."""
    return datetime.fromisoformat(publication.at).astimezone(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class History:
    """What was published when, and what each publication changed. Made by :func:`read_history`; does not change."""

    publications: Sequence[Publication]
    records: Mapping[int, Mapping[str, Touch]]
    by_thing: Mapping[str, Sequence[int]] = field(repr=False)
    unrecorded: Sequence[int] = ()

    def number_of(self, release_id: str) -> int:
        """Return the number of the last publication of a release; -1 for one that was never published."""
        for number in range(len(self.publications) - 1, -1, -1):
            if self.publications[number].release_id == release_id:
                return number
        return -1

    def first_of(self, release_id: str) -> int:
        """Return the number of the first publication of a release; -1 for one that was never published."""
        ids = (publication.release_id for publication in self.publications)
        return next((number for number, each in enumerate(ids) if each == release_id), -1)

    def moment(self, number: int) -> datetime | None:
        """Return when publication ``number`` happened; None when there is none."""
        return moment_of(self.publications[number]) if 0 <= number < len(self.publications) else None

    def in_force(self, at: datetime) -> int:
        """Return the number of the publication in force at a moment: the last before it, the first for any earlier moment."""
        moments = [moment_of(publication) for publication in self.publications]
        return max(0, bisect.bisect_right(moments, at) - 1)

    def last_changed(self, iri: str, until: int) -> datetime | None:
        """Return when the description of ``iri`` became what it is in publication ``until``; None before the first publication."""
        if until < 0:
            return None
        numbers = self.by_thing.get(iri, ())
        last = max(
            (n for n in (_last(numbers, until), _last(self.unrecorded, until)) if n is not None), default=0
        )
        return self.moment(last)

    def events(self, iri: str, until: int) -> list[Event]:
        """Return the publications up to ``until`` that changed ``iri``, oldest first; the first publication of all is the beginning."""
        numbers = sorted({0, *self.by_thing.get(iri, ()), *self.unrecorded})
        return [
            Event(n, self.publications[n], self.records.get(n, {}).get(iri)) for n in numbers if n <= until
        ]


def _last(numbers: Sequence[int], until: int) -> int | None:
    place = bisect.bisect_right(numbers, until)
    return numbers[place - 1] if place else None


def read_history(var: VarLayout, former: History | None = None) -> History:
    """Read the log and the records; a record that is missing or damaged counts as one that changed everything.

    ``former`` is what was read before: only what came since is read.
    """
    log = publications(var)
    known = len(former.publications) if former else 0
    if former is None or list(former.publications) != log[:known]:
        former, known = History((), {}, {}), 0
    records = dict(former.records)
    by_thing = {iri: list(numbers) for iri, numbers in former.by_thing.items()}
    unrecorded = list(former.unrecorded)
    for number in range(max(1, known), len(log)):
        old, new = log[number - 1].release_id, log[number].release_id
        things = _read(_path(var, old, new)) if old != new else {}
        if things is None:
            unrecorded.append(number)
            continue
        records[number] = things
        for iri in things:
            by_thing.setdefault(iri, []).append(number)
    return History(log, records, by_thing, unrecorded)


def _read(path: Path) -> dict[str, Touch] | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {iri: Touch(*values) for iri, values in document["things"].items()}
    return None
