"""The description is that of the server: every route is in it, everything in it is a route, and answers are as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from ptce_lod.release.tables.declared import declared
from ptce_lod.web import pages
from ptce_lod.web.app import create_app
from ptce_lod.web.memento import ORIGINALS
from ptce_lod.web.openapi.document import ROUTES, TAGS
from ptce_lod.web.openapi.document import document as openapi_document
from ptce_lod.web.openapi.tables import ENDPOINT
from tests.conftest import project_settings
from tests.tiny_project import publish_tiny, tiny_settings

METHODS = ("get", "head", "options", "post", "put", "delete")
#: What cannot be asked in a test of one release: there is no second one, no former state, no contact, and not enough for two sitemaps.
UNTRIED = {"/patches/{old}/{new}", "/memento/{moment}/{path}", "/.well-known/security.txt"}
#: What answers nothing before writing is enabled.
CLOSED = {"/rdf-graph-store", "/rdf-graph-store/{name}", "/links/{source}/questions"}


def described(app: Flask, language: str = "en") -> dict[str, Any]:
    settings = app.extensions["ptce-settings"]
    return openapi_document(settings, app.url_map.iter_rules(), language, pages.texts(language), {})


@pytest.fixture(scope="module")
def document(real_client: FlaskClient) -> dict[str, Any]:
    response = real_client.get("/openapi.json")
    assert response.status_code == 200
    assert response.content_type == "application/json; charset=utf-8"
    return response.get_json()  # type: ignore[no-any-return]


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    found = document
    for part in node["$ref"].removeprefix("#/").split("/") if "$ref" in node else ():
        found = found[part]
    return found if "$ref" in node else node


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def parameters(document: dict[str, Any], path: str, method: str) -> list[dict[str, Any]]:
    item = document["paths"][path]
    found = (*item.get("parameters", ()), *item[method].get("parameters", ()))
    return [resolved(document, each) for each in found]


def filled(document: dict[str, Any], path: str, method: str = "get") -> str:
    """Return a path with the examples of its parameters and of those that it needs."""
    found = parameters(document, path, method)
    examples = {p["name"]: p["example"] for p in found if p["in"] == "path" and "example" in p}
    text = re.sub(r"{(\w+)}", lambda m: quote(str(examples.get(m[1], "x"))), path)
    needed = [
        f"{p['name']}={quote(str(p.get('example', '')))}"
        for p in found
        if p["in"] == "query" and (p.get("required") or p["name"] == "query")
    ]
    return text + ("?" + "&".join(needed) if needed else "")


def endpoint(app: Flask, path: str, method: str) -> str | None:
    try:
        found, _arguments = app.url_map.bind("").match(path.partition("?")[0], method)
    except HTTPException:
        return None
    return str(found)


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    ids = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"\w+", each) for each in ids)


def test_every_route_is_described_with_all_its_methods(
    real_client: FlaskClient, document: dict[str, Any]
) -> None:
    app = real_client.application
    found: dict[tuple[str, str], int] = {}
    for path, method, _operation in operations(document):
        name = endpoint(app, filled(document, path, method), method.upper())
        assert name is not None, f"{method} {path} is described, and there is no such route"
        found[name, method.upper()] = 1
    routed = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert found.keys() == routed


def test_every_declaration_is_of_a_route(real_client: FlaskClient) -> None:
    endpoints = {rule.endpoint for rule in real_client.application.url_map.iter_rules()}
    assert {*ROUTES, ENDPOINT} == endpoints
    assert {name for name, route in ROUTES.items() if route.has_past} == ORIGINALS
    assert {route.tag for route in ROUTES.values()} | {"tables"} == set(TAGS)


def test_a_route_that_nobody_declared_is_noticed(real_client: FlaskClient) -> None:
    app = Flask(__name__)
    app.extensions["ptce-settings"] = real_client.application.extensions["ptce-settings"]
    app.add_url_rule("/new", "new.route")
    with pytest.raises(KeyError, match=r"new\.route|static"):
        described(app)


def asked(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (path, operation)
        for path, method, operation in operations(document)
        if method == "get" and path not in UNTRIED | CLOSED
    ]


def test_each_format_that_is_described_is_answered(
    real_client: FlaskClient, document: dict[str, Any]
) -> None:
    for path, operation in asked(document):
        content = operation["responses"].get("200", {}).get("content", {})
        names = {p["name"] for p in parameters(document, path, "get")}
        for type_ in content if "_mediatype" in names else list(content)[:1]:
            response = real_client.get(filled(document, path), headers={"Accept": type_})
            assert response.status_code == 200, (path, type_, response.text[:300])
            assert response.mimetype == type_ or "_mediatype" not in names, (path, type_, response.mimetype)
            assert response.mimetype in content, (path, response.mimetype)
            for header in operation["responses"]["200"]["headers"]:
                assert header in response.headers, (path, header)
            assert ("ETag" in response.headers) == ("ETag" in operation["responses"]["200"]["headers"]), path


def test_each_extension_that_is_described_is_a_file(
    real_client: FlaskClient, document: dict[str, Any]
) -> None:
    for path, operation in asked(document):
        values = [p["schema"]["enum"] for p in parameters(document, path, "get") if p["name"] == "extension"]
        for value in values[0] if values else ():
            address = filled(document, path)
            stem, mark, query = address.partition("?")
            query = "history" if value == "json" and "history" in str(operation) else query
            address = f"{stem.rpartition('.')[0]}.{value}{mark or '?' if query else ''}{query}"
            response = real_client.get(address)
            assert response.status_code == 200, (address, response.text[:200])
            assert response.mimetype in operation["responses"]["200"]["content"], (address, response.mimetype)


def test_answers_without_a_body_and_conditions_are_as_described(
    real_client: FlaskClient, document: dict[str, Any]
) -> None:
    for path, operation in asked(document):
        address = filled(document, path)
        response = real_client.get(address)
        assert str(response.status_code) in operation["responses"], (path, response.status_code)
        head = real_client.head(address)
        assert (head.status_code, head.data) == (response.status_code, b""), path
        options = real_client.options(address)
        assert options.status_code == 200
        assert {m.strip().lower() for m in options.headers["Allow"].split(",")} == set(
            document["paths"][path]
        ) - {"parameters"}
        assert options.headers["Access-Control-Allow-Origin"] == "*"
        if "304" in operation["responses"] and response.status_code == 200:
            held = {"If-None-Match": response.headers["ETag"]}
            assert real_client.get(address, headers=held).status_code == 304, path


def is_problem(document: dict[str, Any], response: TestResponse) -> bool:
    schema = {**document["components"]["schemas"]["Problem"], "components": document["components"]}
    return response.mimetype == "application/problem+json" and Draft202012Validator(schema).is_valid(
        response.get_json()
    )


def test_numbers_that_are_none_are_problems_that_name_the_parameter(
    real_client: FlaskClient, document: dict[str, Any]
) -> None:
    tried = 0
    for path, _operation in asked(document):
        for parameter in parameters(document, path, "get"):
            if parameter["in"] != "query" or parameter["schema"].get("type") != "integer":
                continue
            address = filled(document, path)
            for value in (str(parameter["schema"]["minimum"] - 1), "abc"):
                response = real_client.get(
                    f"{address}?{parameter['name']}={value}", headers={"Accept": "application/json"}
                )
                assert response.status_code == 400, (address, parameter["name"], value)
                assert is_problem(document, response), address
                assert parameter["name"] in response.get_json()["detail"]
                tried += 1
    assert tried > 80


def test_problems_are_as_described(real_client: FlaskClient, document: dict[str, Any]) -> None:
    for path, _operation in asked(document):
        text = re.sub(r"{(?!extension|type)(\w+)}", "there-is-nothing-of-this-name", path)
        if text == path:
            continue
        examples = {p["name"]: p.get("example", "") for p in parameters(document, path, "get")}
        address = re.sub(r"{(\w+)}", lambda match: str(examples[match[1]]), text)  # noqa: B023  # used at once
        response = real_client.get(address, headers={"Accept": "application/json"})
        assert response.status_code in (404, 400), (address, response.status_code)
        assert is_problem(document, response), address


@pytest.mark.parametrize("table", declared(), ids=lambda table: table.name)
def test_rows_and_pages_are_as_described(
    real_client: FlaskClient, document: dict[str, Any], table: Any
) -> None:
    def errors(address: str, name: str) -> list[str]:
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        return [
            error.message
            for error in Draft202012Validator(schema).iter_errors(real_client.get(address).get_json())
        ]

    assert errors(f"/api/{table.name}.json?limit=1000", f"{table.name}-page") == []
    assert errors("/api/poles.json", "sources-page")
    if table.is_located:
        assert errors(f"/api/{table.name}.geojson?limit=1000", "FeatureCollection") == []
    names = {p["name"] for p in parameters(document, f"/api/{table.name}.json", "get") if p["in"] == "query"}
    assert names == {"page", "limit", *(column.name for column in table.columns if column.is_filter)}


def test_search_and_suggestions_are_as_described(real_client: FlaskClient, document: dict[str, Any]) -> None:
    for address, name in (
        ("/search.json?q=archr", "Search"),
        ("/suggest?q=eco", "Suggestions"),
        ("/map.geojson", "FeatureCollection"),
    ):
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        Draft202012Validator(schema).validate(json.loads(real_client.get(address).data))


def test_the_description_comes_in_both_languages(real_client: FlaskClient, document: dict[str, Any]) -> None:
    french = real_client.get("/openapi.json?lang=fr").get_json()
    assert french["paths"].keys() == document["paths"].keys()
    assert french["components"]["schemas"]["poles"]["title"] == "Pôles"
    told = [
        (operation["summary"], document["paths"][path][method]["summary"])
        for path, method, operation in operations(french)
        if "summary" in operation
    ]
    assert len(told) > 100
    assert all(french_text != english for french_text, english in told)
    for query in ("lang=de", "lang=fr&lang=en", "page=2"):
        wrong = real_client.get(f"/openapi.json?{query}", headers={"Accept": "application/json"})
        assert wrong.status_code == 400
        assert "expected" in wrong.get_json()["detail"]


def test_the_example_of_a_graph_is_one_of_the_release(
    real_client: FlaskClient, document: dict[str, Any], tmp_path: Path
) -> None:
    assert real_client.get(filled(document, "/graph/{source}/{snapshot}")).status_code == 200
    settings = tiny_settings(tmp_path)
    about = settings.data_dir / "tiny/source.ttl"
    about.write_text(about.read_text().replace("2026-11-22", "2026-11-29"))
    publish_tiny(settings)
    client = create_app(settings).test_client()
    other = client.get("/openapi.json").get_json()
    path = filled(other, "/graph/{source}/{snapshot}")
    assert path == "/graph/tiny/2026-11-29"
    assert client.get(path).status_code == 200
    assert path in client.get("/api", headers={"Accept": "text/html"}).text


def test_every_address_begins_with_the_base_iri(real_client: FlaskClient, document: dict[str, Any]) -> None:
    assert document["servers"] == [{"url": "http://127.0.0.1:8000"}]
    response = real_client.get(
        "/openapi.json", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )
    assert "evil.example" not in response.text
    elsewhere = project_settings(
        Path("var"), base_iri="https://data.example.org/ptce/", contact="mailto:ptce@example.org"
    )
    rules = real_client.application.url_map.iter_rules()
    found = openapi_document(elsewhere, rules, "en", pages.texts("en"), {})
    assert found["servers"] == [{"url": "https://data.example.org/ptce"}]
    assert found["info"]["contact"] == {"email": "ptce@example.org"}
    assert "127.0.0.1" not in json.dumps(found)


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Interfaces pour les programmes"), ("en", "Interfaces for programs")]
)
def test_the_page_names_every_address(
    real_client: FlaskClient, document: dict[str, Any], language: str, word: str
) -> None:
    response = real_client.get(f"/api?lang={language}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert f"<h1>{word}</h1>" in response.text
    for path in document["paths"]:
        assert f" {path}</code>" in response.text, path
    assert 'rel="service-desc"' in response.headers["Link"]
    assert not re.findall(
        r'(?:src|href)="https?://(?!127\.0\.0\.1)[^"]*"[^>]*(?:script|stylesheet)', response.text
    )
    assert real_client.get("/api.ttl").status_code == 404
    assert real_client.get("/api", headers={"Accept": "text/turtle"}).status_code == 406
