"""What programs look for at fixed places."""

from __future__ import annotations

import urllib.robotparser
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib
from flask.testing import FlaskClient

from ptce_lod.errors import SettingsError
from ptce_lod.web import wellknown
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.unit.query.small_release import build_small_release

BASE = "http://127.0.0.1:8000/"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def addresses(client: FlaskClient, path: str) -> list[str]:
    response = client.get(path)
    assert response.content_type == "application/xml; charset=utf-8"
    return [element.text or "" for element in ElementTree.fromstring(response.data).iter(LOC)]


def test_every_address_of_the_sitemap_is_a_page(client: FlaskClient) -> None:
    found = addresses(client, "/sitemap.xml")
    assert len(found) == len(set(found)) > 20
    assert BASE + "doc/pole/archer" in found
    for address in found:
        response = client.get(address.removeprefix(BASE[:-1]), headers={"Accept": "text/html"})
        if address.endswith(("/doc/pole/old", "/doc/pole/renamed")):
            continue
        assert (response.status_code, response.mimetype) == (200, "text/html"), address


def test_the_sitemap_has_each_dataset_with_the_date_of_its_content(tmp_path: Path) -> None:
    var_dir = tmp_path / "var"
    build_small_release(var_dir)
    build_small_release(var_dir, extra='actorid:new a org:Organization ; foaf:name "Nouvelle" .')
    client = create_app(project_settings(var_dir)).test_client()
    urls = ElementTree.fromstring(client.get("/sitemap.xml").data)
    changed = {url[0].text: datetime.fromisoformat(url[1].text or "") for url in urls}
    datasets = {iri: when for iri, when in changed.items() if iri and "/dataset/" in iri}
    listed = client.get("/catalog.nt").text
    types = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset>"
    assert datasets.keys() == {line[1:].partition(">")[0] for line in listed.splitlines() if types in line}
    for iri, when in datasets.items():
        (line,) = (
            each
            for each in listed.splitlines()
            if each.startswith(f"<{iri}> <http://purl.org/dc/terms/modified>")
        )
        assert datetime.fromisoformat(line.split('"')[1]) == when
    assert changed[BASE + "dataset/actors"] > changed[BASE + "dataset/poles"]


def test_a_large_site_has_an_index_of_sitemaps(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = addresses(client, "/sitemap.xml")
    monkeypatch.setattr(wellknown, "SITEMAP_URLS", 10)
    monkeypatch.setattr(wellknown, "_BATCH", 3)
    parts = addresses(client, "/sitemap.xml")
    assert len(parts) == -(-len(whole) // 10)
    found = [a for part in parts for a in addresses(client, part.removeprefix(BASE[:-1]))]
    assert found == whole
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_crawlers_may_read_documents_and_not_run_queries(client: FlaskClient) -> None:
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    for path in ("", "doc/pole/archer", "poles?page=2", "catalog", "sparql", "dumps/latest/all.nq", "ns"):
        assert rules.can_fetch("Googlebot", BASE + path), path
    for path in ("sparql?query=ASK%7B%7D", "search?q=a", "update", "rdf-graph-store?default"):
        assert not rules.can_fetch("Googlebot", BASE + path), path
    assert rules.site_maps() == [BASE + "sitemap.xml"]


def test_nobody_is_invented_as_contact(client: FlaskClient) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    var_dir: Path = tmp_path_factory.mktemp("elsewhere") / "var"
    base = "https://data.example.org/ptce/"
    build_small_release(var_dir, base_iri=base)
    settings = project_settings(var_dir, base_iri=base, contact="mailto:ptce@example.org")
    return create_app(settings).test_client()


def test_security_txt_says_whom_to_tell_and_until_when(elsewhere: FlaskClient) -> None:
    fields = dict(
        line.split(": ", 1) for line in elsewhere.get("/.well-known/security.txt").text.splitlines()
    )
    assert fields["Contact"] == "mailto:ptce@example.org"
    assert fields["Canonical"] == "https://data.example.org/ptce/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert 100 < left.days < 365


def test_rules_for_crawlers_have_the_path_of_the_site(elsewhere: FlaskClient) -> None:
    text = elsewhere.get("/robots.txt").text
    assert "Disallow: /ptce/sparql?" in text
    assert "Sitemap: https://data.example.org/ptce/sitemap.xml" in text


def test_a_contact_that_is_no_address_is_refused() -> None:
    with pytest.raises(SettingsError, match="expected a mailto: or https: IRI"):
        project_settings(Path("var"), contact="ptce@example.org")


def test_the_catalogue_of_apis_is_a_linkset(client: FlaskClient) -> None:
    response = client.get("/.well-known/api-catalog")
    assert response.mimetype == "application/linkset+json"
    assert response.json is not None
    by_anchor = {context["anchor"]: context for context in response.json["linkset"]}
    items = {target["href"] for target in by_anchor[BASE + ".well-known/api-catalog"]["item"]}
    assert BASE + "sparql" in items
    for context in by_anchor.values():
        for relation, targets in context.items():
            for target in targets if relation != "anchor" else ():
                assert client.get(target["href"].removeprefix(BASE[:-1])).status_code == 200


def test_llms_txt_leads_to_what_there_is(client: FlaskClient) -> None:
    text = client.get("/llms.txt").text
    assert text.startswith("# ")
    found = [part.partition(")")[0] for part in text.split("](")[1:]]
    assert len(found) > 12
    for address in found:
        assert client.get(address.removeprefix(BASE[:-1])).status_code == 200, address


@pytest.mark.parametrize("name", ["full", "short"])
def test_a_profile_can_be_looked_up(client: FlaskClient, name: str) -> None:
    response = client.get(f"/profile/{name}", headers={"Accept": "text/html, */*;q=0.1"})
    graph = rdflib.Graph().parse(data=response.data, format="turtle")
    assert {title.language for title in graph.objects(None, rdflib.DCTERMS.title)} == {"fr", "en"}  # type: ignore[attr-defined]
    assert client.get("/profile/nonsense").status_code == 404
