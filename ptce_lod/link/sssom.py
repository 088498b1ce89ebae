"""Links between concepts as a table of mappings. Source: SSSOM 1.0, "TSV format" and the slots of ``Mapping``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Final

from ptce_lod.decisions import BY_SCORE, Decision
from ptce_lod.link_policy import MATCHES
from ptce_lod.namespaces import CONCEPT, SEMAPV, SKOS

_COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "reviewer_label",
    "mapping_date",
    "confidence",
    "comment",
)
_OURS: Final = "ptceconcept"


class _Prefixes:
    """Gives IRIs as CURIEs, which SSSOM asks for: a prefix for each namespace met."""

    def __init__(self) -> None:
        self.known = {_OURS: CONCEPT, "semapv": SEMAPV, "skos": SKOS}

    def curie(self, iri: str) -> str:
        """Return an IRI as a CURIE; its namespace ends with the last ``#``, ``/``, ``=`` or ``:``."""
        cut = max(iri.rfind(mark) for mark in "#/=:") + 1
        prefix = next((name for name, namespace in self.known.items() if namespace == iri[:cut]), "")
        if not prefix:
            prefix = f"ns{len(self.known) - 2}"
            self.known[prefix] = iri[:cut]
        return f"{prefix}:{iri[cut:]}"


def sssom(
    decisions: Iterable[Decision], label: Callable[[str], str], *, set_id: str, licence: str
) -> tuple[str, int]:
    """Return a mapping set in TSV and its number of mappings. ``label`` returns the name of a concept of ours by its IRI."""
    chosen = sorted(d for d in decisions if d.is_published and d.relation in MATCHES)
    prefixes = _Prefixes()
    rows = [_row(decision, label, prefixes) for decision in chosen]
    about = {"mapping_set_id": set_id, "license": licence}
    if chosen:
        about["mapping_set_version"] = max(decision.when for decision in chosen)
    text = io.StringIO()
    text.write("#curie_map:\n")
    # a string of JSON is one of YAML
    text.writelines(f"#  {name}: {json.dumps(iri)}\n" for name, iri in prefixes.known.items())
    text.writelines(f"#{name}: {json.dumps(value)}\n" for name, value in about.items())
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(rows)
    return text.getvalue(), len(rows)


def _row(decision: Decision, label: Callable[[str], str], prefixes: _Prefixes) -> tuple[str, ...]:
    concept = decision.thing.removeprefix("concept/")
    is_by_score = decision.how == BY_SCORE
    return (
        f"{_OURS}:{concept}",
        label(CONCEPT + concept),
        "skos:" + decision.relation.replace("-match", "Match"),
        prefixes.curie(decision.target),
        decision.name,
        "semapv:LexicalMatching" if is_by_score else "semapv:ManualMappingCuration",
        decision.who if is_by_score else "",
        "" if is_by_score else decision.who,
        decision.when,
        f"{float(decision.score) / 100:g}",
        decision.reasons,
    )
