"""One real use of each term: the same for equal data, one for each kind of term, none where nothing uses it."""

from __future__ import annotations

import pyoxigraph as ox

from ptce_lod.release.term_examples import STATEMENTS, term_examples

TURTLE = """
@prefix ptce: <https://w3id.org/ptce/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ident: <https://w3id.org/ptce/datatype/> .
ptce:Pole a owl:Class . ptce:Call a owl:Class . ptce:stage a owl:ObjectProperty . ptce:note a owl:DatatypeProperty .
ident:siren a rdfs:Datatype . ex:Other a owl:Class .
ex:a a ptce:Pole , ex:Other . ex:b a ptce:Pole , ex:Other ; skos:prefLabel "B" ; ptce:stage ex:s , ex:r .
ex:c ptce:note "1"^^ident:siren . _:x ptce:stage ex:a .
"""


def examples(turtle: str = TURTLE) -> dict[str, str]:
    store = ox.Store()
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    return term_examples(store)


def test_a_class_is_shown_by_the_thing_that_says_most() -> None:
    found = examples()["https://w3id.org/ptce/ns#Pole"].splitlines()
    assert len(found) == 3
    assert all(line.startswith("<http://example.org/b> ") for line in found)
    assert "rdf-syntax-ns#type> <https://w3id.org/ptce/ns#Pole>" in found[0]


def test_a_property_is_shown_by_one_statement_about_something_with_a_name() -> None:
    assert examples()["https://w3id.org/ptce/ns#stage"] == (
        "<http://example.org/b> <https://w3id.org/ptce/ns#stage> <http://example.org/r> .\n"
    )


def test_a_datatype_is_shown_by_a_value() -> None:
    assert '"1"^^<https://w3id.org/ptce/datatype/siren>' in examples()["https://w3id.org/ptce/datatype/siren"]


def test_terms_that_nothing_uses_and_terms_of_others_have_none() -> None:
    found = examples()
    assert "https://w3id.org/ptce/ns#Call" not in found
    assert "http://example.org/Other" not in found


def test_an_example_is_short() -> None:
    more = "".join(f"ex:b ptce:p{n} ex:v{n} . " for n in range(50))
    assert len(examples(TURTLE + more)["https://w3id.org/ptce/ns#Pole"].splitlines()) == STATEMENTS


def test_equal_data_in_another_order_give_equal_examples() -> None:
    lines = TURTLE.strip().splitlines()
    head, body = lines[:4], lines[4:]
    assert examples("\n".join([*head, *reversed(body)])) == examples()
