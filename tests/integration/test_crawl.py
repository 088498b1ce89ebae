"""The whole site, walked from its start and its sitemap: every link leads somewhere, every fragment is there, all is well-formed.

Asked are every page, and of their other forms (files, views, languages, histories, mementos) some of each kind and type of thing: there are
some fifty thousand, and test_dereference.py reads the formats of all things.
"""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.formats import RDF_BY_EXTENSION
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.integration.conftest import Server

#: Elements whose attribute is an address that a browser asks for.
_LINKS = {
    "a": "href",
    "link": "href",
    "script": "src",
    "img": "src",
    "use": "href",
    "form": "action",
    "iframe": "src",
}
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
#: Documents of things; SHACL and OWL cannot be written without blank nodes, and so dumps cannot, either.
_WITHOUT_BLANK_NODES = ("/doc/", "/concept/", "/scheme/", "/graph/")
#: How many forms of each kind are asked.
_OF_EACH_KIND = 3


class Page(HTMLParser):
    """What a page holds: its links, its ids, and elements that are closed by another."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.unbalanced: list[str] = []
        self.language = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.unbalanced += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        if values.get("id"):
            self.ids[str(values["id"])] += 1
        if (
            tag in _LINKS
            and values.get(_LINKS[tag])
            and not (tag == "form" and values.get("method") == "post")
        ):
            self.links.append(str(values[_LINKS[tag]]))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag not in ("p", "li"):
            self.unbalanced.append(f"</{tag}>")


@dataclass
class Crawl:
    """What was found: ``pages`` by path, links by the page they stand on, and what is wrong."""

    base: str
    pages: dict[str, Counter[str]] = field(default_factory=dict)
    linked: dict[str, str] = field(default_factory=dict)
    fragments: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def local(self, page: str, link: str) -> tuple[str, str] | None:
        """Return path with query, and fragment, of a link that stays on the site."""
        target = urllib.parse.urljoin(self.base[:-1] + page, link)
        address, fragment = urllib.parse.urldefrag(target)
        if not address.startswith(self.base):
            return None
        return address[len(self.base) - 1 :], urllib.parse.unquote(fragment)


def kind_of(address: str) -> str:
    """Return what kind of other form an address is; "" for the plain address of a resource."""
    parts = urllib.parse.urlsplit(address)
    first, _, rest = parts.path.lstrip("/").partition("/")
    if first in ("memento", "timemap", "dumps"):
        return f"{first}/{rest.rpartition('.')[2] if first == 'dumps' else rest.split('/')[-2:][0]}"
    names = sorted(name for name, _ in urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
    extension = ".".join(each for each in parts.path.split(".")[1:] if each.isalpha())
    if not names and not extension:
        return ""
    return f"{first}/{rest.partition('/')[0] if first == 'doc' else ''} {extension} {names}"


def crawl(client: FlaskClient, base: str, language: str, begin: list[str]) -> Crawl:
    """Walk every page in one language; ask every other address that is linked once."""
    found = Crawl(base)
    waiting, seen = list(begin), set(begin)
    headers = {"Accept": "text/html,*/*;q=0.1", "Accept-Language": language}
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop()
        answer = client.get(path, headers=headers)
        answer.get_data()
        answer.close()
        if answer.status_code == 303 or (answer.status_code == 301 and path == "/"):
            location = answer.headers["Location"]
            if location not in seen:
                seen.add(location)
                found.linked[location] = path
                waiting.append(location)
            continue
        if answer.status_code not in (200, 410):
            found.wrong.append(f"{path} is {answer.status_code}, linked from {found.linked.get(path)}")
            continue
        if answer.mimetype == "text/html":
            page = Page(answer.text)
            found.pages[path] = page.ids
            found.wrong += [f"{path} has the id {name!r} {n} times" for name, n in page.ids.items() if n > 1]
            found.wrong += [f"{path} has unbalanced {name}" for name in page.unbalanced]
            if page.language != language and "lang=" not in path and not path.startswith("/report"):
                found.wrong.append(f"{path} is in {page.language!r}")
            links = page.links
        else:
            links = []
            found.wrong += [f"{path}: {problem}" for problem in damaged(path, answer.mimetype, answer.data)]
        for link in links:
            target = found.local(path, link)
            if target is None:
                continue
            address, fragment = target
            if fragment:
                found.fragments.append((path, address, fragment))
            if address in seen:
                continue
            kind = kind_of(address)
            kinds[kind] += 1
            if not kind or kinds[kind] <= _OF_EACH_KIND:
                seen.add(address)
                found.linked[address] = path
                waiting.append(address)
    return found


def is_unwritten(ids: Counter[str], address: str) -> bool:
    """Say whether a page is that of the shapes without any of them: until it is written, RDF alone has them."""
    return (
        address.lstrip("/").startswith(("shapes", "memento"))
        and "shapes" in address
        and not any(name.endswith("Shape") for name in ids)
    )


def damaged(path: str, media_type: str, body: bytes) -> Iterator[str]:
    """Yield what is wrong with a document that is no page."""
    extension = path.partition("?")[0].rpartition(".")[2]
    try:
        if extension in RDF_BY_EXTENSION:
            for quad in ox.parse(
                body, format=ox.RdfFormat.from_media_type(RDF_BY_EXTENSION[extension].media_type)
            ):
                if isinstance(quad.subject, ox.BlankNode) and path.startswith(_WITHOUT_BLANK_NODES):
                    yield "holds a blank node"
                    break
        elif media_type.endswith("xml"):
            ElementTree.fromstring(body)
    except (SyntaxError, ValueError) as error:
        yield f"cannot be read as {media_type}: {error}"
    if not body:
        yield "is empty"


@pytest.fixture(scope="module")
def client(published: Settings, backend: EmbeddedBackend) -> FlaskClient:
    return create_app(published, backend).test_client(use_cookies=False)


def sitemap(client: FlaskClient, base: str) -> list[str]:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return [str(each.text)[len(base) - 1 :] for each in tree.iter(f"{space}loc")]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_link_of_every_page_leads_somewhere(
    client: FlaskClient, published: Settings, language: str
) -> None:
    base = published.base_iri
    mapped = sitemap(client, base)
    assert len(mapped) > 500
    found = crawl(client, base, language, ["/", *mapped])
    assert set(mapped) <= set(found.pages), "what the sitemap lists is a page"
    assert len(found.pages) > 1500
    missing = {
        f"{address}#{fragment}, linked from {page}"
        for page, address, fragment in found.fragments
        if address in found.pages
        and fragment not in found.pages[address]
        and not is_unwritten(found.pages[address], address)
        # The editor reads a query from there: it never was an id.
        and not (address == "/sparql" and fragment.startswith("query="))
    }
    assert "\n".join([*found.wrong[:40], *sorted(missing)[:20]]) == ""
    assert len(found.fragments) > 100


def test_the_iri_that_a_document_prints_is_the_iri_that_was_asked_for(
    client: FlaskClient, published: Settings
) -> None:
    """On every page of a thing: its IRI in the head (cite-as) and in the text, for who copies it."""
    base = published.base_iri
    documents = [path for path in sitemap(client, base) if path.startswith("/doc/")]
    assert len(documents) > 500
    for path in documents:
        iri = base + path.removeprefix("/doc/").join(("id/", ""))
        answer = client.get(path, headers={"Accept": "text/html"})
        assert re.search(rf'<link rel="cite-as" href="{re.escape(iri)}"', answer.text), path
        assert f">{iri}<" in answer.text, path
        named = client.get(iri[len(base) - 1 :])
        assert (named.status_code, named.headers["Location"]) == (303, path)


def test_the_process_serves_what_was_walked(real_server: Server) -> None:
    """A sample over HTTP: every fortieth address of the sitemap, and whatever its page links to."""
    with urllib.request.urlopen(real_server.base + "sitemap.xml") as response:
        addresses = re.findall("<loc>([^<]*)</loc>", response.read().decode())
    linked: set[str] = set()
    for address in addresses[::40]:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers={"Accept": "text/html"})
        ) as response:
            page = Page(response.read().decode())
        found = Crawl(real_server.base)
        for link in page.links:
            target = found.local(address[len(real_server.base) - 1 :], link)
            if target is not None and not kind_of(target[0]):
                linked.add(target[0])
    assert len(linked) > 200
    for path in sorted(linked)[::5]:
        with urllib.request.urlopen(real_server.base[:-1] + path) as response:
            assert response.status == 200
            assert response.read()
