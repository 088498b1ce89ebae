"""An exported site whose lists and catalogue have several pages: each address has what the server answers there."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from ptce_lod.release import feed as feed_log
from ptce_lod.settings import Settings
from ptce_lod.web import feed
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.integration import exported_site
from tests.integration.conftest import free_port
from tests.integration.exported_site import ask, dead_links, headers_of, needs_nginx
from tests.integration.test_harvesters import CKAN, CLIENTS, PROFILES
from tests.unit.query.small_release import build_small_release

pytestmark = needs_nginx
PREFIX = "/ptce/"
EXTENSIONS = ("ttl", "rdf", "jsonld", "nt", "trig", "nq")


@pytest.fixture(scope="module", autouse=True)
def _short_pages_of_streams() -> Iterator[None]:
    """Two pages of each stream: a full one and an open one."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (feed_log, feed):
            patch.setattr(module, "PAGE_MEMBERS", 30)
        yield


@pytest.fixture(scope="module")
def paged_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a small release with two rows a page, below a path, at the port at which nginx will serve it."""
    var, base = tmp_path_factory.mktemp("paged") / "var", f"http://127.0.0.1:{free_port()}{PREFIX}"
    build_small_release(var, base_iri=base)
    return project_settings(var, base_iri=base, page_size=2)


@pytest.fixture(scope="module")
def paged(paged_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release as files."""
    return exported_site.export(paged_settings, tmp_path_factory.mktemp("paged-export") / "out")


@pytest.fixture(scope="module")
def port(paged: Path, paged_settings: Settings) -> Iterator[int]:
    """The port at which nginx serves these files."""
    with exported_site.served_by_nginx(paged, urlsplit(paged_settings.base_iri).port or 0) as found:
        yield found


@pytest.fixture(scope="module")
def server(paged_settings: Settings) -> FlaskClient:
    """The server over the same release."""
    return create_app(paged_settings).test_client(use_cookies=False)


@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.parametrize("extension", [*EXTENSIONS, "linkset"])
@pytest.mark.parametrize("name", ["poles", "concepts"])
def test_a_page_by_extension_is_what_the_server_sends(
    port: int, server: FlaskClient, name: str, extension: str, page: int
) -> None:
    path = f"{PREFIX}{name}.{extension}?page={page}"
    there, here = server.get(path), ask(port, path, "*/*")
    assert (here.status, here.media_type) == (200, there.mimetype)
    if extension != "linkset":  # an exported one names no services
        assert here.body == there.data


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("poles.ttl?page=9", 404),
        ("poles.ttl?page=0", 400),
        ("poles.jsonld?page=two", 400),
        ("poles.html?page=2", 200),
        ("poles.n3?page=2", 200),
        ("poles.linkset.json?page=2", 200),
        ("poles.linkset?page=9", 404),
        ("catalog.ttl?page=99", 404),
        ("catalog.ttl?page=abc", 400),
        ("catalog/feed.ttl?page=2", 404),
        ("dataset/poles.ttl?page=2", 404),
        ("doc/pole/archer.ttl?page=1", 200),
        ("doc/pole/archer.ttl?page=2", 404),
        ("doc/pole/archer.ttl?page=x", 400),
        ("doc/pole/archer.ttl?view=statements", 200),
        ("doc/pole/archer.ttl?view=other", 400),
        ("concept/stage/emerging.nt?page=2", 404),
        ("report.ttl?page=2", 200),
        ("statistics.json?page=2", 200),
        ("poles.ttl?other=2", 200),
    ],
)
def test_pages_by_extension_that_are_not_there(
    port: int, server: FlaskClient, path: str, status: int
) -> None:
    assert server.get(PREFIX + path).status_code == status
    assert ask(port, PREFIX + path, "*/*").status == status


@pytest.fixture(scope="module")
def exporter(paged_settings: Settings) -> FlaskClient:
    """The server as it answers for an export: without services that need one."""
    return create_app(paged_settings, is_exported=True).test_client(use_cookies=False)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_catalogue_goes_on_in_the_type_that_one_began_with(
    port: int, exporter: FlaskClient, paged_settings: Settings, extension: str
) -> None:
    address = f"{paged_settings.base_iri}catalog.{extension}"
    for page in (1, 2, 3):
        path = f"{PREFIX}catalog.{extension}" + (f"?page={page}" if page > 1 else "")
        here = ask(port, path, "*/*")
        assert (here.status, here.body == exporter.get(path).data) == (200, True)
        assert f"{address}?page={page + 1}".encode() in here.body
    assert (
        ask(port, f"{PREFIX}catalog.linkset?page=2", "*/*").body
        == exporter.get(f"{PREFIX}catalog.linkset?page=2").data
    )


