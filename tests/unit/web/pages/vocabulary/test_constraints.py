"""Each constraint component is said in words, in both languages; the shapes use none that is not."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import SH

from ptce_lod.query.backend import Description
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.reading import Reader
from ptce_lod.web.pages.vocabulary.constraints import COMPONENTS, DEEPEST, Constraints
from ptce_lod.web.pages.vocabulary.graph import Graph
from ptce_lod.web.pages.vocabulary.names import Names
from ptce_lod.web.pages.vocabulary.words import Piece, fill, join, plain, read
from tests.unit.web.pages.vocabulary.conftest import Tree, text_of

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> . @prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ident: <https://w3id.org/ptce/datatype/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
#: Turtle of a property shape → its words in English and French. Narrow no-break spaces are written as plain ones.
SAID = [
    ("sh:minCount 1", "at least one value", "au moins une valeur"),
    ("sh:minCount 2", "at least 2 values", "au moins 2 valeurs"),
    ("sh:maxCount 0", "no value", "aucune valeur"),
    ("sh:maxCount 1", "at most one value", "une valeur au plus"),
    ("sh:maxCount 3", "at most 3 values", "au plus 3 valeurs"),
    ("sh:minCount 1 ; sh:maxCount 1", "exactly one value", "exactement une valeur"),
    ("sh:minCount 2 ; sh:maxCount 2", "exactly 2 values", "exactement 2 valeurs"),
    ("sh:minCount 1 ; sh:maxCount 4", "from 1 to 4 values", "de 1 à 4 valeurs"),
    (
        "sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date",
        "exactly one value, a date",
        "exactement une valeur, une date",
    ),
    ("sh:datatype xsd:gYear", "each value, if any: a year", "chaque valeur, s'il y en a : une année"),
    (
        "sh:datatype ident:siren",
        "each value, if any: a literal of the datatype SIREN number",
        "chaque valeur, s'il y en a : un littéral du type numéro SIREN",
    ),
    (
        "sh:minCount 1 ; sh:class ptce:Pole",
        "at least one value; each: a thing of the class pole",
        "au moins une valeur ; chacune : une chose de la classe pôle",
    ),
    ("sh:nodeKind sh:IRI", "each value, if any: an IRI", "chaque valeur, s'il y en a : un IRI"),
    ("sh:nodeKind sh:Literal", "each value, if any: a literal", "chaque valeur, s'il y en a : un littéral"),
    (
        "sh:nodeKind sh:BlankNode",
        "each value, if any: a blank node",
        "chaque valeur, s'il y en a : un nœud anonyme",
    ),
    ("sh:uniqueLang true", "at most one per language", "une au plus par langue"),
    ('sh:hasValue "x"', "x among the values", "x parmi les valeurs"),
    ("sh:equals foaf:name", "the same values as foaf:name", "les mêmes valeurs que foaf:name"),
    ("sh:disjoint foaf:name", "no value that foaf:name has too", "aucune valeur commune avec foaf:name"),
    (
        "sh:minInclusive 1 ; sh:maxInclusive 1000",
        "each value, if any: 1 or more, 1,000 or less",
        "chaque valeur, s'il y en a : 1 ou plus, 1 000 ou moins",
    ),
    (
        "sh:minExclusive 1 ; sh:maxExclusive 2",
        "each value, if any: more than 1, less than 2",
        "chaque valeur, s'il y en a : plus de 1, moins de 2",
    ),
    (
        "sh:minLength 2 ; sh:maxLength 5",
        "each value, if any: 2 characters or more, 5 characters or fewer",
        "chaque valeur, s'il y en a : 2 caractères ou plus, 5 caractères ou moins",
    ),
    (
        "sh:lessThan foaf:age",
        "each value, if any: less than the value of foaf:age",
        "chaque valeur, s'il y en a : moins que la valeur de foaf:age",
    ),
    (
        "sh:lessThanOrEquals foaf:age",
        "each value, if any: not more than the value of foaf:age",
        "chaque valeur, s'il y en a : pas plus que la valeur de foaf:age",
    ),
    (
        'sh:pattern "^a$"',
        "each value, if any: of the form ^a$",
        "chaque valeur, s'il y en a : de la forme ^a$",
    ),
    (
        'sh:pattern "^a$" ; sh:flags "i"',
        "each value, if any: of the form ^a$, whatever the case",
        "chaque valeur, s'il y en a : de la forme ^a$, quelle que soit la casse",
    ),
    (
        'sh:languageIn ( "fr" "en" )',
        "each value, if any: a text in French or English",
        "chaque valeur, s'il y en a : un texte en français ou anglais",
    ),
    (
        'sh:in ( "a" ptce:Pole )',
        "each value, if any: one of: a, pole",
        "chaque valeur, s'il y en a : l'une de ces valeurs : a, pôle",
    ),
    (
        "sh:closed true",
        "each value, if any: without any other property",
        "chaque valeur, s'il y en a : sans autre propriété",
    ),
    (
        'sh:sparql [ sh:select "SELECT 1" ]',
        "each value, if any: its query finds nothing: SELECT 1",
        "chaque valeur, s'il y en a : sa requête ne trouve rien : SELECT 1",
    ),
    (
        "sh:not [ sh:class foaf:Person ]",
        "each value, if any: not a thing of the class foaf:Person",
        "chaque valeur, s'il y en a : pas une chose de la classe foaf:Person",
    ),
    (
        "sh:not [ sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ]",
        "each value, if any: not (either a date, or a year)",
        "chaque valeur, s'il y en a : pas (soit une date, soit une année)",
    ),
    (
        "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
        "each value, if any: either a date, or a year",
        "chaque valeur, s'il y en a : soit une date, soit une année",
    ),
    (
        "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class ptce:Pole ] )",
        "each value, if any: an IRI and a thing of the class pole",
        "chaque valeur, s'il y en a : un IRI et une chose de la classe pôle",
    ),
    (
        "sh:xone ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
        "each value, if any: only one of: a date; a year",
        "chaque valeur, s'il y en a : une seule de ces conditions : une date ; une année",
    ),
    (
        "sh:node [ sh:property [ sh:path skos:inScheme ; sh:hasValue ptce:Pole ] ]",
        "each value, if any: whose skos:inScheme is pole",
        "chaque valeur, s'il y en a : dont skos:inScheme est pôle",
    ),
    (
        "sh:node [ sh:property [ sh:path foaf:name ; sh:minCount 1 ] ]",
        "each value, if any: with foaf:name",
        "chaque valeur, s'il y en a : avec foaf:name",
    ),
    (
        "sh:node [ sh:property [ sh:path foaf:name ; sh:maxCount 0 ] ]",
        "each value, if any: without foaf:name",
        "chaque valeur, s'il y en a : sans foaf:name",
    ),
    (
        "sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ]",
        "each value, if any: with foaf:name (exactly one value, a date)",
        "chaque valeur, s'il y en a : avec foaf:name (exactement une valeur, une date)",
    ),
    (
        "sh:node ex:named",
        "each value, if any: as Something asks",
        "chaque valeur, s'il y en a : comme le demande Quelque chose",
    ),
    (
        'sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:languageIn ( "fr" ) ]',
        "at least 1 of the values: a text in French",
        "au moins 1 des valeurs : un texte en français",
    ),
    (
        "sh:qualifiedMaxCount 2 ; sh:qualifiedValueShape [ sh:class ptce:Pole ]",
        "at most 2 of the values: a thing of the class pole",
        "au plus 2 des valeurs : une chose de la classe pôle",
    ),
    (
        "sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 2 ; sh:qualifiedValueShape [ sh:class ptce:Pole ]",
        "exactly 2 of the values: a thing of the class pole",
        "exactement 2 des valeurs : une chose de la classe pôle",
    ),
    ('rdfs:comment "nothing is asked"', "", ""),
]
PATHS = [
    ("ptce:stage", "stage", "stade"),
    ("[ sh:inversePath org:member ]", "what points here by org:member", "ce qui pointe ici par org:member"),
    ("( foaf:knows foaf:name )", "foaf:knows, then foaf:name", "foaf:knows, puis foaf:name"),
    ("[ sh:alternativePath ( foaf:knows foaf:name ) ]", "foaf:knows or foaf:name", "foaf:knows ou foaf:name"),
    (
        "[ sh:zeroOrMorePath foaf:knows ]",
        "foaf:knows, any number of times",
        "foaf:knows, autant de fois que l'on veut",
    ),
    ("[ sh:oneOrMorePath foaf:knows ]", "foaf:knows, once or more", "foaf:knows, une fois ou plus"),
    (
        "[ sh:zeroOrOnePath foaf:knows ]",
        "foaf:knows, once or not at all",
        "foaf:knows, une fois ou pas du tout",
    ),
]


def constraints(turtle: str, language: str, backend: EmbeddedBackend, settings: Settings) -> Constraints:
    text = f"{PREFIXES} @prefix org: <http://www.w3.org/ns/org#> . {turtle}"
    quads = tuple(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    reader = Reader(Description("http://example.org/", quads), backend, settings, language)
    return Constraints(Graph(reader.description), Names(reader, "/ns"), language)


def spaces(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


NAMED = 'ex:named a sh:NodeShape ; rdfs:label "Quelque chose"@fr , "Something"@en ; sh:nodeKind sh:IRI .'


@pytest.mark.parametrize(("turtle", "english", "french"), SAID)
def test_a_constraint_in_words(
    turtle: str, english: str, french: str, backend: EmbeddedBackend, published: Settings
) -> None:
    for language, expected in (("en", english), ("fr", french)):
        made = constraints(f"ex:s a sh:PropertyShape ; {turtle} . {NAMED}", language, backend, published)
        assert spaces(read(made.of("http://example.org/s"))) == expected


@pytest.mark.parametrize(("turtle", "english", "french"), PATHS)
def test_a_path_in_words(
    turtle: str, english: str, french: str, backend: EmbeddedBackend, published: Settings
) -> None:
    for language, expected in (("en", english), ("fr", french)):
        made = constraints(f"ex:s sh:path {turtle} .", language, backend, published)
        node = made.graph.name("http://example.org/s", str(SH.path))
        assert read(made.path(node)) == expected


def test_what_the_french_typography_asks(backend: EmbeddedBackend, published: Settings) -> None:
    made = constraints("ex:s sh:minCount 1 ; sh:nodeKind sh:IRI .", "fr", backend, published)
    assert read(made.of("http://example.org/s")) == "au moins une valeur\u202f; chacune\u00a0: un IRI"


def test_shapes_in_a_circle_end(backend: EmbeddedBackend, published: Settings) -> None:
    made = constraints("ex:s sh:not ex:t . ex:t sh:not ex:s .", "en", backend, published)
    assert read(made.of("http://example.org/s")).count("not ") == DEEPEST


def test_a_list_that_bites_its_tail_ends(backend: EmbeddedBackend, published: Settings) -> None:
    made = constraints('ex:s sh:in ex:l . ex:l rdf:first "a" ; rdf:rest ex:l .', "en", backend, published)
    assert read(made.of("http://example.org/s")).startswith("each value, if any: one of: a, a")


#: Parameters that say how a shape is presented or where it applies, not what it asks.
NOT_CONSTRAINTS = {
    *("path", "name", "message", "description", "severity", "order", "group", "deactivated"),
    *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"),
    *("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"),
}


def test_every_component_of_our_shapes_is_put_into_words(shapes: rdflib.Graph) -> None:
    used = {str(p).removeprefix(str(SH)) for p in shapes.predicates() if str(p).startswith(str(SH))}
    assert used - NOT_CONSTRAINTS <= COMPONENTS


def test_every_component_put_into_words_is_tested() -> None:
    assert {name for name in COMPONENTS if not any(f"sh:{name} " in turtle for turtle, _, _ in SAID)} == set()


def test_every_rule_of_every_shape_says_something(tree: Tree) -> None:
    for language in ("fr", "en"):
        rows = [e for e in tree("shapes", language).iter("tr") if e.find("td") is not None]
        assert len(rows) > 200
        for row in rows:
            cells = row.findall("td")
            assert text_of(cells[0]), text_of(row)


def test_words_are_filled_and_joined() -> None:
    link = (Piece("a", "#a"),)
    assert fill("x {y} z", y=link) == (Piece("x "), Piece("a", "#a"), Piece(" z"))
    assert join([link, plain("b")], ", ") == (Piece("a", "#a"), Piece(", "), Piece("b"))
    assert plain("") == ()
