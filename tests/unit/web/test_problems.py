"""One shape for every error of every route: RFC 9457, as JSON or as a page."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from ptce_lod import errors, serialize
from ptce_lod.errors import PtceError
from ptce_lod.formats import RDF_FORMATS, TURTLE, Format
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.problem_types import TYPES
from ptce_lod.web.problems import problem_of
from tests.conftest import project_settings
from tests.unit.query.small_release import BASE

FAILURES = [
    ("GET", "/nothing", 404),
    ("GET", "/id/pole/nowhere", 404),
    ("GET", "/id/pole/old", 410),
    ("GET", "/poles?page=x", 400),
    ("DELETE", "/poles", 405),
    ("PUT", "/sparql", 405),
    ("POST", "/update", 403),
    ("GET", "/sparql?query=SELEC", 400),
    ("GET", "/sparql?query=ASK%7BSERVICE%20%3Fx%7B%7D%7D", 403),
    ("POST", "/sparql", 415),
]


@pytest.mark.parametrize(("method", "path", "status"), FAILURES)
def test_every_failure_is_a_problem_document(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json
    assert body is not None
    assert body["status"] == status
    assert {"type", "title", "detail", "request"} <= set(body)
    assert body["request"] == response.headers["X-Request-Id"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in response.vary
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "path", "status"), FAILURES)
def test_a_browser_gets_a_page(client: FlaskClient, method: str, path: str, status: int) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = client.open(path, method=method, headers={"Accept": accept, "Accept-Language": "en"})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("method", "path", "status"), FAILURES)
@pytest.mark.parametrize("format_", RDF_FORMATS)
def test_a_program_that_reads_rdf_gets_the_problem_in_rdf(
    client: FlaskClient, method: str, path: str, status: int, format_: Format
) -> None:
    if status == 410:
        return  # what is left of the thing is the answer
    response = client.open(path, method=method, headers={"Accept": format_.media_type})
    assert response.status_code == status
    assert response.content_type == format_.content_type
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple) for quad in serialize.parse(response.data, format_))
    (problem,) = {
        quad.subject
        for quad in store.quads_for_pattern(
            None, None, ox.NamedNode("http://www.w3.org/ns/hydra/core#Error"), None
        )
    }
    said = {
        quad.predicate.value.rpartition("#")[2]: quad.object
        for quad in store.quads_for_pattern(problem, None, None)
    }
    assert said["statusCode"].value == str(status)
    assert {"title", "description"} <= set(said)
    assert isinstance(problem, ox.NamedNode)
    assert problem.value.endswith(response.headers["X-Request-Id"])


def test_the_links_of_a_406_lead_to_what_there_is(client: FlaskClient) -> None:
    response = client.get("/doc/pole/archer", headers={"Accept": "image/png"})
    assert response.status_code == 406
    body = response.json
    assert body is not None
    assert {each["type"] for each in body["alternates"]} == set(body["available"])
    for each in body["alternates"]:
        assert f'<{each["href"]}>; rel="alternate"; type="{each["type"]}"' in response.headers.getlist("Link")
        file = client.get(each["href"].removeprefix(BASE[:-1]))
        assert (file.status_code, file.mimetype) == (200, each["type"])


@pytest.mark.parametrize("name", TYPES)
def test_each_type_of_problem_is_explained_in_both_languages_and_in_rdf(
    client: FlaskClient, name: str
) -> None:
    french = client.get(f"/problem/{name}.html?lang=fr").text
    english = client.get(f"/problem/{name}.html?lang=en").text
    assert escape(TYPES[name].about) in english
    assert TYPES[name].about not in french
    quads = list(serialize.parse(client.get(f"/problem/{name}.ttl").data, TURTLE))
    languages = {quad.object.language for quad in quads if isinstance(quad.object, ox.Literal)}
    assert {"fr", "en"} <= languages
    assert f'href="/problem/{name}"' in client.get("/problem.html").text


def test_a_method_not_allowed_says_which_are(client: FlaskClient) -> None:
    allowed = client.delete("/sparql").headers["Allow"]
    assert {"GET", "HEAD", "POST", "OPTIONS"} == {method.strip() for method in allowed.split(",")}


def test_types_of_problems_can_be_looked_up(client: FlaskClient) -> None:
    type_ = client.get("/id/pole/nowhere").json["type"]  # type: ignore[index]
    assert client.get(type_.removeprefix(BASE[:-1])).status_code == 200


def test_every_route_carries_what_protects_readers(client: FlaskClient) -> None:
    for path in ("/", "/doc/pole/archer.ttl", "/nothing", "/healthz", "/sparql"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in headers


def test_a_preflight_is_answered(client: FlaskClient) -> None:
    response = client.options(
        "/sparql", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    )
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Accept" in response.headers["Access-Control-Allow-Headers"]


def test_nothing_published_is_503_with_advice(tmp_path: Path) -> None:
    client = create_app(project_settings(tmp_path / "var")).test_client()
    for path in ("/", "/id/pole/archer", "/sparql?query=ASK{}", "/catalog"):
        response = client.get(path)
        assert response.status_code == 503
        assert response.headers["Retry-After"]
    assert "publish" in client.get("/readyz").json["hint"]  # type: ignore[index]
    assert client.get("/healthz").status_code == 200


def test_what_was_not_foreseen_tells_nothing_of_the_inside(site_settings: Settings) -> None:
    problem = problem_of(RuntimeError("secret /path"), site_settings)
    assert problem.status == 500
    assert "secret" not in str(problem.members())


def leaves(class_: type[PtceError]) -> list[type[PtceError]]:
    below = class_.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [class_]


@pytest.mark.parametrize(
    "class_", [*leaves(errors.QueryError), *leaves(errors.RequestError), *leaves(errors.ReleaseError)]
)
def test_every_error_of_a_request_has_its_status(class_: type[PtceError], site_settings: Settings) -> None:
    error = class_("text", ()) if class_ is errors.NotAcceptable else class_("text")  # type: ignore[call-arg]
    problem = problem_of(error, site_settings)
    assert problem.status != 500
    assert problem.detail == "text"
