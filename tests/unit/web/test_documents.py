from __future__ import annotations

import io

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
from flask.testing import FlaskClient

from ptce_lod import formats, serialize
from ptce_lod.formats import RDF_FORMATS
from tests.unit.query.small_release import BASE

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DOCUMENTS = [
    "/doc/pole/archer",
    "/graph/facts/2026-11-22",
    "/graph/vocabulary/0.1.0",
    "/ns",
    "/ns/0.1.0",
    "/shapes/0.1.0",
    "/scheme/stage",
    "/concept/stage/emerging",
    "/shapes",
    "/poles",
    "/territories",
    "/concepts",
    "/queries",
    "/doc/query/poles",
]


def test_a_thing_sends_to_its_document(client: FlaskClient) -> None:
    response = client.get(
        "/id/pole/archer", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )
    assert response.status_code == 303
    assert response.headers["Location"] == "/doc/pole/archer", (
        "no host: it holds wherever the site is reached"
    )
    assert {"Accept", "Accept-Language"} <= set(response.vary)


@pytest.mark.parametrize("path", ["/doc", "/id"])
def test_what_begins_addresses_leads_to_what_explains_them(client: FlaskClient, path: str) -> None:
    """The catalogue names ``{base}doc/`` as the endpoint of a service."""
    assert client.get(f"{path}/").headers["Location"] == path
    for accept, target in (("text/html", "/api"), ("*/*", "/api"), ("text/turtle", "/catalog")):
        response = client.get(path, headers={"Accept": accept})
        assert response.status_code == 303
        assert response.headers["Location"] == target
        assert client.get(target, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("format_", RDF_FORMATS)
def test_every_document_is_there_in_every_format(
    client: FlaskClient, path: str, format_: formats.Format
) -> None:
    by_header = client.get(path, headers={"Accept": format_.media_type})
    by_extension = client.get(f"{path}.{format_.extension}", headers={"Accept": "image/png"})
    assert by_header.status_code == by_extension.status_code == 200
    assert by_header.data == by_extension.data
    assert by_header.headers["Content-Type"] == f"{format_.media_type}; charset=utf-8"
    assert by_header.headers["Content-Location"] == f"{BASE[:-1]}{path}.{format_.extension}"
    assert list(serialize.parse(by_header.data, format_))


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_format_says_the_same_triples(client: FlaskClient, path: str) -> None:
    def triples(format_: formats.Format) -> set[ox.Triple]:
        data = client.get(f"{path}.{format_.extension}").data
        return {quad.triple for quad in serialize.parse(io.BytesIO(data), format_)}

    expected = triples(formats.N_TRIPLES)
    for format_ in RDF_FORMATS:
        assert triples(format_) == expected, format_.name


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("extension", ["trig", "nq"])
def test_who_reads_one_graph_finds_everything_and_who_reads_all_learns_the_sources(
    client: FlaskClient, path: str, extension: str
) -> None:
    """Comunica asks for N-Quads first and looks into the default graph."""
    format_ = formats.RDF_BY_EXTENSION[extension]
    quads = list(serialize.parse(client.get(f"{path}.{extension}").data, format_))
    default = {quad.triple for quad in quads if quad.graph_name == ox.DefaultGraph()}
    named = [quad for quad in quads if quad.graph_name != ox.DefaultGraph()]
    assert default >= {quad.triple for quad in named}
    if path.startswith("/doc/"):
        assert {quad.graph_name for quad in named}


@pytest.mark.parametrize("path", [*DOCUMENTS, "/"])
def test_a_browser_gets_html(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": FIREFOX, "Accept-Language": "en"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Language"] == "en"
    assert {"Accept", "Accept-Language", "Cookie"} <= set(response.vary)


def test_rdflib_reads_what_it_asks_for(client: FlaskClient) -> None:
    data = client.get("/doc/pole/archer.ttl").data
    graph = rdflib.Graph().parse(data=data, format="turtle")
    label = rdflib.Literal("Pôle Sud Archer", lang="fr")
    assert (rdflib.URIRef(BASE + "id/pole/archer"), rdflib.SKOS.prefLabel, label) in graph
    assert "rdfs" not in data.decode().split("<http", 1)[0], "prefixes that do not occur are not declared"


def test_links_lead_on(client: FlaskClient) -> None:
    link = client.get("/doc/pole/archer.ttl").headers["Link"]
    assert f'<{BASE}doc/pole/archer>; rel="canonical"' in link
    assert f'<{BASE}doc/pole/archer.jsonld>; rel="alternate"; type="application/ld+json"' in link
    assert f'<{BASE}id/pole/archer>; rel="cite-as"' in link
    assert 'rel="license"' in link
    assert 'rel="describedby"' in link


@pytest.mark.parametrize("path", [*DOCUMENTS, "/", "/catalog", "/sparql"])
@pytest.mark.parametrize("accept", ["text/turtle", "text/html"])
def test_a_client_that_holds_it_gets_304(client: FlaskClient, path: str, accept: str) -> None:
    first = client.get(path, headers={"Accept": accept})
    if first.status_code == 303:
        return
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    again = client.get(path, headers={"Accept": accept, "If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Vary"] == first.headers["Vary"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_each_representation_has_a_tag_of_its_own(client: FlaskClient) -> None:
    wanted = [{"Accept": f.media_type} for f in RDF_FORMATS]
    wanted += [{"Accept": "text/html", "Accept-Language": language} for language in ("fr", "en")]
    tags = [client.get("/doc/pole/archer", headers=headers).headers["ETag"] for headers in wanted]
    assert len(set(tags)) == len(wanted)


@pytest.mark.parametrize("path", [*DOCUMENTS, "/catalog", "/sparql", "/id/pole/archer", "/nothing"])
def test_head_says_what_get_says(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.data == b""
    assert head.status_code == got.status_code
    for name in ("Content-Type", "ETag", "Vary", "Link", "Content-Location", "Location"):
        assert head.headers.get(name) == got.headers.get(name)


def test_nothing_acceptable_is_406_that_lists_what_there_is(client: FlaskClient) -> None:
    response = client.get("/doc/pole/archer", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json["available"]  # type: ignore[index]
    assert "Accept" in response.vary


@pytest.mark.parametrize(
    "path",
    [
        "/id/pole/nowhere",
        "/doc/pole/nowhere",
        "/doc/pole/nowhere.ttl",
        "/doc/nonsense/x",
        "/id/pole/%00",
        "/doc/pole/a%0D%0AX-Evil:1",
        "/graph/facts/1999-01-01",
        "/scheme/none",
        "/concept/stage/none",
        "/concept/%C2%9F/x",
        "/graph/%F3%B0%80%80/2026-11-22",
        "/doc/pole/%EF%BF%BE",
        "/ns/9.9.9",
        "/poles?page=99",
        "/nothing",
        "/poles.exe",
    ],
)
def test_what_is_not_there_is_404_not_an_empty_200(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 404
    problem = rdflib.Graph().parse(data=response.data, format="turtle")
    hydra = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
    assert [int(str(code)) for code in problem.objects(None, hydra.statusCode)] == [404]
    assert client.get(path).content_type == "application/problem+json"


def test_retired_is_410_and_renamed_is_301(client: FlaskClient) -> None:
    assert client.get("/id/pole/old").status_code == 410
    left = client.get("/doc/pole/old.ttl")
    assert left.status_code == 410
    deprecated = (rdflib.URIRef(BASE + "id/pole/old"), rdflib.OWL.deprecated, rdflib.Literal(True))
    assert deprecated in rdflib.Graph().parse(data=left.data, format="turtle"), (
        "the tombstone says what it was"
    )
    moved = client.get("/doc/pole/renamed.ttl")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/doc/pole/archer.ttl")
    assert client.get("/id/pole/renamed").headers["Location"] == "/doc/pole/archer"


def test_a_list_is_walked_by_its_next_links(client: FlaskClient) -> None:
    hydra = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
    found, page, address = set(), 0, "/poles.ttl"
    while address:
        page += 1
        graph = rdflib.Graph().parse(data=client.get(address).data, format="turtle")
        (view,) = graph.subjects(rdflib.RDF.type, hydra.PartialCollectionView)
        found |= {str(member) for member in graph.objects(rdflib.URIRef(BASE + "poles"), hydra.member)}
        following = graph.value(view, hydra.next)
        address = f"/poles.ttl?{str(following).partition('?')[2]}" if following else ""
    assert page == 2
    assert found == {f"{BASE}id/pole/{slug}" for slug in ("archer", "ecrins", "old", "renamed")}


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "٣", "9" * 5000])
def test_a_page_is_a_number_from_one(client: FlaskClient, page: str) -> None:
    assert client.get("/poles", query_string={"page": page}).status_code == 400


def test_the_language_chosen_by_parameter_is_remembered_for_that_reader_alone(client: FlaskClient) -> None:
    response = client.get("/doc/pole/archer?lang=en", headers={"Accept": FIREFOX, "Accept-Language": "fr"})
    assert response.headers["Content-Language"] == "en"
    assert "lang=en" in response.headers["Set-Cookie"]
    assert "private" in response.headers["Cache-Control"]
    plain = client.get("/doc/pole/archer", headers={"Accept": FIREFOX})
    assert "Set-Cookie" not in plain.headers


def test_a_forged_host_changes_no_byte(client: FlaskClient) -> None:
    honest = client.get("/doc/pole/archer.ttl")
    forged = client.get(
        "/doc/pole/archer.ttl",
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    )
    assert honest.data == forged.data
    assert "evil" not in str(forged.headers)
