"""The redirects of w3id.org in a real Apache: each kind of identifier leads to its document, anything else nowhere."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from tests.conftest import PROJECT
from tests.integration.conftest import free_port

APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin")
MODULES = Path("/usr/lib/apache2/modules")
BASE = "https://data.example.org/ptce"
pytestmark = pytest.mark.skipif(APACHE is None, reason="apache2 is not installed")
CONFIGURATION = """
ServerRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
Listen 127.0.0.1:{port}
ServerName w3id.org
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule rewrite_module {modules}/mod_rewrite.so
LoadModule authz_core_module {modules}/mod_authz_core.so
DocumentRoot {folder}/www
<Directory {folder}/www>
  AllowOverride All
  Require all granted
</Directory>
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder, chosen = tmp_path_factory.mktemp("w3id"), free_port()
    (folder / "www/ptce").mkdir(parents=True)
    for path in (folder, folder / "www", folder / "www/ptce", folder.parent):
        path.chmod(0o755)
    shutil.copy(PROJECT / "deploy/w3id/.htaccess", folder / "www/ptce/.htaccess")
    configuration = folder / "apache.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=chosen, modules=MODULES), encoding="utf-8"
    )
    assert APACHE is not None
    apache = subprocess.Popen(
        [APACHE, "-X", "-f", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 15
    while True:
        try:
            ask(chosen, "/")
            break
        except OSError:
            assert apache.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield chosen
    apache.terminate()
    apache.wait(timeout=10)


def ask(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept": "text/turtle"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers.get("Location", "")


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("ns", 303, "/ns"),
        ("ns.ttl", 303, "/ns.ttl"),
        ("ns/0.1.0", 303, "/ns/0.1.0"),
        ("ns?lang=en", 303, "/ns?lang=en"),
        ("shapes", 303, "/shapes"),
        ("scheme/stage", 303, "/scheme/stage"),
        ("concept/actor-type/local-authority", 303, "/concept/actor-type/local-authority"),
        ("id/pole/archer", 303, "/id/pole/archer"),
        ("graph/poles/2026-11-22", 303, "/graph/poles/2026-11-22"),
        ("datatype/siren", 303, "/ns#siren"),
        ("alignments", 303, "/ns"),
        ("context.jsonld", 302, "/context.jsonld"),
        ("logo", 302, "/logo"),
        ("", 302, "/"),
        ("nothing", 404, ""),
        ("id/pole", 404, ""),
        ("ns/../../etc/passwd", 404, ""),
        ("id/pole/a%0d%0aSet-Cookie:x", 404, ""),
        ("nsx", 404, ""),
    ],
)
def test_each_kind_of_identifier_leads_to_its_document(
    port: int, path: str, status: int, target: str
) -> None:
    assert ask(port, f"/ptce/{path}") == (status, BASE + target if target else "")


def test_every_fixed_iri_of_the_release_is_redirected(port: int, published: Settings) -> None:
    dump = VarLayout(published.var_dir).published().dumps / "all.nt"
    found = {
        node.value.partition("#")[0]
        for triple in ox.parse(path=str(dump), format=ox.RdfFormat.N_TRIPLES)
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, ox.NamedNode) and node.value.startswith("https://w3id.org/ptce/")
    }
    assert len(found) > 200
    lost = {iri for iri in found if ask(port, iri.removeprefix("https://w3id.org"))[0] not in (302, 303)}
    assert not lost
