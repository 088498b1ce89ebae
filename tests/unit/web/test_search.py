"""/search, /suggest and /opensearch.xml over the real data: one address for each search, in every format."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.formats import RDF_FORMATS, Format
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.searching import TEXT_LENGTH, Search, read_search

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


def found(client: FlaskClient, **parameters: object) -> dict[str, object]:
    answer = client.get("/search.json", query_string=parameters)
    assert answer.status_code == 200
    return answer.get_json()  # type: ignore[no-any-return]


def test_the_page_marks_what_was_found_and_escapes_everything(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "archer"}).text
    assert "Pôle Sud <mark>Archer</mark>" in page
    attack = "<script>alert(1)</script>\"'&"
    page = client.get("/search", query_string={"q": attack, "region": attack}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))


def test_every_choice_of_a_facet_leads_to_as_many_results_as_it_says(client: FlaskClient) -> None:
    page = client.get("/search?q=insertion&lang=en").text
    choices = re.findall(
        r'<a href="(/search\?[^"]+)" rel="nofollow"><span[^>]*>[^<]*</span> <span class="number">(\d+)</span>',
        page,
    )
    assert len(choices) > 10
    for href, number in choices[::5]:
        answer = client.get(href.replace("&amp;", "&").replace("/search?", "/search.json?"))
        assert answer.get_json()["total"] == int(number), href


def test_a_choice_is_taken_back_by_its_chip(client: FlaskClient) -> None:
    parser = Links()
    parser.feed(client.get("/search?q=archer&type=pole&region=auvergne-rhone-alpes").text)
    chips = [a["href"] for a in parser.found if a.get("class") == "chip"]
    assert chips == ["/search?q=archer&region=auvergne-rhone-alpes", "/search?q=archer&type=pole"]


def test_a_search_has_one_address(client: FlaskClient) -> None:
    first = client.get("/search?type=pole&q=sud+archer&page=1&x=y&region=b&region=a")
    second = client.get("/search?region=a&region=b&q=sud%20%20archer&type=pole&type=pole")
    canonical = re.compile(r'<([^>]+)>; rel="canonical"')
    addresses = {canonical.search(a.headers["Link"])[1] for a in (first, second)}  # type: ignore[index]
    assert addresses == {"http://127.0.0.1:8000/search?q=sud%20archer&type=pole&region=a&region=b"}


def test_the_json_has_the_shape_that_is_documented(client: FlaskClient) -> None:
    body = found(client, q="archer", type="pole")
    assert list(body) == [
        "query", "filters", "reading", "searched", "instead", "total", "page", "pages", "size", "results", "facets", "links",
        "release", "license",
    ]  # fmt: skip
    (result,) = body["results"]  # type: ignore[misc]
    assert result["id"].endswith("/id/pole/pole-sud-archer")  # type: ignore[has-type]
    assert result["document"].endswith("/doc/pole/pole-sud-archer")  # type: ignore[has-type]
    assert result["match"] == {"field": "name", "text": "Pôle Sud Archer", "spans": [[9, 15]]}  # type: ignore[has-type]
    types = {v["value"]: v for v in body["facets"]["type"]}  # type: ignore[index,call-overload]
    assert types["pole"]["chosen"]
    assert types["actor"]["count"] == 3


@pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda f: f.name)
def test_results_are_a_collection_in_every_rdf_format(client: FlaskClient, format_: Format) -> None:
    answer = client.get(f"/search.{format_.extension}?q=archer&type=actor")
    assert answer.mimetype == format_.media_type
    syntax = ox.RdfFormat.from_media_type(format_.media_type)
    assert syntax is not None
    text = " ".join(str(quad) for quad in ox.parse(answer.data, format=syntax))
    assert "/id/actor/groupe-archer" in text
    assert "hydra/core#totalItems" in text
    assert "schema.org/position" in text
    assert "{?q,type," in text


def test_the_feed_is_atom(client: FlaskClient) -> None:
    answer = client.get("/search.atom?q=archr&lang=en")
    assert answer.mimetype == "application/atom+xml"
    assert answer.headers["Content-Language"] == "en"
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    # RFC 4287 section 4.1.1: exactly one id, title and updated; an author; one self link.
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    (own,) = [each for each in feed.findall(f"{ATOM}link") if each.get("rel") == "self"]
    assert own.get("href") == "http://127.0.0.1:8000/search.atom?q=archr&lang=en"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == int(feed.findtext(f"{OPENSEARCH}totalResults") or 0) == 8
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", entry.findtext(f"{ATOM}updated") or "")
        assert entry.findtext(f"{ATOM}title")
        assert entry.find(f"{ATOM}link") is not None


def test_a_feed_of_anything_is_well_formed(client: FlaskClient) -> None:
    for text in ("<&>\"'", "a\x00b\x08c", "\ufffe\uffff", "]]>", "🙂"):
        answer = client.get("/search.atom", query_string={"q": text})
        assert answer.status_code == 200
        ElementTree.fromstring(answer.data)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("application/atom+xml", "application/atom+xml"),
        ("text/turtle", "text/turtle"),
        ("*/*", "text/html"),
    ],
)
def test_formats_are_negotiated(client: FlaskClient, accept: str, expected: str) -> None:
    answer = client.get("/search?q=archer", headers={"Accept": accept})
    assert answer.mimetype == expected
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_other_resources_have_no_new_formats(client: FlaskClient) -> None:
    assert client.get("/poles.atom").status_code == 404
    assert client.get("/poles", headers={"Accept": "application/json"}).mimetype == "application/ld+json"
    assert client.get("/poles", headers={"Accept": "application/atom+xml"}).status_code == 406


def test_pages_follow_each_other(client: FlaskClient) -> None:
    first = found(client, q="pole")
    assert first["pages"] > 1  # type: ignore[operator]
    links = first["links"]
    assert links["next"].endswith("/search?q=pole&page=2")  # type: ignore[index,call-overload]
    assert found(client, q="pole", page=2)["results"] != first["results"]
    assert client.get(f"/search?q=pole&page={first['pages'] + 1}").status_code == 404  # type: ignore[operator]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=" + "9" * 30, "page=²", f"q={'a' * (TEXT_LENGTH + 1)}", "type=" + "a" * 200,
     "&".join(f"year={n}" for n in range(40))],
)  # fmt: skip
def test_what_has_no_meaning_is_refused_with_a_reason(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/search?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["detail"]


@pytest.mark.parametrize("text", ["", '"', "NEAR(", "a" * TEXT_LENGTH, "é\x00x", "archer OR *", "'; --"])
def test_a_search_never_fails_on_what_is_typed(client: FlaskClient, text: str) -> None:
    for path in ("/search", "/search.json", "/search.atom", "/search.ttl", "/suggest"):
        assert client.get(path, query_string={"q": text}).status_code == 200


def test_a_typo_is_told(client: FlaskClient) -> None:
    assert "results for “archer”" in client.get("/search?q=archr&lang=en").text
    assert "Voici les résultats pour" in client.get("/search?q=archr&lang=fr").text


def test_without_a_text_the_page_helps_and_choices_list_everything(client: FlaskClient) -> None:
    assert "What can be found" in client.get("/search?lang=en").text
    regions = client.get("/statistics.json").get_json()["poles_by_region"]
    (count,) = (r["count"] for r in regions if r["iri"].endswith("/region-bretagne"))
    assert found(client, type="pole", region="bretagne")["total"] == count


def test_a_state_is_kept_until_the_next_release(client: FlaskClient) -> None:
    for path in ("/search?q=archer", "/search.json?q=archer", "/suggest?q=arch", "/opensearch.xml"):
        answer = client.get(path)
        assert "public" in answer.headers["Cache-Control"]
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert not again.data
    one, other = (client.get(f"/suggest?q=arch&lang={code}").headers["ETag"] for code in ("fr", "en"))
    assert one != other


def test_suggestions_are_opensearch_suggestions(client: FlaskClient) -> None:
    answer = client.get("/suggest?q=ecos&limit=3&lang=en")
    assert answer.mimetype == "application/x-suggestions+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    text, names, about, addresses = json.loads(answer.data)
    assert text == "ecos"
    assert names[0] == "Les Écossolies"
    assert about[0].startswith("pole · Nantes")
    assert addresses[0].endswith("/doc/pole/ecossolies")
    assert len(names) == len(about) == len(addresses) == 3


@pytest.mark.parametrize("query", ["q=a&limit=0", "q=a&limit=21", "q=a&limit=x", f"q={'a' * 501}"])
def test_suggestions_are_bounded(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/suggest?{query}")
    assert answer.status_code == 400
    assert "expected" in answer.get_json()["detail"]


def test_browsers_learn_how_to_search(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml?lang=en")
    assert answer.mimetype == "application/opensearchdescription+xml"
    description = ElementTree.fromstring(answer.data)
    assert len(description.findtext(f"{OPENSEARCH}ShortName") or "") <= 16
    for url in description.findall(f"{OPENSEARCH}Url"):
        template = (url.get("template") or "").replace("http://127.0.0.1:8000", "")
        filled = template.replace("{searchTerms}", "archer").replace("{startPage?}", "1")
        assert client.get(filled).mimetype == url.get("type")
    assert 'rel="search"' in client.get("/").text


def test_a_search_is_written_in_one_way_only() -> None:
    asked = read_search({"year": ["2014"], "q": [" a  b "], "type": ["pole", "actor", "pole"]})
    assert asked.query() == "q=a%20b&type=actor&type=pole&year=2014"
    assert asked.toggled("year", "2014").query() == "q=a%20b&type=actor&type=pole"
    assert asked.at(3).toggled("kind", "actor-type/x").query() == (
        "q=a%20b&type=actor&type=pole&kind=actor-type/x&year=2014"
    )
    assert Search().query() == ""
