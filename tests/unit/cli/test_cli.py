"""The command line as a person and a script meet it: results, exit codes, messages; run in process with click's runner."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_lod.cli import cli
from ptce_lod.settings import Settings
from tests.conftest import PROJECT

COMMANDS = (
    "build", "publish", "rollback", "releases", "diff", "verify", "prune",
    "validate", "serve", "query", "describe", "convert", "stats", "new-source",
)  # fmt: skip


def run(*arguments: str, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(
        cli, list(arguments), input=stdin, env={"LANG": "en_GB.UTF-8", **(env or {})}, obj={}
    )


@pytest.fixture
def on_published(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands meet the real data, published."""
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("PTCE_VAR_DIR", str(published.var_dir))


def test_every_command_has_a_help_text() -> None:
    text = run("--help").output
    for name in COMMANDS:
        assert f"  {name} " in text
        assert run(name, "--help").exit_code == 0


@pytest.mark.usefixtures("on_published")
class TestOnTheRealData:
    def test_query_prints_a_table_with_short_names(self) -> None:
        result = run(
            "query", "SELECT ?pole ?name { ?pole a ptce:Pole ; skos:prefLabel ?name } ORDER BY ?name LIMIT 1"
        )
        assert result.exit_code == 0
        assert "poleid:ag2i-bourg-en-bresse" in result.output
        assert "1 solution" in result.stderr

    @pytest.mark.parametrize(
        ("name", "start"),
        [("json", '{"head"'), ("xml", "<?xml"), ("csv", "n\n95"), ("tsv", "?n\n95"), ("table", "n")],
    )
    def test_query_gives_any_result_format(self, name: str, start: str) -> None:
        result = run("query", "SELECT (COUNT(?p) AS ?n) { ?p a ptce:Pole }", "-f", name)
        assert result.output.startswith(start)

    def test_query_gives_rdf_for_construct(self) -> None:
        result = run(
            "query", "CONSTRUCT { ?p a ptce:Pole } WHERE { ?p a ptce:Pole } LIMIT 1", "-f", "ntriples"
        )
        assert result.output.endswith("<https://w3id.org/ptce/ns#Pole> .\n")

    def test_a_wrong_query_is_told_with_line_and_column(self) -> None:
        result = run("query", "SELECT ?x {\n ?x ?y }")
        assert result.exit_code == 6
        assert "Traceback" not in result.output

    def test_describe_prints_the_document_of_a_thing(self) -> None:
        result = run("describe", "pole/tetris", "-f", "ntriples")
        assert "<https://w3id.org/ptce/ns#Pole>" in result.output
        unknown = run("describe", "pole/nothing")
        assert unknown.exit_code == 6
        assert "nothing is known about" in unknown.stderr

    def test_releases_verify_stats_and_diff_speak_json(self) -> None:
        (release,) = json.loads(run("releases", "--json").output)["releases"]
        assert release["current"] is True
        assert json.loads(run("verify", "--json").output)["release"] == release["release"]
        assert json.loads(run("stats", "--json").output)["things"]["pole"] == 95
        difference = json.loads(run("diff", release["release"], "current", "--json").output)
        assert (difference["added"], difference["removed"]) == (0, 0)

    def test_rollback_without_an_earlier_release_says_so(self) -> None:
        result = run("rollback")
        assert result.exit_code == 5
        assert "no earlier release" in result.stderr