def test_ckan_reads_every_page_whatever_the_format(port: int, paged_settings: Settings) -> None:
    if not CKAN.is_file():
        pytest.skip("CKAN's reader is not installed: scripts/install-test-clients installs it")
    command = [str(CKAN), str(CLIENTS / "read_with_ckan.py"), paged_settings.base_iri, PROFILES[-1]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CLIENTS)
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert len(read) == len(EXTENSIONS)
    titles = {name: sorted(each["title"] for each in found["datasets"]) for name, found in read.items()}
    assert len(set(map(tuple, titles.values()))) == 1
    assert all(found["pages"] == -(-len(found["datasets"]) // 2) > 3 for found in read.values())


@pytest.mark.parametrize("page", ["2", "x"])
@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("", "text/html"),
        ("statistics", "text/html"),
        ("statistics.html", "*/*"),
        ("wikis.linkset", "*/*"),
        ("report", "text/turtle"),
        ("report.ttl", "*/*"),
        ("void", "*/*"),
        ("void.nt", "*/*"),
        ("problem/gone", "text/html"),
        ("problem/gone.n3", "*/*"),
        ("profile/short.jsonld", "*/*"),
    ],
)
def test_a_document_that_has_no_pages_ignores_what_page_is_asked_for(
    port: int, exporter: FlaskClient, path: str, accept: str, page: str
) -> None:
    there = exporter.get(f"{PREFIX}{path}?page={page}", headers={"Accept": accept}, buffered=True)
    here = ask(port, f"{PREFIX}{path}?page={page}", accept)
    assert (here.status, here.media_type) == (there.status_code, there.mimetype) == (200, here.media_type)
    told = headers_of(port, f"{PREFIX}{path}?page={page}", accept)["Content-Location"]
    assert told == there.headers.get("Content-Location") or not path


@pytest.mark.parametrize(
    ("path", "accept"), [("map?page=2", "application/geo+json"), ("network?page=2", "application/json")]
)
def test_data_of_a_page_of_people_are_the_whole(
    port: int, exporter: FlaskClient, path: str, accept: str
) -> None:
    there = exporter.get(PREFIX + path, headers={"Accept": accept})
    here = ask(port, PREFIX + path, accept)
    assert (here.status, here.media_type, here.body == there.data) == (200, accept, True)


@pytest.mark.parametrize("name", ["map", "network"])
def test_pages_that_only_people_read_go_on(port: int, exporter: FlaskClient, name: str) -> None:
    path = f"{PREFIX}{name}?page=2"
    there = exporter.get(path, headers={"Accept": "text/html"})
    here = ask(port, path, "text/html")
    assert (here.status, here.body == there.data) == (200, True)
    assert f"{name}?page=2" in ask(port, PREFIX + name, "text/html").body.decode()
    assert ask(port, f"{PREFIX}{name}?page=99", "text/html").status == 404
    assert (
        ask(port, f"{path.replace('?', '.linkset?')}", "*/*").body
        == exporter.get(path.replace("?", ".linkset?")).data
    )


def test_full_pages_of_a_stream_never_change(port: int, server: FlaskClient) -> None:
    for path in ("feed/1", "feed/2", "feed/1.jsonld", "feed/2.nq"):
        for accept in ("application/trig", "text/html"):
            there = server.get(PREFIX + path, headers={"Accept": accept}).headers["Cache-Control"]
            assert headers_of(port, PREFIX + path, accept)["Cache-Control"] == there, (path, accept)
    assert "immutable" in headers_of(port, f"{PREFIX}feed/1", "application/trig")["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("poles?page=2", "text/html"),
        ("poles?page=1", "text/turtle"),
        ("poles?page=2", "text/n3"),
        ("poles?page=2", "application/linkset+json"),
        ("poles.ttl?page=2", "*/*"),
        ("poles.html?page=2", "*/*"),
        ("poles.n3?page=2", "*/*"),
        ("poles.ttl", "*/*"),
        ("catalog?page=1", "*/*"),
        ("catalog?page=2", "*/*"),
        ("catalog.rdf?page=2", "*/*"),
        ("map?page=1", "text/html"),
        ("map?page=2", "text/html"),
        ("network?page=2", "text/html"),
        ("doc/pole/archer?page=1", "text/turtle"),
        ("doc/pole/archer.ttl?page=1", "*/*"),
        ("doc/pole/archer?view=statements", "text/html"),
        ("doc/pole/archer?view=statements", "text/turtle"),
        ("doc/pole/archer.ttl?view=statements", "*/*"),
        ("doc/pole/archer.html?view=statements", "*/*"),
        ("poles?view=statements", "text/html"),
        ("doc/pole/renamed", "text/html"),
        ("dataset/poles/", "*/*"),
        ("id/pole/archer", "*/*"),
        ("doc/pole/nothing", "*/*"),
        ("poles?page=99", "*/*"),
    ],
)
def test_headers_say_which_page_and_view_it_is(
    port: int, server: FlaskClient, path: str, accept: str
) -> None:
    there = server.get(PREFIX + path, headers={"Accept": accept}).headers
    here = headers_of(port, PREFIX + path, accept)
    assert here["Content-Location"] == there.get("Content-Location")
    links = (here["Link"] or "").split(", ") if here["Link"] else []
    assert bool(links) == ("Content-Location" in there and not re.search(r"[.](ttl|rdf|n3)", path))
    for each in links:
        assert each in there["Link"]


def test_the_path_without_its_slash_leads_to_the_home_page(port: int, server: FlaskClient) -> None:
    for query in ("", "?lang=en"):
        path = f"{PREFIX[:-1]}{query}"
        here = ask(port, path, "text/html")
        assert (here.status, here.location) == (301, f"{PREFIX}{query}")
        assert server.get(path).headers["Location"] == here.location


def test_every_link_of_every_page_answers(port: int, exporter: FlaskClient, paged_settings: Settings) -> None:
    dead, seen = dead_links(port, paged_settings.base_iri)
    # Of some things the small release says nothing.
    assert not [each for each in dead if exporter.get(each[0]).status_code != 404]
    assert {f"{PREFIX}{name}?page=2" for name in ("poles", "poles.ttl", "catalog", "map", "network")} <= seen
