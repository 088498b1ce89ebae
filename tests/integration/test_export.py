"""An exported site: under nginx it answers as the server does; an export that fails leaves the earlier one whole."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import rdflib
from flask.testing import FlaskClient

from ptce_lod.errors import ReleaseError, ReleaseLocked
from ptce_lod.export.nginx import accepts
from ptce_lod.export.site import MARKER, export_site
from ptce_lod.folders import exchange, whole
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.context import EXPORTED
from tests.conformance.negotiation.table import clients
from tests.conftest import project_settings
from tests.integration.conftest import environment, free_port
from tests.unit.query.small_release import BASE, build_small_release

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PREFIX = urlsplit(BASE).path
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
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
    "concept/stage/emerging",
    "scheme/stage",
    "api",
    "reconcile",
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    var = tmp_path_factory.mktemp("export") / "var"
    build_small_release(var)
    return project_settings(var)


@pytest.fixture(scope="module")
def exported(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("exported") / "out"
    done = export_site(settings, target)
    assert done.documents > 50
    assert json.loads((target / MARKER).read_text(encoding="utf-8"))["files"] == done.files
    return target


@dataclass
class Answer:
    status: int
    media_type: str
    location: str
    body: bytes


@pytest.fixture(scope="module")
def port(exported: Path) -> Iterator[int]:
    assert NGINX is not None
    chosen, folder = free_port(), exported.parent
    text = (exported / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 127.0.0.1:80;", f"listen 127.0.0.1:{chosen};").replace(
        "root site;", f"root {exported}/site;"
    )
    paths = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "main.conf"
    configuration.write_text(
        # Started by root, its workers would else be somebody who may not read this folder.
        f"{'user root; ' if os.geteuid() == 0 else ''}daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{paths}\n{text}\n}}\n",
        encoding="utf-8",
    )
    nginx = subprocess.Popen(
        [NGINX, "-c", str(configuration), "-e", f"{folder}/error.log"], stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 15
    while True:
        try:
            ask(chosen, PREFIX, "*/*")
            break
        except OSError:
            assert nginx.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield chosen
    nginx.terminate()
    nginx.wait(timeout=10)


@pytest.fixture(scope="module")
def client(settings: Settings) -> FlaskClient:
    app = create_app(settings)
    app.config[EXPORTED] = True
    return app.test_client(use_cookies=False)


def ask(port: int, path: str, accept: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Accept": accept, **headers})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Answer(
        response.status,
        response.headers.get("Content-Type", "").partition(";")[0],
        response.headers.get("Location", ""),
        body,
    )


def test_every_known_client_is_in_the_list() -> None:
    sent = {value for lines in clients().values() for name, value in lines if name.lower() == "accept"}
    assert sent <= set(accepts())


@needs_nginx
@pytest.mark.parametrize("path", PATHS)
def test_each_client_gets_what_the_server_sends(port: int, client: FlaskClient, path: str) -> None:
    for accept in accepts():
        there = client.get(PREFIX + path, headers={"Accept": accept, "Accept-Language": "fr"})
        here = ask(port, PREFIX + path, accept, **{"Accept-Language": "fr"})
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
def test_a_file_is_what_the_server_sends(port: int, client: FlaskClient, path: str, accept: str) -> None:
    there = client.get(PREFIX + path, headers={"Accept": accept}, buffered=True)
    here = ask(port, PREFIX + path, accept)
    assert (here.status, here.body == there.data, here.media_type) == (200, True, there.mimetype)


@needs_nginx
def test_identities_redirect_are_gone_or_unknown_as_on_the_server(port: int, client: FlaskClient) -> None:
    for path in (
        "id/pole/archer",
        "id/pole/renamed",
        "id/pole/retired",
        "id/pole/nothing",
        "doc/pole/renamed",
        "doc/pole/nothing",
        "doc",
        "id",
    ):
        for accept in ("text/turtle", "text/html", "*/*"):
            there = client.get(PREFIX + path, headers={"Accept": accept})
            here = ask(port, PREFIX + path, accept)
            assert (here.status, here.location) == (there.status_code, there.headers.get("Location", "")), (
                path
            )


@needs_nginx
def test_what_the_server_lists_is_told_by_the_dataset(port: int, client: FlaskClient, exported: Path) -> None:
    release = json.loads((exported / MARKER).read_text(encoding="utf-8"))["release"]
    for path in ("dumps/latest", "dumps/latest/", f"dumps/{release}"):
        here = ask(port, PREFIX + path, "text/html")
        assert (here.status, here.location) == (303, f"{PREFIX}dataset/all"), path
    assert ask(port, f"{PREFIX}dumps/0123456789abcdef", "text/html").status == 404
    assert ask(port, f"{PREFIX}doc/", "text/html").location == f"{PREFIX}api"


@needs_nginx
def test_languages_and_charset(port: int) -> None:
    for header, language in (
        ("fr-CA, en;q=0.5", "fr"),
        ("en-GB", "en"),
        ("de, en;q=0.7", "en"),
        ("de", "fr"),
    ):
        page = ask(port, f"{PREFIX}doc/pole/archer", "text/html", **{"Accept-Language": header}).body.decode()
        assert f'<html lang="{language}"' in page
    assert '<html lang="en"' in ask(port, f"{PREFIX}poles", "text/html", Cookie="lang=en").body.decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"{PREFIX}doc/pole/archer", headers={"Accept": "text/turtle"})
    response = connection.getresponse()
    response.read()
    assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in response.headers["Vary"]
    connection.close()


@needs_nginx
def test_rdflib_follows_an_identity(port: int) -> None:
    graph = rdflib.Graph().parse(f"http://127.0.0.1:{port}{PREFIX}id/pole/archer")
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
def test_pages_and_views_that_are_not_there(port: int, client: FlaskClient, path: str, status: int) -> None:
    assert client.get(PREFIX + path, headers={"Accept": "text/html"}).status_code == status
    assert ask(port, PREFIX + path, "text/html").status == status


@needs_nginx
def test_rows_are_never_all_where_a_filter_asks_for_some(port: int) -> None:
    assert ask(port, f"{PREFIX}api/poles.json?stage=emerging", "*/*").status == 404


@needs_nginx
def test_headers_say_which_representation_it_is(port: int, client: FlaskClient) -> None:
    for path, accept in (
        ("doc/pole/archer", "text/turtle"),
        ("doc/pole/archer", "text/n3"),
        ("doc/pole/archer.n3", "*/*"),
        ("doc/pole/archer", "text/html"),
        ("doc/pole/archer.jsonld", "*/*"),
        ("catalog", "*/*"),
        ("doc/pole/archer", "application/linkset+json"),
    ):
        there = client.get(PREFIX + path, headers={"Accept": accept}).headers
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", PREFIX + path, headers={"Accept": accept})
        response = connection.getresponse()
        response.read()
        connection.close()
        assert response.headers["Content-Location"] == there["Content-Location"], (path, accept)
        for each in (response.headers["Link"] or "").split(", "):
            assert each in there["Link"], (path, accept)


#: What only a server has: the page of the catalogue names these services.
SERVED = {"fragments"}


@needs_nginx
def test_every_link_of_every_page_answers(port: int, client: FlaskClient) -> None:
    waiting, seen = [PREFIX], {PREFIX}
    dead = []
    while waiting:
        page = waiting.pop()
        answer = ask(port, page, "text/html,*/*;q=0.1")
        if answer.status in (301, 303):
            answer = ask(port, answer.location, "text/html,*/*;q=0.1")
        is_dead = answer.status not in (200, 410) and page.removeprefix(PREFIX) not in SERVED
        if is_dead and client.get(page).status_code != 404:  # of some things the small release says nothing
            dead.append((page, answer.status))
        if answer.media_type != "text/html" or page == f"{PREFIX}api":  # which leads to what a server does
            continue
        for found in re.findall(r'(?:href|src)="([^"]+)"', answer.body.decode()):
            target = html.unescape(found).partition("#")[0].removeprefix(BASE.removesuffix(PREFIX))
            target = urljoin(page, target)
            if target.startswith(PREFIX) and target not in seen and "lang=" not in target:
                seen.add(target)
                waiting.append(target)
    assert not dead
    assert len(seen) > 500


def test_somebody_s_folder_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(ReleaseError, match="not empty and holds no ptce-lod-export"):
        export_site(settings, tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "letter.txt"]
    with pytest.raises(ReleaseError, match="is a file"):
        export_site(settings, tmp_path / "mine/letter.txt")


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """An export from before."""
    target = tmp_path / "out"
    (target / "site").mkdir(parents=True)
    (target / MARKER).write_text("{}", encoding="utf-8")
    return target


def test_a_disk_that_takes_no_more_leaves_the_earlier_export(settings: Settings, earlier: Path) -> None:
    def bound() -> None:  # writing beyond a file's first 100 kB fails, in all processes
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = [sys.executable, "-m", "ptce_lod.cli", "export-site", str(earlier)]
    done = subprocess.run(
        command,
        env=environment(BASE, 8000, settings.var_dir),
        preexec_fn=bound,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 5
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in earlier.iterdir()) == [MARKER, "site"]
    assert [path.name for path in earlier.parent.iterdir()] == ["out"]


def test_a_second_export_to_the_same_place_is_refused_while_one_runs(earlier: Path) -> None:
    with (
        whole(earlier, MARKER) as folder,
        pytest.raises(ReleaseLocked, match="another process"),
        whole(earlier, MARKER),
    ):
        pytest.fail("two at a time")
    assert earlier.is_dir()
    assert not folder.exists()


@pytest.mark.parametrize("steps", ["one", "three"])
def test_two_folders_change_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: str) -> None:
    if steps == "three":
        monkeypatch.setattr(sys, "platform", "darwin")
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "new", tmp_path / "old")
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["new"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["old"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_take_the_place_leaves_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    (tmp_path / "old").mkdir()
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "missing", tmp_path / "old")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_an_interrupted_export_leaves_the_earlier_one_and_the_next_cleans_up(
    settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / MARKER).write_text("{}", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "ptce_lod.cli", "export-site", str(target)],
        env=environment(BASE, 8000, settings.var_dir),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not list(tmp_path.glob(".out.new-*/site")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    assert [path.name for path in target.iterdir()] == [MARKER]
    export_site(settings, target)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "nginx.conf").is_file()
