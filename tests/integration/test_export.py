"""An exported site: under nginx it answers as the server does; an export that fails leaves the earlier one whole."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rdflib
from flask.testing import FlaskClient

from ptce_lod.export.errors import KINDS
from ptce_lod.export.nginx import accepts
from ptce_lod.export.site import MARKER
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.exported import SERVED
from tests.conformance.negotiation.table import clients
from tests.integration.exported_site import ask, dead_links, headers_of, needs_nginx
from tests.unit.query.small_release import BASE

PREFIX = urlsplit(BASE).path
#: One path of each kind, below the base.
PATHS = (
    "",
    "poles",
    "doc/pole/archer",
    "ns",
    "catalog",
    "dataset/poles",
    "timeline",
    "network",
    "news",
    "feed",
    "feed/1",
    "catalog/feed",
    "catalog/feed/1",
    "dataset/releases",
    "ns/0.1.0",
    "concept/stage/emerging",
    "scheme/stage",
    "api",
)


@pytest.fixture(scope="module")
def client(exported_settings: Settings) -> FlaskClient:
    app = create_app(exported_settings, is_exported=True)
    return app.test_client(use_cookies=False)


def test_every_known_client_is_in_the_list() -> None:
    sent = {value for lines in clients().values() for name, value in lines if name.lower() == "accept"}
    assert sent <= set(accepts())


@needs_nginx
@pytest.mark.parametrize("path", PATHS)
def test_each_client_gets_what_the_server_sends(nginx_port: int, client: FlaskClient, path: str) -> None:
    for accept in accepts():
        there = client.get(PREFIX + path, headers={"Accept": accept, "Accept-Language": "fr"})
        here = ask(nginx_port, PREFIX + path, accept, **{"Accept-Language": "fr"})
        assert (here.status, here.media_type if here.status == 200 else "") == (
            there.status_code,
            there.mimetype if there.status_code == 200 else "",
        ), accept


@needs_nginx
@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("doc/pole/archer", "text/turtle"),
        ("doc/pole/archer", "text/n3"),
        ("statistics", "application/json"),
        ("timeline", "application/json"),
        ("network", "application/json"),
        ("map", "application/geo+json"),
        ("doc/pole/archer.n3", "*/*"),
        ("catalog.n3", "text/html"),
        ("ns.n3", "*/*"),
        ("doc/pole/archer.jsonld", "*/*"),
        ("catalog", "*/*"),
        ("ns.ttl", "*/*"),
        ("dumps/latest/all.nq", "*/*"),
        ("api/poles.json", "*/*"),
        ("static/css/site.css", "*/*"),
        ("doc/pole/archer?lang=en", "text/html"),
        ("doc/pole/archer?view=statements", "text/html"),
        ("doc/pole/archer.linkset.json", "*/*"),
        ("embed/pole/archer?lang=en", "text/html"),
        ("cite/pole/archer.json", "*/*"),
        ("cite/actor/acme.txt?lang=en", "*/*"),
        ("picture/pole/archer.png", "*/*"),
        ("news.atom?lang=en", "*/*"),
        ("opensearch.xml?lang=en", "*/*"),
        ("llms.txt", "*/*"),
        (".well-known/api-catalog", "*/*"),
        (".well-known/void", "text/turtle"),
        ("api/poles.geojson", "*/*"),
        ("feed/1", "application/trig"),
        ("dataset/poles.ttl", "*/*"),
        ("dumps/latest/graphs/facts.ttl", "*/*"),
        ("dumps/latest/tables/poles.csv-metadata.json", "*/*"),
        ("ns/0.1.0", "text/turtle"),
    ],
)
def test_a_file_is_what_the_server_sends(
    nginx_port: int, client: FlaskClient, path: str, accept: str
) -> None:
    there = client.get(PREFIX + path, headers={"Accept": accept}, buffered=True)
    here = ask(nginx_port, PREFIX + path, accept)
    assert (here.status, here.body == there.data, here.media_type) == (200, True, there.mimetype)


@needs_nginx
def test_identities_redirect_are_gone_or_unknown_as_on_the_server(
    nginx_port: int, client: FlaskClient
) -> None:
    for path in (
        "id/pole/archer",
        "id/pole/renamed",
        "id/pole/retired",
        "id/pole/nothing",
        "id/concept/stage/emerging",
        "id/concept/stage/nothing",
        "doc/pole/renamed",
        "doc/pole/nothing",
        "doc",
        "id",
    ):
        for accept in ("text/turtle", "text/html", "*/*"):
            there = client.get(PREFIX + path, headers={"Accept": accept})
            here = ask(nginx_port, PREFIX + path, accept)
            assert (here.status, here.location) == (there.status_code, there.headers.get("Location", "")), (
                path
            )


@needs_nginx
def test_what_the_server_lists_is_told_by_the_dataset(
    nginx_port: int, client: FlaskClient, exported: Path
) -> None:
    release = json.loads((exported / MARKER).read_text(encoding="utf-8"))["release"]
    for path in ("dumps/latest", "dumps/latest/", f"dumps/{release}"):
        here = ask(nginx_port, PREFIX + path, "text/html")
        assert (here.status, here.location) == (303, f"{PREFIX}dataset/all"), path
    assert ask(nginx_port, f"{PREFIX}doc/", "text/html").location == f"{PREFIX}api"


@needs_nginx
@pytest.mark.parametrize("path", ["dumps/0123456789abcdef", "dumps/0123456789abcdef/all.nq"])
def test_a_release_that_is_not_kept_is_gone_and_the_latest_named(
    nginx_port: int, client: FlaskClient, exported: Path, path: str
) -> None:
    release = json.loads((exported / MARKER).read_text(encoding="utf-8"))["release"]
    there = client.get(PREFIX + path, headers={"Accept": "application/json"})
    here = ask(nginx_port, PREFIX + path, "application/json")
    assert (
        (here.status, here.media_type)
        == (there.status_code, there.mimetype)
        == (410, "application/problem+json")
    )
    told, said = json.loads(here.body), there.get_json(force=True)
    assert (told["type"], told["hint"]) == (said["type"], said["hint"])
    for each in (told, said):
        assert each["detail"].endswith(f"; the latest is {release}")
    for language, words in (("fr", "la plus récente est"), ("en", "the latest is")):
        page = ask(nginx_port, PREFIX + path, "text/html", **{"Accept-Language": language})
        assert page.status == 410
        assert f"{words} {release}" in html.unescape(page.body.decode())
        assert f'href="{PREFIX}dumps/{release}"' in page.body.decode()
    graph = rdflib.Graph().parse(data=ask(nginx_port, PREFIX + path, "text/turtle").body, format="turtle")
    assert (None, rdflib.RDF.type, rdflib.URIRef(f"{BASE}problem/gone")) in graph
    assert release in graph.serialize(format="nt")
    assert ask(nginx_port, f"{PREFIX}dumps/{release}/all.nq", "*/*").status == 200
    assert ask(nginx_port, f"{PREFIX}dumps/{release}/nothing", "*/*").status == 404
    assert ask(nginx_port, f"{PREFIX}dumps/0123", "*/*").status == 404


@needs_nginx
def test_languages_and_charset(nginx_port: int) -> None:
    for header, language in (
        ("fr-CA, en;q=0.5", "fr"),
        ("en-GB", "en"),
        ("de, en;q=0.7", "en"),
        ("de", "fr"),
    ):
        page = ask(
            nginx_port, f"{PREFIX}doc/pole/archer", "text/html", **{"Accept-Language": header}
        ).body.decode()
        assert f'<html lang="{language}"' in page
    assert '<html lang="en"' in ask(nginx_port, f"{PREFIX}poles", "text/html", Cookie="lang=en").body.decode()
    found = headers_of(nginx_port, f"{PREFIX}doc/pole/archer", "text/turtle")
    assert found["Content-Type"] == "text/turtle; charset=utf-8"
    assert found["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in found["Vary"]


@needs_nginx
def test_rdflib_follows_an_identity(nginx_port: int) -> None:
    graph = rdflib.Graph().parse(f"http://127.0.0.1:{nginx_port}{PREFIX}id/pole/archer")
    assert (rdflib.URIRef(f"{BASE}id/pole/archer"), rdflib.RDF.type, None) in graph


@needs_nginx
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("poles?page=1", 200),
        ("poles?page=2", 404),
        ("poles?page=0", 400),
        ("poles?page=x", 400),
        ("doc/pole/archer?view=other", 400),
        ("api/poles.json?page=9", 404),
        ("doc/pole/old", 410),
        ("doc/pole/archer", 200),
        ("embed/pole/nobody", 404),
        ("feed/2", 404),
        ("dataset/none", 404),
    ],
)
def test_pages_and_views_that_are_not_there(
    nginx_port: int, client: FlaskClient, path: str, status: int
) -> None:
    assert client.get(PREFIX + path, headers={"Accept": "text/html"}).status_code == status
    assert ask(nginx_port, PREFIX + path, "text/html").status == status


@needs_nginx
def test_rows_are_never_all_where_a_filter_asks_for_some(nginx_port: int) -> None:
    assert ask(nginx_port, f"{PREFIX}api/poles.json?stage=emerging", "*/*").status == 404


@needs_nginx
def test_headers_say_which_representation_it_is(nginx_port: int, exported_settings: Settings) -> None:
    client = create_app(exported_settings).test_client(use_cookies=False)
    for path, accept in (
        ("doc/pole/archer", "text/turtle"),
        ("doc/pole/archer", "text/n3"),
        ("doc/pole/archer.n3", "*/*"),
        ("doc/pole/archer", "text/html"),
        ("doc/pole/archer.jsonld", "*/*"),
        ("catalog", "*/*"),
        ("statistics", "application/json"),
        ("doc/pole/archer", "application/linkset+json"),
    ):
        there = client.get(PREFIX + path, headers={"Accept": accept}).headers
        here = headers_of(nginx_port, PREFIX + path, accept)
        assert here["Content-Location"] == there["Content-Location"], (path, accept)
        links = (here["Link"] or "").split(", ")
        assert ('rel="canonical"' in links[0]) == ("." not in path), (path, accept)
        for each in links:
            assert each in there["Link"], (path, accept)
        assert set(there["Vary"].split(", ")) <= {*here["Vary"].split(", "), "Accept-Datetime"}


@needs_nginx
def test_every_link_of_every_page_answers(nginx_port: int, client: FlaskClient) -> None:
    dead, seen = dead_links(nginx_port, BASE)
    # Of some things the small release says nothing.
    assert not [each for each in dead if client.get(each[0]).status_code != 404]
    assert len(seen) > 500


@needs_nginx
def test_every_link_of_every_header_answers(nginx_port: int, exported: Path) -> None:
    site = exported / "site" / PREFIX[1:]
    paths = [str(path.relative_to(site)).removesuffix(".fr.html") for path in site.rglob("*.fr.html")]
    dead, seen = [], set()
    for path in paths:
        if "~" in path or path.startswith("errors/"):
            continue
        for target in re.findall(
            r"<([^>]*)>", headers_of(nginx_port, PREFIX + path, "text/html,*/*;q=0.1")["Link"] or ""
        ):
            seen.add(target)
            if ask(nginx_port, target.removeprefix(BASE.removesuffix("/")), "*/*").status != 200:
                dead.append((path, target))
    assert not dead
    assert len(seen) > 100


@needs_nginx
def test_nothing_leads_to_a_service_that_needs_a_server(nginx_port: int) -> None:
    names = "|".join(SERVED)
    for path in (
        "catalog.nt",
        "void.nt",
        "dataset/all.nt",
        ".well-known/api-catalog",
        "llms.txt",
        "openapi.json",
        "opensearch.xml",
        "sitemap.xml",
        "",
        "catalog.html",
        "wikis.html",
        "index.linkset",
    ):
        text = ask(nginx_port, PREFIX + path, "*/*").body.decode()
        assert text
        found = set(
            re.findall(
                rf'[</"` ](?:{BASE}|{PREFIX})((?:{names})[./?][^>"` ]*|reconcile|fragments)[">` ]', text
            )
        )
        # Search has its page, which works in the browser.
        assert {each for each in found if not each.startswith("search?q=")} == set(), path
    catalog = ask(nginx_port, f"{PREFIX}catalog.nt", "*/*").body.decode()
    services = set(re.findall(rf"<{BASE}([^>]*)> <[^>]*type> <[^>]*DataService>", catalog))
    assert services == {"api", "doc/", "feed", "catalog/feed"}
    for name in ("sparqlEndpoint", "uriLookupEndpoint", "openSearchDescription"):
        for path in ("catalog.nt", "void.nt"):
            assert name not in ask(nginx_port, PREFIX + path, "*/*").body.decode()
    paths = json.loads(ask(nginx_port, f"{PREFIX}openapi.json", "*/*").body)["paths"]
    assert "/catalog" in paths
    assert not [path for path in paths if re.match(rf"/({names}|update|memento|suggest)\b", path)]
    assert ask(nginx_port, f"{PREFIX}reconcile.json", "*/*").status == 404


@needs_nginx
@pytest.mark.parametrize(
    ("path", "status"), [("doc/pole/nothing", 404), ("doc/pole/old", 410), ("poles?page=x", 400)]
)
def test_errors_say_why_in_the_language_of_the_reader(nginx_port: int, path: str, status: int) -> None:
    kind = next(each for each in KINDS if each.status == status)
    texts = {}
    for language in ("fr", "en"):
        answer = ask(nginx_port, PREFIX + path, "text/html", **{"Accept-Language": language})
        assert (answer.status, answer.media_type) == (status, "text/html")
        texts[language] = html.unescape(answer.body.decode())
        assert f'<html lang="{language}"' in texts[language]
    assert kind.about in texts["en"]
    assert kind.about not in texts["fr"]
    assert f'href="{PREFIX}problem/{kind.name}"' in texts["fr"]
    told = json.loads(ask(nginx_port, PREFIX + path, "application/json").body)
    assert (told["status"], told["type"]) == (status, f"{BASE}problem/{kind.name}")
    graph = rdflib.Graph().parse(data=ask(nginx_port, PREFIX + path, "text/turtle").body, format="turtle")
    assert (None, rdflib.RDF.type, rdflib.URIRef(f"{BASE}problem/{kind.name}")) in graph
    assert ask(nginx_port, f"{PREFIX}errors/{status}.fr.html", "*/*").status == 404


@needs_nginx
def test_what_is_not_acceptable_names_what_is(nginx_port: int) -> None:
    said = ask(nginx_port, f"{PREFIX}poles", "image/png")
    assert (said.status, said.media_type) == (406, "application/problem+json")
    assert {"text/html", "text/turtle"} <= set(json.loads(said.body)["available"])
    assert ask(nginx_port, f"{PREFIX}doc/pole/nothing", "image/png").status == 404


@needs_nginx
def test_caches_keep_what_never_changes(nginx_port: int, exported: Path, exported_settings: Settings) -> None:
    release = json.loads((exported / MARKER).read_text(encoding="utf-8"))["release"]
    client = create_app(exported_settings).test_client(use_cookies=False)
    for path, accept, lasts in (
        (f"dumps/{release}/all.nq", "*/*", True),
        (f"dumps/{release}/tables/poles.csv-metadata.json", "*/*", True),
        ("dumps/latest/all.nq", "*/*", False),
        ("feed/1", "application/trig", False),
        ("doc/pole/archer", "text/turtle", False),
    ):
        there = client.get(PREFIX + path, headers={"Accept": accept}, buffered=True)
        here = headers_of(nginx_port, PREFIX + path, accept)
        assert here["Cache-Control"] == there.headers["Cache-Control"], path
        assert ("immutable" in here["Cache-Control"]) == lasts, path
    for path in (
        f"dumps/{release}/nothing",
        "dumps/0123456789abcdef/all.nq",
        "patches/0123/4567",
        f"dumps/{release}",
    ):
        assert "immutable" not in headers_of(nginx_port, PREFIX + path, "*/*")["Cache-Control"], path
