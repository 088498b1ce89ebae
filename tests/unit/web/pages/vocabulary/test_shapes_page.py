"""`/shapes` holds every shape at the anchor of its fragment, in its layer, with severity and message."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
import rdflib
from rdflib import RDF, RDFS, SH

from tests.conftest import PROJECT
from tests.unit.web.pages.vocabulary.conftest import Tree, text_of

SHAPES = "https://w3id.org/ptce/shapes#"


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def by_id(tree: Element) -> dict[str, Element]:
    return {e.attrib["id"]: e for e in tree.iter() if "id" in e.attrib}


def test_every_named_shape_stands_at_its_fragment(shapes: rdflib.Graph, tree: Tree, language: str) -> None:
    shown = by_id(tree("shapes", language))
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in shapes.subjects(RDF.type, kind):
            if str(shape).startswith(SHAPES):
                assert str(shape)[len(SHAPES) :] in shown


def test_each_rule_says_name_severity_and_message(shapes: rdflib.Graph, tree: Tree, language: str) -> None:
    words = {
        "fr": {"Violation": "violation", "Warning": "avertissement", "Info": "remarque"},
        "en": {"Violation": "violation", "Warning": "warning", "Info": "remark"},
    }[language]
    shown = by_id(tree("shapes", language))
    checked = 0
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        row = shown[str(shape)[len(SHAPES) :]]
        cells = row.findall("td")
        if len(cells) == 1:
            continue  # a part of other shapes
        severity = str(shapes.value(shape, SH.severity) or SH.Violation).removeprefix(str(SH))
        assert text_of(cells[1]) == words[severity]
        for predicate, cell in ((SH.name, row.find("th")), (SH.message, cells[2])):
            text = next(o for o in shapes.objects(shape, predicate) if o.language == language)  # type: ignore[union-attr]
            assert cell is not None
            assert spaces(str(text)) in spaces(text_of(cell)), shape
        checked += 1
    assert checked > 190


def spaces(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_each_file_is_a_layer_that_holds_its_rules(tree: Tree) -> None:
    page = tree("shapes", "en")
    groups = {
        h2.attrib["id"]: group for group in page.iter("section") if (h2 := group.find("h2")) is not None
    }
    for path in (PROJECT / "shapes").glob("*.ttl"):
        graph = rdflib.Graph().parse(path)
        group = groups[f"layer-{path.stem.removeprefix('shapes-')}"]
        held = {e.attrib["id"] for e in group.iter("tr") if "id" in e.attrib}
        parts = {e.attrib["id"] for e in groups["layer-parts"].iter("tr") if "id" in e.attrib}
        own = {str(s)[len(SHAPES) :] for s in graph.subjects(RDF.type, SH.PropertyShape)}
        assert own - parts == held, path.name


def test_every_layer_has_a_title_in_both_languages(shapes: rdflib.Graph) -> None:
    for path in (PROJECT / "shapes").glob("*.ttl"):
        layer = rdflib.URIRef(f"{SHAPES}Layer-{path.stem.removeprefix('shapes-')}")
        for predicate in (RDFS.label, RDFS.comment):
            assert {o.language for o in shapes.objects(layer, predicate)} == {"fr", "en"}, path.name  # type: ignore[union-attr]


def test_what_a_shape_applies_to_is_said(tree: Tree) -> None:
    shown = by_id(tree("shapes", "en"))
    assert "Applies to: each thing of the class ptce:Pole (pole)." in text_of(shown["PoleShape"])
    assert "Applies to: whatever has owl:deprecated." in text_of(shown["DeprecatedTermShape"])


def test_a_check_of_the_program_says_so(tree: Tree) -> None:
    assert "Checked by the program" in text_of(by_id(tree("shapes", "en"))["Integrity-dateOrder"])
