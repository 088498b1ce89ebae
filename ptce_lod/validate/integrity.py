"""Checks that SHACL cannot make, or only slowly: check digits, offsets and hashes, term syntax, dates of mixed precision.

Each result cites its rule (``rules.py``) as source shape and the same IRI as constraint component. Data graph in, results out; nothing is
read or written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Final

import rdflib
from rdflib import RDF
from rdflib.term import BNode, Identifier, Literal, Node, URIRef

from ptce_lod import iris
from ptce_lod.lexical import is_language_tag, wrong_lexical_form
from ptce_lod.link_policy import RELATIONS
from ptce_lod.namespaces import DATATYPE, DCTERMS, FOAF, OA, ORG, PTCE, SCHEMA, SPDX
from ptce_lod.validate import rules
from ptce_lod.validate.partial_dates import Period, period
from ptce_lod.validate.report import Texts, ValidationResult, shortened
from ptce_lod.validate.rules import Rule

_IDENTIFIER: Final = URIRef(ORG + "identifier")
_LINKS: Final = frozenset(map(URIRef, RELATIONS.values()))
_PRIMARY_TOPIC: Final = URIRef(FOAF + "primaryTopic")
_URL: Final = URIRef(SCHEMA + "url")
_PART: Final = URIRef(DCTERMS + "isPartOf")
_LA_POSTE: Final = "356000000"


def integrity_results(
    data_graph: rdflib.Graph, *, base_iri: str = "", snapshots: Mapping[str, bytes] | None = None
) -> list[ValidationResult]:
    """Return every breach of the integrity rules in ``data_graph``.

    ``base_iri`` turns on the check for references to things of this base that are nowhere described. ``snapshots`` maps the IRI of a
    ``ptce:Source`` to its bytes (UTF-8 text) and turns on the checks of hash and offsets.
    """
    found = [
        *_broken_terms(data_graph),
        *_wrong_check_digits(data_graph),
        *_unordered_dates(data_graph),
        *_overlapping_stages(data_graph),
    ]
    if base_iri:
        found.extend(_dangling_references(data_graph, base_iri + "id/"))
    for source, content in (snapshots or {}).items():
        found.extend(_broken_evidence(data_graph, URIRef(source), content))
    return found


def _result(
    rule: Rule, focus: Node, predicate: Node | None = None, value: Node | None = None
) -> ValidationResult:
    if not isinstance(focus, Identifier) or not (value is None or isinstance(value, Identifier)):
        raise TypeError("RDF terms expected")
    path = "" if predicate is None or _is_broken(predicate) else str(predicate)
    return ValidationResult(
        focus_node=focus,
        source_shape=rule.iri,
        severity=rule.severity,
        constraint_component=rule.iri,
        messages=rule.messages,
        path=f"<{path}>" if path else "",
        path_text=shortened(path) if path else "",
        value_node=value,
        names=rule.names,
        descriptions=rule.descriptions,
    )


def _is_broken(term: Node) -> bool:
    return isinstance(term, URIRef) and not iris.is_absolute_iri(str(term))


def _broken_terms(graph: rdflib.Graph) -> Iterator[ValidationResult]:
    """Yield IRIs, language tags and typed literals that are none."""
    judged: dict[Node, Rule | None] = {}
    for triple in graph:
        for term in triple:
            if isinstance(term, BNode):
                continue
            if term not in judged:
                judged[term] = _broken_rule(term)
            rule = judged[term]
            if rule is not None:
                yield _result(rule, triple[0], triple[1], term)


def _broken_rule(term: Node) -> Rule | None:
    if isinstance(term, Literal):
        if term.language:
            return None if is_language_tag(term.language) else rules.LANGUAGE_TAG
        if term.datatype and _is_broken(term.datatype):
            return rules.IRI_CHARACTERS
        return rules.ILL_TYPED_LITERAL if wrong_lexical_form(str(term), str(term.datatype or "")) else None
    return rules.IRI_CHARACTERS if _is_broken(term) else None


def luhn_sum(digits: str) -> int:
    """Return Luhn's sum of a string of digits; a valid number has a sum divisible by 10.

    >>> luhn_sum("732829320") % 10
    0
    """
    doubled = (int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled)


def has_valid_check_digit(number: str) -> bool:
    """Say whether a SIREN (9 digits) or SIRET (14 digits) is right; establishments of La Poste follow their own rule."""
    if luhn_sum(number) % 10 == 0:
        return True
    return len(number) == 14 and number.startswith(_LA_POSTE) and sum(map(int, number)) % 5 == 0


def _wrong_check_digits(graph: rdflib.Graph) -> Iterator[ValidationResult]:
    lengths = {URIRef(DATATYPE + "siren"): 9, URIRef(DATATYPE + "siret"): 14}
    for subject, value in graph.subject_objects(_IDENTIFIER):
        # Another form than so many digits is already a violation of FormalOrganizationShape-identifier.
        if not isinstance(value, Literal) or value.datatype not in lengths:
            continue
        if re.fullmatch(f"[0-9]{{{lengths[value.datatype]}}}", str(value)) and not has_valid_check_digit(
            str(value)
        ):
            yield _result(rules.CHECK_DIGIT, subject, _IDENTIFIER, value)


_START: Final = URIRef(PTCE + "startDate")
_END: Final = URIRef(PTCE + "endDate")


def _periods(graph: rdflib.Graph, subject: Node, predicate: URIRef) -> list[tuple[Node, Period]]:
    dated = ((value, period(value)) for value in graph.objects(subject, predicate))
    return [(value, days) for value, days in dated if days is not None]


def _unordered_dates(graph: rdflib.Graph) -> Iterator[ValidationResult]:
    for subject in set(graph.subjects(_END)):
        starts = _periods(graph, subject, _START)
        for value, end in _periods(graph, subject, _END):
            # Two sources may differ: only an end before every start is a contradiction.
            if starts and all(end.last < start.first for _, start in starts):
                yield _result(rules.DATE_ORDER, subject, _END, value)


def _overlapping_stages(graph: rdflib.Graph) -> Iterator[ValidationResult]:
    for pole, stages in _stages(graph).items():
        for one, other in combinations(sorted(stages, key=str), 2):
            if _surely_overlap(graph, one, other):
                yield _result(rules.STAGE_OVERLAP, pole, URIRef(PTCE + "hasStagePeriod"), other)


def _stages(graph: rdflib.Graph) -> dict[Node, set[Node]]:
    stages: dict[Node, set[Node]] = {}
    for pole, stage in graph.subject_objects(URIRef(PTCE + "hasStagePeriod")):
        stages.setdefault(pole, set()).add(stage)
    for stage, pole in graph.subject_objects(URIRef(PTCE + "stageOf")):
        stages.setdefault(pole, set()).add(stage)
    return stages


def _surely_overlap(graph: rdflib.Graph, one: Node, other: Node) -> bool:
    """Say whether two periods share a day for certain; an open end is unknown and proves nothing."""
    starts = [_periods(graph, stage, _START) for stage in (one, other)]
    ends = [_periods(graph, stage, _END) for stage in (one, other)]
    if not all((*starts, *ends)):
        return False
    latest_start = max(days.last for group in starts for _, days in group)
    earliest_end = min(days.first for group in ends for _, days in group)
    return latest_start < earliest_end


def _dangling_references(graph: rdflib.Graph, prefix: str) -> Iterator[ValidationResult]:
    # A link to a page does not make a thing: whoever removes one finds the decisions on it.
    described = {subject for subject, predicate, _ in graph if predicate not in _LINKS}
    for subject, predicate, value in graph:
        if isinstance(value, URIRef) and value.startswith(prefix) and value not in described:
            yield _result(rules.DANGLING_REFERENCE, subject, predicate, value)
    # What a page says of a thing does not make it either: a slip in a wiki would have a document without name or type.
    for page, thing in graph.subject_objects(_PRIMARY_TOPIC):
        is_ours = isinstance(thing, URIRef) and thing.startswith(prefix)
        if is_ours and thing in described and (thing, RDF.type, None) not in graph:
            result = _result(rules.DANGLING_REFERENCE, page, _PRIMARY_TOPIC, thing)
            yield replace(result, messages=_of_page(graph, page, result.messages))


def _of_page(graph: rdflib.Graph, page: Node, messages: Texts) -> Texts:
    """Return the messages with the page's address and the source that read it, which is called as the mapping of its wiki."""
    address = graph.value(page, _URL) or page
    source = str(graph.value(page, _PART) or "").rpartition("/")[2]
    said = {"fr": f"Dit par {address}, source {source}.", "en": f"Said by {address}, source {source}."}
    return tuple((language, f"{text} {said[language]}") for language, text in messages)


def _broken_evidence(graph: rdflib.Graph, source: URIRef, content: bytes) -> Iterator[ValidationResult]:
    digest = hashlib.sha256(content).hexdigest()
    for checksum in graph.objects(source, URIRef(SPDX + "checksum")):
        for value in graph.objects(checksum, URIRef(SPDX + "checksumValue")):
            if str(value).lower() != digest:
                yield _result(rules.SNAPSHOT_HASH, source, URIRef(SPDX + "checksum"), value)
    length = len(content.decode("utf-8", errors="replace"))
    for selector in _selectors(graph, source):
        for value in graph.objects(selector, URIRef(OA + "end")):
            if isinstance(value, Literal) and isinstance(value.value, int) and value.value > length:
                yield _result(rules.EVIDENCE_OFFSET, selector, URIRef(OA + "end"), value)


def _selectors(graph: rdflib.Graph, source: URIRef) -> Iterable[Node]:
    kind = URIRef(OA + "TextPositionSelector")
    for evidence in graph.subjects(URIRef(OA + "hasSource"), source):
        for selector in graph.objects(evidence, URIRef(OA + "hasSelector")):
            if (selector, RDF.type, kind) in graph:
                yield selector
