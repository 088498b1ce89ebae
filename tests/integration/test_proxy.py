"""A real nginx in front, with TLS and a path of its own: nothing that a client says of host, scheme or path comes back."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
import rdflib

from ptce_lod.web.links import LICENSE
from tests.integration.conftest import environment, free_port, start, stop, wait_until_ready
from tests.unit.query.small_release import build_small_release

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(NGINX is None or OPENSSL is None, reason="nginx or openssl is not installed")
#: What a client may claim; none of it may come back.
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-For": "203.0.113.66",
    "Forwarded": "host=evil.example;proto=http",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-Script-Name": "/evil",
    "X-Host": "evil.example",
}
#: Paths below the prefix → status for a client that follows nothing.
PATHS = {
    "": 200,
    "doc/pole/archer": 200,
    "doc/pole/archer.ttl": 200,
    "doc/pole/archer.jsonld": 200,
    "doc/pole/archer.linkset.json": 200,
    "id/pole/archer": 303,
    "id/pole/renamed": 301,
    "id/Pole/Archer": 301,
    "poles/": 301,
    "poles": 200,
    "ns": 200,
    "catalog": 200,
    "catalog.ttl": 200,
    "sparql": 200,
    "sparql?query=ASK%20%7B%7D": 200,
    ".well-known/void": 200,
    "dataset/poles": 200,
    ".well-known/api-catalog": 200,
    "sitemap.xml": 200,
    "robots.txt": 200,
    "llms.txt": 200,
    "dumps/latest/all.nq": 200,
    "doc/pole/nowhere": 404,
    "poles?page=x": 400,
    "doc/pole/archer?lang=en": 200,
}


@dataclass
class Proxy:
    """``base`` is the public address, ``strips`` says whether nginx takes the prefix away."""

    base: str
    trust: ssl.SSLContext
    config: str

    def ask(self, path: str, **headers: str) -> tuple[int, Message, bytes]:
        request = urllib.request.Request(
            self.base + path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=self.trust), _Stay())
        try:
            with opener.open(request, timeout=20) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate of this address; return what trusts it and nothing else."""
    subprocess.run(
        [
            *(
                str(OPENSSL),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))


def configuration(folder: Path, port: int, behind: str) -> str:
    return f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    location /ptce/ {{
      proxy_pass {behind};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_redirect off;
    }}
  }}
}}
"""


@pytest.fixture(scope="module", params=["prefix stripped", "prefix kept"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    trust = certificate(folder)
    inner, outer = free_port(), free_port()
    base = f"https://127.0.0.1:{outer}/ptce/"
    build_small_release(folder / "var", base_iri=base)
    behind = start(folder / "var", folder / "log", inner, PTCE_BASE_IRI=base)
    wait_until_ready(f"http://127.0.0.1:{inner}/", behind, folder / "log")
    config = configuration(
        folder, outer, f"http://127.0.0.1:{inner}" + ("/" if "stripped" in request.param else "")
    )
    (folder / "nginx.conf").write_text(config)
    nginx = subprocess.Popen(
        [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")],
        env=environment(base, inner, folder / "var"),
    )
    made = Proxy(base, trust, config)
    deadline = time.monotonic() + 10
    while True:
        try:
            made.ask("healthz")
            break
        except OSError:
            assert time.monotonic() < deadline, (folder / "error.log").read_text()
            assert nginx.poll() is None, (folder / "error.log").read_text()
            time.sleep(0.05)
    yield made
    nginx.terminate()
    nginx.wait(timeout=10)
    stop(behind)


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "*/*"])
@pytest.mark.parametrize("path", PATHS)
def test_no_claim_of_a_client_comes_back(proxy: Proxy, path: str, accept: str) -> None:
    honest = proxy.ask(path, Accept=accept)
    for host in (None, "evil.example"):
        claims = {**FORGED, **({"Host": host} if host else {})}
        status, headers, body = proxy.ask(path, Accept=accept, **claims)
        assert status == honest[0]
        assert b"evil" not in body
        assert "evil" not in str(headers)
        assert ":6666" not in str(headers), "with its colon: a trace id may hold the digits by chance"
        if status == 200:
            assert body == honest[2], "not a byte depends on it"
    if accept == "*/*":
        assert honest[0] == PATHS[path]


@pytest.mark.parametrize("path", [path for path, status in PATHS.items() if status == 200])
def test_every_address_is_the_public_one(proxy: Proxy, path: str) -> None:
    """Links, Content-Location and what the body says begin with https and the prefix: never with the address behind."""
    _, headers, body = proxy.ask(path, Accept="text/html")
    text = f"{headers}\n{body.decode()}"
    assert "http://127.0.0.1" not in text
    local = re.findall(r"https://127\.0\.0\.1:\d+/[^\s\"'<>)]*", text)
    assert [address for address in local if not address.startswith(proxy.base)] == []
    if headers.get_content_type() == "text/html":
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', body.decode())
        assert links
        assert [link for link in links if not link.startswith("/ptce/")] == []


@pytest.mark.parametrize("path", [path for path, status in PATHS.items() if status in (301, 303)])
def test_a_redirect_stays_on_the_proxy(proxy: Proxy, path: str) -> None:
    status, headers, body = proxy.ask(path, Accept="text/turtle", **FORGED)
    assert status == PATHS[path]
    for _ in range(2):
        if status in (301, 303):
            assert headers["Location"].startswith("/ptce/")
            status, headers, body = proxy.ask(
                headers["Location"].removeprefix("/ptce/"), Accept="text/turtle"
            )
    assert status == 200
    assert body


def test_links_of_a_page_lead_back_through_the_proxy(proxy: Proxy) -> None:
    _, headers, body = proxy.ask("doc/pole/archer", Accept="text/html")
    found = re.findall(r'href="/ptce/([^"#]*)', body.decode())
    found += re.findall(re.escape(proxy.base) + r'([^>"]*)>; rel', headers["Link"])
    targets = {each.replace("&amp;", "&") for each in found}
    assert len(targets) > 20
    for target in sorted(targets - {"id/agent/project"}):  # whom the small release says nothing of
        assert proxy.ask(target, Accept="text/html, */*;q=0.5")[0] in (200, 301, 302, 303), target


def test_the_data_name_what_the_proxy_serves(proxy: Proxy) -> None:
    iri = f"{proxy.base}id/pole/archer"
    _, headers, body = proxy.ask("doc/pole/archer", Accept="text/turtle")
    graph = rdflib.Graph().parse(data=body, format="turtle", publicID=headers["Content-Location"])
    assert (rdflib.URIRef(iri), rdflib.SKOS.prefLabel, rdflib.Literal("Pôle Sud Archer", lang="fr")) in graph
    assert f'<{iri}>; rel="cite-as"' in headers["Link"]
    assert f'<{LICENSE}>; rel="license"' in headers["Link"]


def test_what_the_proxy_keeps_of_headers_lets_caches_work(proxy: Proxy) -> None:
    _, headers, _ = proxy.ask("doc/pole/archer.ttl", Accept_Encoding="gzip")
    assert headers["ETag"].startswith('"'), "strong: nginx makes a tag weak when it compresses itself"
    status, again, body = proxy.ask(
        "doc/pole/archer.ttl", Accept_Encoding="gzip", If_None_Match=headers["ETag"]
    )
    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    assert {"Accept", "Accept-Encoding"} <= {each.strip() for each in headers["Vary"].split(",")}


def test_the_language_is_remembered_below_the_prefix_only(proxy: Proxy) -> None:
    _, headers, _ = proxy.ask("doc/pole/archer?lang=en", Accept="text/html")
    assert "Path=/ptce/" in headers["Set-Cookie"]


ADDRESSES = [
    ("doc/pole/archer", "text/html", "fr", ""),
    ("doc/pole/archer", "text/html", "en", "br"),
    ("doc/pole/archer.ttl", "*/*", "fr", "gzip"),
    ("doc/pole/archer.jsonld", "*/*", "fr", ""),
    ("poles", "text/turtle", "fr", ""),
    ("ns", "application/ld+json", "fr", "zstd"),
    ("catalog", "*/*", "fr", ""),
    ("sparql", "text/turtle", "fr", ""),
    ("sparql?query=ASK%20%7B%7D", "*/*", "fr", ""),
    ("dumps/latest/all.nq", "*/*", "fr", ""),
    ("report", "text/html", "fr", ""),
]


def tags(port: int, *, times: int) -> dict[tuple[str, ...], set[tuple[str | None, bytes]]]:
    """Return address and headers → (entity tag, body) that came; each asked over connections of its own, so of several processes."""
    found: dict[tuple[str, ...], set[tuple[str | None, bytes]]] = {}
    for _ in range(times):
        for path, accept, language, coding in ADDRESSES:
            headers = {"Accept": accept, "Accept-Language": language, "Accept-Encoding": coding}
            request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers=headers)
            with urllib.request.urlopen(request, timeout=20) as response:
                known = found.setdefault((path, accept, language, coding), set())
                known.add((response.headers["ETag"], response.read()))
    return found


def test_two_processes_and_a_restart_have_equal_entity_tags(tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    build_small_release(tmp_path / "var", base_iri=base)
    runs = []
    for workers in ("2", "2", "1"):
        process = start(tmp_path / "var", tmp_path / "log", port, PTCE_WEB_WORKERS=workers)
        wait_until_ready(base, process, tmp_path / "log")
        runs.append(tags(port, times=8 if workers == "2" else 1))
        assert stop(process) == 0
    for answers in runs:
        assert all(len(each) == 1 for each in answers.values()), "every process answers alike, byte by byte"
    assert runs[0] == runs[1] == runs[2]
    assert all(
        tag and tag.startswith('"') for answers in runs for each in answers.values() for tag, _ in each
    )
