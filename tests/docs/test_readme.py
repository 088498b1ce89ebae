"""The README shows what really comes: its query is asked, its Turtle compared, its make targets exist."""

from __future__ import annotations

import re

from ptce_lod import formats, serialize
from ptce_lod.query.backend import QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_query_of_the_readme_gives_the_table_of_the_readme(backend: EmbeddedBackend) -> None:
    match = re.search(r"--data-urlencode 'query=\n(.*?)'\n(.*?)```", README, re.DOTALL)
    assert match is not None
    answer = backend.query(QueryRequest(match[1]), select=[formats.SPARQL_CSV], graph=[])
    with answer.body as body:
        assert body.read().decode().split() == match[2].split()


def test_the_turtle_of_the_readme_is_what_a_client_gets(
    backend: EmbeddedBackend, published: Settings
) -> None:
    match = re.search(r"^(poleid:tetris .*?)```", README, re.DOTALL | re.MULTILINE)
    assert match is not None
    description = backend.describe(f"{published.base_iri}id/pole/tetris")
    assert description is not None
    turtle = serialize.serialize(description.quads, formats.TURTLE, published.addresses.prefixes()).decode()
    shown = match[1].splitlines()
    given = turtle[turtle.index("\npoleid:tetris ") + 1 :].splitlines()[: len(shown)]
    for short, whole in zip(shown, given, strict=True):
        start, cut, end = short.partition("…")
        assert whole.startswith(start)
        assert not cut or whole.endswith(end) or not end.strip()


def test_the_commands_of_the_readme_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_readme_shows_its_result_early_and_is_short() -> None:
    lines = README.splitlines()
    assert next(i for i, line in enumerate(lines) if line.startswith("poleid:tetris")) < 40
    assert len(lines) < 150