class TestValidate:
    @pytest.fixture(autouse=True)
    def in_project(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(PROJECT)

    def test_a_conforming_file_exits_0(self) -> None:
        examples = sorted((PROJECT / "data/examples/ok").glob("*.ttl"))
        result = run("validate", str(examples[0]))
        assert result.exit_code == 0, result.output
        assert "0 violations" in result.output

    @pytest.mark.parametrize(
        ("language", "words"), [("fr", ("attendu", "que faire")), ("en", ("expected", "what to do"))]
    )
    def test_a_violation_says_where_which_shape_what_and_how_to_mend(
        self, language: str, words: tuple[str, str]
    ) -> None:
        result = run("validate", "data/examples/bad/CallShape-callType.ttl", "--lang", language)
        assert result.exit_code == 1
        assert "CallShape-callType" in result.output
        assert "https://example.org/ptce/id/call/" in result.output
        for word in words:
            assert word in result.output.lower()

    def test_the_report_comes_as_text_json_turtle_or_html(self) -> None:
        path = "data/examples/bad/CallShape-callType.ttl"
        assert json.loads(run("validate", path, "--json").output.splitlines()[0])["conforms"] is False
        assert "sh:ValidationReport" in run("validate", path, "--report", "turtle").output
        assert run("validate", path, "--report", "html").output.lower().startswith("<!doctype html>")

    def test_a_url_is_refused_and_not_fetched(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            result = run("validate", f"http://127.0.0.1:{server.getsockname()[1]}/x.ttl")
            with pytest.raises(TimeoutError):
                server.accept()
        assert result.exit_code == 3
        assert "no request is made" in result.stderr
        assert "--allow-network" in result.stderr

    def test_standard_input_is_read_with_a_named_format(self) -> None:
        result = run(
            "validate", "-", "--format", "turtle", stdin="<http://example.org/a> a <http://example.org/B> ."
        )
        assert result.exit_code == 0
        assert run("validate", "-", stdin="").exit_code == 3

    @pytest.mark.parametrize(
        ("name", "content", "expected"),
        [
            ("x.ttl", b"<http://a> <http://b> .", "x.ttl:1:"),
            ("x.rdf", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a document type declaration is refused"),
            ("x.jsonld", b'{"@context": "http://127.0.0.1:1/c"}', "no request is made"),
            ("x.xyz", b"", "its format is unknown"),
        ],
    )
    def test_bad_rdf_is_told_with_file_and_place(
        self, tmp_path: Path, name: str, content: bytes, expected: str
    ) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        result = run("validate", str(path))
        assert result.exit_code == 3
        assert expected in result.stderr
        assert name in result.stderr
        assert "Traceback" not in result.stderr


class TestConvert:
    def test_a_file_is_written_in_another_format_or_not_at_all(self, tmp_path: Path) -> None:
        source, target = tmp_path / "a.ttl", tmp_path / "b.nt"
        source.write_text('<http://a/a> <http://a/b> "é" .', encoding="utf-8")
        assert run("convert", str(source), "-o", str(target)).exit_code == 0
        assert target.read_text(encoding="utf-8") == '<http://a/a> <http://a/b> "é" .\n'
        source.write_text("broken", encoding="utf-8")
        assert run("convert", str(source), "-o", str(tmp_path / "c.nt")).exit_code == 3
        assert not (tmp_path / "c.nt").exists()

    def test_the_format_of_the_target_must_be_known(self, tmp_path: Path) -> None:
        source = tmp_path / "a.ttl"
        source.write_text("<http://a/a> <http://a/b> 1 .", encoding="utf-8")
        result = run("convert", str(source), "-o", str(tmp_path / "b.doc"))
        assert result.exit_code == 3
        assert "name one with --to" in result.stderr


class TestNewSource:
    @pytest.fixture
    def sources(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(PROJECT)
        monkeypatch.setenv("PTCE_DATA_DIR", str(tmp_path / "sources"))
        monkeypatch.setenv("PTCE_VAR_DIR", str(tmp_path / "var"))
        (tmp_path / "sources").mkdir()
        return tmp_path / "sources"

    def test_a_new_table_builds_as_it_is(self, sources: Path, tmp_path: Path) -> None:
        table = tmp_path / "mills.csv"
        table.write_text("name,year\nMoulin à café,1900\n", encoding="utf-8")
        assert run("new-source", "mills", "--table", str(table), "--date", "2026-11-22").exit_code == 0
        result = run("validate")
        assert result.exit_code == 0, result.output + result.stderr
        table_in_source = sources / "mills" / "mills.csv"
        table_in_source.write_text("name,year\nMoulin,1900\n", encoding="utf-8")
        refused = run("build")
        assert refused.exit_code == 3
        assert "new-source --refresh mills" in refused.stderr
        assert run("new-source", "mills", "--refresh", "--date", "2026-11-23").exit_code == 0
        assert run("validate").exit_code == 0

    def test_a_name_that_is_no_slug_or_is_taken_is_refused(self, sources: Path) -> None:
        for name in ("Mes Sources", "mills/x", "../mills", "/mills", ""):
            assert run("new-source", name).exit_code == 3
            assert run("new-source", name, "--refresh").exit_code == 3
        assert run("new-source", "facts").exit_code == 0
        assert run("new-source", "facts").exit_code == 3


class TestBuild:
    @pytest.fixture
    def small(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Sources of two tables only, so that a build takes a second."""
        monkeypatch.chdir(PROJECT)
        for name in ("sectors", "sources"):
            shutil.copytree(PROJECT / "data/sources" / name, tmp_path / "sources" / name)
        monkeypatch.setenv("PTCE_DATA_DIR", str(tmp_path / "sources"))
        monkeypatch.setenv("PTCE_VAR_DIR", str(tmp_path / "var"))
        return tmp_path

    def test_build_publish_change_rollback_prune(self, small: Path) -> None:
        first = json.loads(run("build", "--publish", "--json").output.splitlines()[0])
        assert first["new"] is True
        again = json.loads(run("build", "--json").output)
        assert (again["new"], again["release"]) == (False, first["release"])
        table = small / "sources/sectors/sectors.csv"
        table.write_text(table.read_text(encoding="utf-8").replace(",C,", ",D,", 1), encoding="utf-8")
        assert run("new-source", "sectors", "--refresh", "--date", "2026-11-22").exit_code == 0
        second = json.loads(run("build", "--publish", "--json").output.splitlines()[0])
        assert second["release"] != first["release"]
        assert "3 quads added, 3 removed" in run("diff", first["release"], "--count").output
        back = json.loads(run("rollback", "--json").output)
        assert (back["release"], back["before"]) == (first["release"], second["release"])
        assert json.loads(run("prune", "--keep", "1", "--json").output)["removed"] == [second["release"]]

    def test_a_bad_cell_stops_the_build_and_leaves_what_is_published(self, small: Path) -> None:
        first = json.loads(run("build", "--publish", "--json").output.splitlines()[0])
        table = small / "sources/sources/sources.csv"
        table.write_text(
            table.read_text(encoding="utf-8").replace("2016-01-14", "31/02/2014", 1), encoding="utf-8"
        )
        run("new-source", "sources", "--refresh", "--date", "2026-11-22")
        result = run("build", "--publish")
        assert result.exit_code == 3
        assert "sources.csv:3 [date]: '31/02/2014' is not a date" in result.stderr
        assert json.loads(run("releases", "--json").output)["releases"] == [
            fact
            for fact in json.loads(run("releases", "--json").output)["releases"]
            if fact["release"] == first["release"] and fact["current"]
        ]


class TestSettings:
    @pytest.mark.parametrize(
        ("variable", "value", "expected"),
        [
            ("PTCE_PROT", "1", "there is no setting 'prot'"),
            ("PTCE_PORT", "many", "port is 'many', expected a whole number"),
            ("PTCE_PORT", "70000", "port is 70000, expected 0 to 65535"),
            ("PTCE_BASE_IRI", "https://data.example.org/ptce", "expected it to end in a slash"),
            ("PTCE_BASE_IRI", "data.example.org/", "expected an absolute http or https IRI"),
            ("PTCE_VAR_DIR", "/dev/null/var", "cannot be written"),
            ("PTCE_DATA_DIR", "/nonexistent", "/nonexistent: there is no such folder"),
        ],
    )
    def test_a_wrong_setting_is_named_with_what_was_expected(
        self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(PROJECT)
        result = run("build", env={"PTCE_VAR_DIR": str(tmp_path / "var"), variable: value})
        assert result.exit_code in (3, 4)
        assert expected in result.stderr

    def test_an_interrupted_build_says_that_what_is_published_stays(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        from ptce_lod import pipeline

        def interrupt(*args: object, **options: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(pipeline, "build", interrupt)
        result = run("build", env={"PTCE_VAR_DIR": str(tmp_path)})
        assert result.exit_code == 130
        assert "what is published is untouched" in result.stderr

    def test_a_place_that_cannot_be_written_is_no_defect(self, tmp_path: Path) -> None:
        data = tmp_path / "a.nt"
        data.write_text("<a:a> <a:b> <a:c> .\n", encoding="utf-8")
        for output in (tmp_path / "absent/a.ttl", data / "a.ttl"):
            result = run("convert", str(data), "--output", str(output))
            assert result.exit_code == 3
            assert f"{output}: cannot be written (" in result.stderr

    def test_what_the_machine_refuses_is_told_with_its_path(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        from ptce_lod import pipeline

        def fail(*args: object, **options: object) -> None:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), "/some/where")

        monkeypatch.setattr(pipeline, "build", fail)
        result = run("build", env={"PTCE_VAR_DIR": str(tmp_path)})
        assert result.exit_code == 3
        assert result.stderr.strip().endswith("/some/where: Permission denied")

    def test_a_defect_is_one_line_and_its_own_exit_code(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        from ptce_lod import pipeline

        def fail(*args: object, **options: object) -> None:
            raise RuntimeError("unforeseen")

        monkeypatch.setattr(pipeline, "build", fail)
        result = run("build", env={"PTCE_VAR_DIR": str(tmp_path)})
        assert result.exit_code == 70
        assert "a defect of this program: RuntimeError: unforeseen" in result.stderr
        assert "Traceback" not in result.stderr
