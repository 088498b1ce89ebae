"""IRIs of private hosts: told before they are published, refused before they are exported, and none where the base is public."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_lod.cli import cli
from ptce_lod.cli.private import private_host
from ptce_lod.release.layout import VarLayout
from ptce_lod.web import serving
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.unit.query.small_release import build_small_release

PUBLIC = "https://data.example.org/ptce/"
PRIVATE = "http://127.0.0.1:8000/"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "[::1]", "localhost", "0.0.0.0", "10.1.2.3", "192.168.1.9", "172.16.0.1", "169.254.1.1", "[fd00::1]", "server",
        "ptce.local", "ptce.internal", "PTCE.Local.", "box.home.arpa",
    ],
)  # fmt: skip
def test_what_other_networks_cannot_reach_is_private(host: str) -> None:
    assert private_host(f"http://{host}:8000/")


@pytest.mark.parametrize(
    "host", ["data.example.org", "8.8.8.8", "[2606:4700::1111]", "local.example.org", "w3id.org"]
)
def test_what_others_can_reach_is_not(host: str) -> None:
    assert not private_host(f"https://{host}/")


def run(var: Path, base: str, *arguments: str, host: str = "0.0.0.0") -> Result:
    env = {"PTCE_VAR_DIR": str(var), "PTCE_BASE_IRI": base, "PTCE_HOST": host}
    return CliRunner().invoke(cli, list(arguments), env=env, obj={})


@pytest.fixture
def private_var(tmp_path: Path) -> Path:
    build_small_release(tmp_path / "var", base_iri=PRIVATE)
    return tmp_path / "var"


@pytest.mark.parametrize(
    ("base", "host", "is_told"),
    [
        (PRIVATE, "0.0.0.0", True),
        (PRIVATE, "::", True),
        (PRIVATE, "127.0.0.1", False),
        (PRIVATE, "localhost", False),
        (PUBLIC, "0.0.0.0", False),
        (PUBLIC, "127.0.0.1", False),
    ],
)
def test_serve_warns_once_when_others_can_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str, host: str, is_told: bool
) -> None:
    served = []
    monkeypatch.setattr(serving, "serve", lambda settings, **_options: served.append(settings))
    result = run(tmp_path, base, "serve", host=host)
    assert (result.exit_code, len(served)) == (0, 1)
    assert result.stderr.count("warning") == (1 if is_told else 0)
    assert ("PTCE_BASE_IRI" in result.stderr) is is_told


def test_publish_warns(private_var: Path) -> None:
    release = str(VarLayout(private_var).published().release_id)
    told = run(private_var, PRIVATE, "publish", release)
    assert told.exit_code == 0
    assert told.stderr.splitlines() == [
        f"warning: every published IRI begins with {PRIVATE}, but 127.0.0.1 means nothing on other networks; "
        "set PTCE_BASE_IRI to the public address and build again"
    ]
    assert run(private_var, PRIVATE, "publish", release, host="127.0.0.1").stderr == ""


def test_an_export_is_refused(private_var: Path, tmp_path: Path) -> None:
    result = run(private_var, PRIVATE, "export-site", str(tmp_path / "out"), host="127.0.0.1")
    assert result.exit_code == 4
    assert f"base_iri is {PRIVATE}" in result.stderr
    assert "--local" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_release_of_a_public_base_names_no_private_host(tmp_path: Path) -> None:
    """Whatever address a request came by: that of a proxy, or of this machine."""
    var = tmp_path / "var"
    build_small_release(var, base_iri=PUBLIC)
    client = create_app(project_settings(var, base_iri=PUBLIC)).test_client()
    asked = [
        *(f"/catalog.{extension}" for extension in ("ttl", "rdf", "jsonld", "nt", "trig", "nq", "html", "linkset")),
        *(f"/feed{end}" for end in (".ttl", "/1.trig", ".html")),
        *(f"/catalog/feed{end}" for end in (".ttl", "/1.trig")),
        *("/void.ttl", "/.well-known/void", "/.well-known/api-catalog", "/sitemap.xml", "/robots.txt", "/llms.txt"),
        *("/news.atom", "/opensearch.xml", "/openapi.json", "/reconcile.json", "/context.jsonld", "/sparql", "/fragments.ttl"),
        *("/", "/doc/pole/archer.ttl", "/doc/pole/archer.linkset.json", "/doc/pole/archer.html", "/id/pole/archer"),
        *("/dataset/poles.ttl", "/api/poles.json", "/doc/pole/nothing", "/catalog?page=99"),
    ]  # fmt: skip
    for path in asked:
        answer = client.get(path, headers={"Host": "127.0.0.1:8000", "X-Forwarded-Host": "intern.local"})
        text = f"{answer.headers}\n{answer.text}"
        found = set(re.findall(r"https?://[\w.:\[\]-]+", text))
        assert {each for each in found if private_host(each)} == set(), path
        assert not re.search(r"127\.0\.0\.1|localhost|intern\.local", text), path
        assert answer.status_code in (200, 303, 404), path
