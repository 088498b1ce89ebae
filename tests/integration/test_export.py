"""An exported site: under nginx it answers as the server does; an export that fails leaves the earlier one whole."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rdflib
from flask.testing import FlaskClient

from ptce_lod.errors import ReleaseError
from ptce_lod.export import site as exporting
from ptce_lod.export.nginx import accepts
from ptce_lod.export.site import MARKER, export_site
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
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
    return create_app(settings).test_client(use_cookies=False)


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
        ("doc/pole/archer.jsonld", "*/*"),
        ("catalog", "*/*"),
        ("ns.ttl", "*/*"),
        ("dumps/latest/all.nq", "*/*"),
        ("api/poles.json", "*/*"),
        ("static/css/site.css", "*/*"),
        ("doc/pole/archer?lang=en", "text/html"),
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
    ):
        there = client.get(PREFIX + path, headers={"Accept": "text/turtle"})
        here = ask(port, PREFIX + path, "text/turtle")
        assert (here.status, here.location) == (there.status_code, there.headers.get("Location", "")), path


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


def test_somebody_s_folder_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(ReleaseError, match="not empty and no earlier export"):
        export_site(settings, tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "letter.txt"]
    with pytest.raises(ReleaseError, match="is a file"):
        export_site(settings, tmp_path / "mine/letter.txt")


def test_a_disk_that_takes_no_more_leaves_the_earlier_export(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / MARKER).write_text("{}", encoding="utf-8")
    (target / "site").mkdir()

    def full(site: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_compress", full)
    with pytest.raises(ReleaseError, match="No space left"):
        export_site(settings, target)
    assert sorted(path.name for path in target.iterdir()) == [MARKER, "site"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


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
    while not list(tmp_path.glob("out.new-*/site")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    assert [path.name for path in target.iterdir()] == [MARKER]
    export_site(settings, target)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "nginx.conf").is_file()
