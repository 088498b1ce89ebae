from __future__ import annotations

import pytest

from ptce_lod.errors import QueryRefused, QueryTooLong
from ptce_lod.query.scan import line_and_column, scan

E = "http://127.0.0.1:9/"


def check(text: str) -> bool:
    return scan(text, length_bytes=100_000, nesting=100).has_dataset_clause


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE <{E}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ service<{E}>{{ ?s ?p ?o }} }}",
        "SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }",
        f"SELECT * {{ SERVICESILENT<{E}>{{ ?s ?p ?o }} }}",
        f"PREFIX ex: <{E}> SELECT * {{ SERVICE ex:a {{}} }}",
        f"PREFIX ex: <{E}> SELECT * {{ SERVICEex:a {{}} }}",
        f"PREFIX : <{E}> SELECT * {{ service:a {{}} }}",
        f"SELECT * {{ SERVICE # why\n <{E}> {{}} }}",
        f"SELECT * {{ ?s ?p trueSERVICE <{E}> {{}} }}",
        f"SELECT * {{ ?s ?p 1SERVICE <{E}> {{}} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE <{E}> {{}} }} }}",
        f"SELECT * {{ \\u0053ERVICE <{E}> {{}} }}",
        f"SELECT * {{ ?s ?p 'a\\u0027 . SERVICE <{E}> {{}} #' }}",
        # "<" as "less than": what follows it is no IRI
        "SELECT * { FILTER(?x<1)SERVICE?e#>\n{ ?s ?p ?o } }",
        f"SELECT * {{ FILTER(?x<'b>' ) SERVICE <{E}> {{}} FILTER('b') }}",
        f"SELECT * {{ FILTER(?x<1#>'''\n) SERVICE <{E}> {{}} #'''\n }}",
        f"SELECT * {{ ?s ?p <{E}\\u0041'> . SERVICE <{E}> {{}} ?s ?p 'x' }}",
        f'SELECT * {{ ?s ?p """a" """ SERVICE <{E}> {{}} }}',
    ],
)
def test_every_way_to_call_a_service_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE is not allowed"):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
        'SELECT * { ?s ?p """\nSERVICE <http://x/> {}\n""" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> {}",
        "SELECT ?service { ?service ?p $SERVICE }",
        "SELECT * { ?s ?p <http://example.org/SERVICE/x> }",
        "SELECT * { ?s <http://example.org/service> ?o . FILTER(?o<3) FILTER(?p>2) }",
        "PREFIX service: <http://x/> SELECT * { service:a service:b service:c }",
        "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
        "SELECT * { ?s dcat:service ?o ; ex:SERVICE 'x'@service }",
        "SELECT * { ?s ?p <service> }",
        "SELECT * { _:service ?p ?o }",
        "SELECT * { ?s a <http://www.w3.org/ns/sparql-service-description#Service> ; sd:endpoint ?e }",
    ],
)
def test_the_word_in_another_place_is_no_service(text: str) -> None:
    check(text)


def test_the_refusal_says_where() -> None:
    with pytest.raises(QueryRefused, match="line 3, column 3: SERVICE"):
        check("SELECT *\n{\n  SERVICE ?x { } }")


@pytest.mark.parametrize("bracket", ["{", "(", "[", "<<"])
def test_deep_nesting_is_refused(bracket: str) -> None:
    check("SELECT * " + bracket * 100)
    with pytest.raises(QueryRefused, match="brackets are nested deeper than 100"):
        check("SELECT * " + bracket * 101)


def test_brackets_in_strings_comments_and_iris_do_not_nest() -> None:
    check(f"SELECT * {{ ?s ?p '{'(' * 500}' }} # {'{' * 500}")


@pytest.mark.parametrize("operator", ["!", "^", "-", "+", "! ", "!\n#x\n"])
def test_a_run_of_operators_is_refused(operator: str) -> None:
    with pytest.raises(QueryRefused, match="operators are nested deeper"):
        check("ASK { FILTER(" + operator * 101 + "true) }")


def test_length_counts_bytes() -> None:
    with pytest.raises(QueryTooLong, match="longer than 100 bytes"):
        scan("é" * 51, length_bytes=100, nesting=10)


@pytest.mark.parametrize("piece", ["'\\", "a.", "<a>", "\"'", "<#>", ":a.", "<'>", "SERVICE ", "_:a.", " \n"])
def test_a_long_hostile_text_is_judged_in_one_pass(piece: str) -> None:
    """Each of these took from seconds to minutes where a token's end was looked for again and again."""
    text = "SERVICE ?x " + piece * (90_000 // len(piece))
    with pytest.raises(QueryRefused):
        check(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * FROM <http://g> { }", True),
        ("SELECT * from named <http://g> { }", True),
        ("SELECT ?FROM { ?s ?p 'FROM' }", False),
        ("SELECT * { ?s ex:FROM <http://x/FROM> }", False),
    ],
)
def test_a_dataset_clause_is_seen(text: str, expected: bool) -> None:
    assert check(text) is expected


def test_positions_count_from_one() -> None:
    assert line_and_column("ab\ncd", 0) == (1, 1)
    assert line_and_column("ab\ncd", 3) == (2, 1)
