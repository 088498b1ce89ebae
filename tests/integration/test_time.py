"""Time over HTTP: what a write does to dates, mementos, time maps and histories, in every process of the server at once."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import pytest
import rdflib

from ptce_lod.release.history import moment_of
from ptce_lod.release.publish import locked, rollback
from ptce_lod.release.publish_log import publications
from tests.integration.conftest import (
    Server,
    open_descriptors,
    open_files,
    writable_site,
)

TOKENS = '[[token]]\nname = "alice"\nsecret = "alice\'s secret"\nscopes = ["update"]\n'
UN, DEUX = "/doc/pole/un", "/doc/pole/deux"
NAMES = ("Un, autrement", "Un, encore autrement", "Un, pour de bon")


class Client:
    """Asks over one connection for each request, so that any process may answer; follows no redirect."""

    def __init__(self, site: Server) -> None:
        self.site = site

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def update(self, text: str) -> None:
        status, _, body = self.ask(
            "/update",
            method="POST",
            body=text.encode(),
            Content_Type="application/sparql-update",
            Authorization="Bearer alice's secret",
        )
        assert status in (200, 204), body

    def modified(self, path: str) -> str:
        return str(self.ask(path, Accept="text/turtle")[1]["Last-Modified"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two processes and few descriptors."""
    with writable_site(tmp_path_factory.mktemp("time"), TOKENS) as served:
        yield served


class Past:
    """What was served of a document after each publication: (date, bytes in Turtle and N-Quads)."""

    def __init__(self) -> None:
        self.dates: list[str] = []
        self.served: list[tuple[bytes, bytes]] = []
        self.other = ""


@pytest.fixture(scope="module")
def past(site: Server) -> Past:
    """Three writes that change one pole, a second or more apart, and what was served in between."""
    client, found = Client(site), Past()
    found.other = client.modified(DEUX)
    for name in ("", *NAMES):
        if name:
            client.update(f'INSERT DATA {{ poleid:un skos:altLabel "{name}"@fr }}')
        found.dates.append(client.modified(UN))
        found.served.append((client.ask(f"{UN}.ttl")[2], client.ask(f"{UN}.nq")[2]))
    return found


def links(header: str) -> dict[str, str]:
    """Return relation → target; one link may have several relations."""
    return {
        relation: m[1] for m in re.finditer(r'<([^>]*)>; rel="([^"]*)"', header) for relation in m[2].split()
    }


def test_a_write_dates_what_it_changes_and_nothing_else(site: Server, past: Past) -> None:
    client = Client(site)
    moments = [parsedate_to_datetime(date) for date in past.dates]
    assert moments == sorted(set(moments))
    logged = [moment_of(publication) for publication in publications(site.var)][: len(moments)]
    assert moments == logged, "seen at once, whichever process answered"
    for _ in range(6):  # both processes
        assert client.modified(DEUX) == past.other
        assert client.modified("/poles") == past.dates[-1]
    sitemap = client.ask("/sitemap.xml")[2].decode()
    dated = dict(re.findall(r"<loc>([^<]*)</loc><lastmod>([^<]*)</lastmod>", sitemap))
    assert dated[site.base + UN[1:]] == moments[-1].isoformat().replace("+00:00", "Z")
    assert dated[site.base + DEUX[1:]] == moments[0].isoformat().replace("+00:00", "Z")


def test_conditions_by_date_hold_in_every_process(site: Server, past: Past) -> None:
    client = Client(site)
    for _ in range(6):
        assert client.ask(f"{UN}.ttl", If_Modified_Since=past.dates[-1])[0] == 304
        assert client.ask(f"{UN}.ttl", If_Modified_Since=past.dates[-2])[0] == 200
        assert client.ask(f"{UN}.ttl", method="HEAD", If_Modified_Since=past.dates[-1])[0] == 304
        assert client.ask(f"{DEUX}.ttl", If_Modified_Since=past.dates[0])[0] == 304
        status, headers, _ = client.ask(
            f"{UN}.ttl", If_Modified_Since=past.dates[-1], If_None_Match='"other"'
        )
        assert (status, headers["Last-Modified"]) == (200, past.dates[-1])


def test_each_former_state_is_served_byte_for_byte_as_it_was(site: Server, past: Past) -> None:
    client = Client(site)
    for date, (turtle, quads) in zip(past.dates, past.served, strict=True):
        for extension, was in (("ttl", turtle), ("nq", quads)):
            status, headers, _ = client.ask(f"{UN}.{extension}", Accept_Datetime=date)
            assert status == 302
            assert "accept-datetime" in headers["Vary"].lower()
            status, headers, body = client.ask(headers["Location"])
            assert (status, headers["Memento-Datetime"]) == (200, date)
            assert body == was


