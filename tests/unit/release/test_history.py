"""When a thing's own description changed: the record of a publication against what documents say before and after."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_lod import namespaces as ns
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.history import moment_of, read_history, touched
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish import locked, publish, rollback
from tests.conftest import project_settings
from tests.unit.query import small_release
from tests.unit.query.small_release import BASE, build_small_release

ARCHER, ECRINS, ACME = (BASE + f"id/{name}" for name in ("pole/archer", "pole/ecrins", "actor/acme"))
LABELS = {
    ns.SKOS + "prefLabel",
    ns.RDFS + "label",
    ns.DCTERMS + "title",
    ns.FOAF + "name",
    ns.PTCE + "actorType",
}


@pytest.fixture
def var(tmp_path: Path) -> VarLayout:
    build_small_release(tmp_path / "var")
    return VarLayout(tmp_path / "var")


def release(var: VarLayout, extra: str) -> ReleaseLayout:
    return build_small_release(var.path, extra=extra)


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ('poleid:archer skos:altLabel "Archer"@fr .', {ARCHER}),
        ("eventid:day ptce:relatesTo poleid:ecrins .", {ECRINS, BASE + "id/event/day"}),
        # a node that exists only to describe a pole and an actor
        (
            'participationid:archer-acme dcterms:description "depuis toujours"@fr .',
            {ARCHER, ACME, BASE + "id/participation/archer-acme"},
        ),
        # a point, of a unit, of a territory, of a pole
        (
            '<http://127.0.0.1:8000/id/unit/commune-romans#point> rdfs:comment "x" .',
            {
                ARCHER,
                BASE + "id/territory/archer",
                BASE + "id/unit/commune-romans",
                BASE + "id/unit/commune-romans#point",
            },
        ),
        # what an owned node's own description says of its evidence belongs to the claim, and so to its subject
        (
            '<http://127.0.0.1:8000/id/evidence/one#selector> rdfs:comment "x" .',
            {
                ARCHER,
                BASE + "id/claim/one",
                BASE + "id/evidence/one",
                BASE + "id/evidence/one#selector",
                BASE + "id/source/page",
            },
        ),
        (
            'stage:emerging skos:altLabel "naissant"@fr .',
            {ns.CONCEPT + "stage/emerging", ns.SCHEME + "stage"},
        ),
    ],
)
def test_a_change_touches_the_documents_that_say_it(var: VarLayout, extra: str, expected: set[str]) -> None:
    old = var.published()
    found = touched(old, release(var, extra))
    ours = {iri for iri in found if not iri.startswith(BASE + "graph/")}
    assert ours == expected
    assert {found[iri].kind for iri in ours} <= {"changed"}
    back = touched(var.published(), old)
    assert {iri: (t.removed, t.added) for iri, t in back.items()} == {
        i: (t.added, t.removed) for i, t in found.items()
    }


def test_a_new_thing_is_created_and_one_that_goes_is_removed(var: VarLayout) -> None:
    old = var.published()
    new = release(var, 'poleid:neu a ptce:Pole ; skos:prefLabel "Neu"@fr .')
    assert touched(old, new)[BASE + "id/pole/neu"] == (2, 0, "created")
    assert touched(new, old)[BASE + "id/pole/neu"] == (0, 2, "removed")


def test_what_is_said_of_a_graph_touches_nothing_that_it_names(var: VarLayout) -> None:
    old = var.published()
    new = build_small_release(var.path, replacing=("/graph/facts/2026-11-22", "/graph/facts/2026-11-29"))
    found = touched(old, new)
    assert {iri for iri in found if not iri.startswith(BASE + "graph/")} == set()
    assert found[f"{BASE}graph/facts/2026-11-22"].kind == "removed"
    assert found[f"{BASE}graph/facts/2026-11-29"].kind == "created"


def test_a_thing_that_is_deprecated_is_retired(var: VarLayout) -> None:
    old = var.published()
    new = release(var, "poleid:ecrins owl:deprecated true .")
    assert touched(old, new)[ECRINS] == (1, 0, "retired")
    assert touched(new, old)[ECRINS] == (0, 1, "changed")


@pytest.mark.parametrize(
    ("at", "more", "document"),
    [
        ("@@vocabulary", 'org:member rdfs:comment "d\'une autre ontologie"@fr .', ns.ONTOLOGY),
        ("@@vocabulary", '[] a owl:AllDisjointClasses ; rdfs:comment "x" .', ns.ONTOLOGY),
        ("@@shapes", "ptcesh:PoleShape sh:property [ sh:path dcterms:title ] .", ns.SHAPES_DOCUMENT),
    ],
)
def test_a_document_of_a_whole_graph_changes_with_it(
    var: VarLayout, monkeypatch: pytest.MonkeyPatch, at: str, more: str, document: str
) -> None:
    old = var.published()
    monkeypatch.setattr(small_release, "DATA", small_release.DATA.replace(at, f"{more}\n{at}"))
    new = release(var, "")
    assert touched(old, new)[document].kind == "changed"
    others = {ns.ONTOLOGY, ns.SHAPES_DOCUMENT} - {document}
    assert others.isdisjoint(touched(old, new))


def test_two_equal_releases_have_no_difference(var: VarLayout) -> None:
    assert touched(var.published(), var.published()) == {}


def _content(layout: ReleaseLayout, iri: str) -> set[ox.Triple]:
    """Return what the document of ``iri`` says by points 1 to 4 of the rule."""
    backend = EmbeddedBackend(layout, project_settings(layout.path.parent.parent))
    try:
        found = backend.describe(iri)
    finally:
        backend.close()
    if found is None:
        return set()
    mine = {ox.NamedNode(iri)}
    return {
        quad.triple
        for quad in found.quads
        if quad.subject in mine
        or quad.object in mine
        or (
            quad.predicate.value not in LABELS
            and "/graph/" not in quad.subject.value
            and "/source/" not in quad.subject.value
        )
    }


_NODES = [
    f"{kind}id:n{n}" for kind in ("pole", "actor", "territory", "unit", "participation") for n in (1, 2)
]
_EDGES = [
    "ptce:territory",
    "ptce:coversUnit",
    "org:organization",
    "org:member",
    "ptce:relatesTo",
    "schema:location",
]
_TRIPLE = st.tuples(st.sampled_from(_NODES), st.sampled_from(_EDGES), st.sampled_from(_NODES))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_TRIPLE, max_size=8, unique=True), st.lists(_TRIPLE, max_size=8, unique=True))
def test_the_documents_that_change_are_those_that_are_touched(
    tmp_path: Path, before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    types = "".join(f"{node} a ptce:Thing .\n" for node in _NODES)

    def build(name: str, triples: list[tuple[str, str, str]]) -> ReleaseLayout:
        text = types + "".join(f"{' '.join(triple)} .\n" for triple in triples if triple[0] != triple[2])
        return build_small_release(tmp_path / name, extra=text)

    old, new = build("old", before), build("new", after)
    found = touched(old, new)
    for node in _NODES:
        kind, slug = node.split("id:")
        iri = f"{BASE}id/{kind}/{slug}"
        assert (_content(old, iri) != _content(new, iri)) == (iri in found), (iri, before, after)


def test_dates_are_those_of_the_publications_that_touched_a_thing(var: VarLayout) -> None:
    first = var.published()
    second = release(var, 'poleid:archer skos:altLabel "Archer"@fr .')
    history = read_history(var)
    one, two = (moment_of(p) for p in history.publications)
    assert history.number_of(second.release_id) == 1
    assert history.last_changed(ARCHER, 1) == two
    assert history.last_changed(ECRINS, 1) == one
    assert history.last_changed(ARCHER, 0) == one, "as it was in the first publication"
    assert [e.number for e in history.events(ARCHER, 1)] == [0, 1]
    assert [e.number for e in history.events(ECRINS, 1)] == [0]
    with locked(var):
        rollback(var)
    again = read_history(var)
    assert again.number_of(first.release_id) == 2
    assert [(e.number, e.touch and e.touch[:2]) for e in again.events(ARCHER, 2)] == [
        (0, None),
        (1, (1, 0)),
        (2, (0, 1)),
    ]


def test_without_its_record_a_publication_counts_as_one_that_changed_everything(var: VarLayout) -> None:
    release(var, 'poleid:archer skos:altLabel "Archer"@fr .')
    (path,) = var.history.iterdir()
    for damage in ("{", json.dumps({"things": {"a": [1]}}), None):
        if damage is None:
            path.unlink()
        else:
            path.write_text(damage)
        history = read_history(var)
        assert history.last_changed(ECRINS, 1) == history.moment(1)


def test_a_publication_that_fails_after_its_record_changes_nothing(
    var: VarLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = var.published()
    new = release(var, 'poleid:archer skos:altLabel "Archer"@fr .')
    with locked(var):
        publish(var, old.release_id)
    before = read_history(var)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ptce_lod.release.publish.os.fsync", fail)
    with locked(var), pytest.raises(OSError, match="No space"):
        publish(var, new.release_id)
    assert var.published().release_id == old.release_id
    monkeypatch.undo()
    assert read_history(var).last_changed(ECRINS, 2) == before.last_changed(ECRINS, 2)


def test_two_publications_never_have_the_same_second(var: VarLayout) -> None:
    for n in range(3):
        release(var, f'poleid:archer skos:altLabel "{n}"@fr .')
    moments = [moment_of(p) for p in read_history(var).publications]
    assert len(set(moments)) == 4
    assert moments == sorted(moments)


def test_a_clock_that_was_set_back_does_not_turn_the_order(var: VarLayout) -> None:
    (entry,) = [json.loads(line) for line in var.publications.read_text().splitlines()]
    var.publications.write_text(json.dumps({**entry, "at": "2999-12-31T23:59:59Z"}) + "\n")
    release(var, 'poleid:archer skos:altLabel "x"@fr .')
    assert [p.at for p in read_history(var).publications] == ["2999-12-31T23:59:59Z", "3000-01-01T00:00:00Z"]


@pytest.mark.parametrize(
    "torn", ['{"at": "2026-11-2', '{"at": "2026-11-23T00:00:00Z", "release": "0123456789abcdef"}']
)
def test_a_line_that_a_crash_cut_short_does_not_cost_the_next_publication(var: VarLayout, torn: str) -> None:
    with var.publications.open("a") as log:
        log.write(torn)
    second = release(var, 'poleid:archer skos:altLabel "Archer"@fr .')
    history = read_history(var)
    last = len(history.publications) - 1
    assert history.number_of(second.release_id) == last
    assert history.last_changed(ARCHER, last) == history.moment(last)
    assert history.last_changed(ARCHER, history.number_of("f" * 16)) is None, "never published"


def test_what_was_read_before_is_not_read_again(var: VarLayout) -> None:
    release(var, 'poleid:archer skos:altLabel "1"@fr .')
    former = read_history(var)
    for path in var.history.iterdir():
        path.unlink()
    release(var, 'poleid:archer skos:altLabel "2"@fr .')
    history = read_history(var, former)
    assert not history.unrecorded
    assert [e.number for e in history.events(ARCHER, 2)] == [0, 1, 2]
    assert former.by_thing[ARCHER] == [1], "what was handed out does not change"
    assert read_history(var).unrecorded == [1], "from the beginning, when nothing is known"


def test_a_damaged_former_release_does_not_keep_a_sound_one_from_being_published(var: VarLayout) -> None:
    (var.published().dumps / "all.nq").write_text("no quads\n")
    second = release(var, 'poleid:archer skos:altLabel "1"@fr .')
    assert var.published().release_id == second.release_id
    history = read_history(var)
    assert history.last_changed(ECRINS, 1) == history.moment(1), "perhaps changed"