def test_the_steps_of_rfc_7089_from_a_thing_to_its_state_between_two_changes(
    site: Server, past: Past
) -> None:
    """URI-R → URI-G → URI-M, by nothing but headers, as a client does (RFC 7089 section 4.1)."""
    client = Client(site)
    first, second = (parsedate_to_datetime(date) for date in past.dates[:2])
    between = format_datetime(first + (second - first) / 2, usegmt=True)
    address, steps = site.base + "id/pole/un", 0
    while True:
        status, headers, body = client.ask(
            urlsplit(address).path, Accept="text/turtle", Accept_Datetime=between
        )
        steps += 1
        if status == 200:
            break
        assert status in (302, 303)
        address = urljoin(address, headers["Location"])
    assert steps == 3
    assert headers["Memento-Datetime"] == past.dates[0]
    found = links(headers["Link"])
    assert found["original"] == found["timegate"] == site.base + UN[1:]
    assert found["last"].endswith(UN)
    assert found["next"] != found["last"]
    graph = rdflib.Graph().parse(data=body)
    assert NAMES[0] not in {str(name) for name in graph.objects()}
    following = client.ask(urlsplit(found["next"]).path, Accept="text/turtle")
    assert NAMES[0] in {str(name) for name in rdflib.Graph().parse(data=following[2]).objects()}
    far = client.ask(UN, Accept_Datetime="Thu, 01 Jan 1970 00:00:00 GMT")[1]["Location"]
    assert urljoin(site.base, far) == links(following[1]["Link"])["first"]


def test_the_time_map_lists_the_states_in_each_format(site: Server, past: Past) -> None:
    client = Client(site)
    target = links(client.ask(UN)[1]["Link"])["timemap"]
    status, headers, body = client.ask(urlsplit(target).path, Accept="application/link-format")
    assert (status, headers["Content-Type"]) == (200, "application/link-format")
    listed = re.findall(r'<([^>]*)>; rel="[^"]*memento"; datetime="([^"]*)"', body.decode())
    assert [date for _, date in listed[: len(past.dates)]] == past.dates
    as_json = json.loads(client.ask(urlsplit(target).path, Accept="application/json")[2])
    assert [entry["uri"] for entry in as_json["mementos"]["list"]] == [address for address, _ in listed]
    other = json.loads(client.ask(f"/timemap/json{DEUX}")[2])
    assert len(other["mementos"]["list"]) == 1, "publications that did not change it are none of its states"


def test_the_history_tells_who_came_and_went(site: Server, past: Past) -> None:
    client = Client(site)
    changes = json.loads(client.ask(f"{UN}?history", Accept="application/json")[2])["changes"]
    said = [change["statements"]["added"] for change in changes if change["kind"] == "changed"]
    assert [len(added) for added in said] == [1] * len(NAMES)
    assert all(name in added[0] for name, added in zip(reversed(NAMES), said, strict=True))
    page = client.ask(f"{UN}?history", Accept="text/html", Accept_Language="en")[2].decode()
    assert all(name in page for name in NAMES)
    graph = rdflib.Graph().parse(data=client.ask(f"{UN}?history", Accept="text/turtle")[2])
    assert len(set(graph.subject_objects(rdflib.PROV.wasRevisionOf))) == len(NAMES)


def test_many_readers_of_many_days_leave_no_file_open(site: Server, past: Past) -> None:
    client = Client(site)
    addresses = [client.ask(f"{UN}.ttl", Accept_Datetime=date)[1]["Location"] for date in past.dates]
    addresses += [f"{UN}?history", "/timemap/json/poles"]

    def read_all(times: int) -> int:
        for turn in range(times):
            for address in addresses:
                # an address of its own for each time: nothing is answered from memory
                joint = "&" if "?" in address else "?"
                assert client.ask(f"{address}{joint}turn={times}-{turn}")[0] == 200
        return max(open_descriptors(pid) for pid in (site.process.pid, *site.children()))

    few = read_all(4)
    assert read_all(12) <= few + 6
    assert open_files(site) < 100


def test_a_roll_back_is_a_publication_like_another(site: Server, past: Past) -> None:
    """Last: it changes what the tests above look at."""
    client = Client(site)
    time.sleep(1.1)
    with locked(site.var):
        rollback(site.var)
    status, headers, body = client.ask(f"{UN}.ttl", If_Modified_Since=past.dates[-1])
    assert status == 200, "what went back is a change"
    assert body == past.served[-2][0]
    assert parsedate_to_datetime(headers["Last-Modified"]) > parsedate_to_datetime(past.dates[-1])
    assert client.modified(DEUX) == past.other
    location = client.ask(f"{UN}.ttl", Accept_Datetime=past.dates[-1])[1]["Location"]
    assert client.ask(location)[2] == past.served[-1][0]
    latest = json.loads(client.ask(f"{UN}?history", Accept="application/json")[2])["changes"][0]
    assert (latest["kind"], latest["added"], latest["removed"]) == ("changed", 0, 1)
