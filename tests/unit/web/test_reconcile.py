"""/reconcile over the real data: what it says of itself, its answers to batches of both versions, suggestions, previews, data extension."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as run
from hypothesis import strategies as st
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.facts import PROPERTIES
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.reconcile.shared import TYPES
from tests.conftest import PROJECT

SUITE = PROJECT / "tests/suites/reconciliation"
BASE = "http://127.0.0.1:8000/"
JSON_TYPE = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(published: Settings) -> Iterator[FlaskClient]:
    backend = EmbeddedBackend(VarLayout(published.var_dir).published(), published)
    yield create_app(published, backend).test_client(use_cookies=False)
    backend.close()


@cache
def validator(version: str, name: str) -> jsonschema.Draft7Validator:
    """Return the validator of one of the specification's schemas."""
    resources = []
    for path in (SUITE / version / "schemas").glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        resource = Resource.from_contents(schema, default_specification=DRAFT7)
        resources += [(schema["$id"], resource)]
    schema = json.loads((SUITE / version / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    return jsonschema.Draft7Validator(schema, registry=Registry().with_resources(resources))


def check(version: str, name: str, value: object) -> None:
    validator(version, name).validate(value)


def batch(client: FlaskClient, **query: object) -> list[dict[str, Any]]:
    """Return the candidates of one query of version 0.2."""
    answer = client.post("/reconcile", data={"queries": json.dumps({"q0": query})})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    check("0.2", "reconciliation-result-batch", answer.json)
    return answer.json["q0"]["result"]  # type: ignore[no-any-return]


def draft(client: FlaskClient, **query: object) -> list[dict[str, Any]]:
    """Return the candidates of one query of version 1.0."""
    body = {"queries": [query]}
    check("1.0-draft", "reconciliation-query-batch", body)
    answer = client.post("/reconcile/1.0/match", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    check("1.0-draft", "reconciliation-result-batch", answer.json)
    return answer.json["results"][0]["candidates"]  # type: ignore[no-any-return]


def name(value: object, **more: object) -> dict[str, object]:
    return {"matchType": "name", "propertyValue": value, **more}


def property_(id_: str, value: object, **more: object) -> dict[str, object]:
    return {"matchType": "property", "propertyId": id_, "propertyValue": value, **more}


# The schemas tell right from wrong, else what follows proves nothing.


@pytest.mark.parametrize(
    "path",
    sorted(p for p in SUITE.rglob("*/*.json") if p.parent.name in ("valid", "invalid")),
    ids=lambda p: p.relative_to(SUITE).as_posix(),
)
def test_the_schemas_accept_and_refuse_their_examples(path: Path) -> None:
    version, kind = path.relative_to(SUITE).parts[0], path.parent.parent.name
    # One says that a documentation must be an address, which is no rule of the schema.
    if path.name == "invalid-documentation.json":
        pytest.skip("the schema does not say so")
    valid = validator(version, kind).is_valid(json.loads(path.read_text(encoding="utf-8")))
    assert valid == (path.parent.name == "valid")


def test_the_manifests_are_those_of_their_versions_and_lead_to_what_answers(client: FlaskClient) -> None:
    manifest = client.get("/reconcile").json
    assert manifest is not None
    check("0.2", "manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert (manifest["batchSize"], manifest["limit"]) == (100, 20)
    for what in ("entity", "property", "type"):
        place = manifest["suggest"][what]
        address = place["service_url"] + place["service_path"]
        assert client.get(address.removeprefix(BASE[:-1]) + "?prefix=p").status_code == 200
    preview = manifest["preview"]["url"].replace("{{id}}", "pole/tetris")
    assert client.get(preview.removeprefix(BASE[:-1])).status_code == 200
    newer = client.get("/reconcile/1.0").json
    check("1.0-draft", "manifest", newer)
    for path in (
        "suggest/entity?prefix=p",
        "extend/propose?type=pole",
        "preview?id=pole/tetris",
        "suggest/type",
    ):
        assert client.get(f"/reconcile/1.0/{path}").status_code == 200


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json, text/javascript, */*; q=0.01", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
def test_programs_get_the_manifest_and_people_a_page(client: FlaskClient, accept: str, type_: str) -> None:
    answer = client.get("/reconcile", headers={"Accept": accept})
    assert answer.mimetype == type_
    tag = answer.headers["ETag"]
    assert client.get("/reconcile", headers={"Accept": accept, "If-None-Match": tag}).status_code == 304


def test_the_language_is_negotiated(client: FlaskClient) -> None:
    english = client.get("/reconcile", headers={"Accept-Language": "en"})
    assert english.json is not None
    assert english.headers["Content-Language"] == "en" == english.json["lang"]
    french = client.get("/reconcile", headers={"Accept-Language": "fr"})
    assert french.headers["ETag"] != english.headers["ETag"]
    assert "Rapprochement" in client.get("/reconcile.html?lang=fr").text


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/1.0/match", "/reconcile/suggest/entity"])
def test_pages_of_other_sites_may_ask(client: FlaskClient, path: str) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Headers": "content-type"}
    answer = client.options(path, headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    if path != "/reconcile/suggest/entity":
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "text",
    [
        "Pôle Sud Archer",
        "POLE SUD ARCHER",
        "pole sud archer",
        "Archer, Pôle Sud",
        "PTCE Sud Archer",
        "Sud-Archer",
        "Pôle Sudd Archer",
    ],
)
def test_a_name_is_matched_however_it_is_written(client: FlaskClient, text: str) -> None:
    first, *others = batch(client, query=text, type="pole")
    assert (first["id"], first["match"]) == ("pole/pole-sud-archer", True)
    assert not any(other["match"] for other in others)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("200039857", "actor/ca-pays-de-grasse"),
        ("200 039 857", "actor/ca-pays-de-grasse"),
        ("20003985700012", "actor/ca-pays-de-grasse"),
        ("26281", "unit/commune-romans-sur-isere-drome"),
        ("https://www.archer.fr/pole-sud/ptce", "pole/pole-sud-archer"),
        ("http://archer.fr/pole-sud/ptce/", "pole/pole-sud-archer"),
        ("pole/pole-sud-archer", "pole/pole-sud-archer"),
        (f"{BASE}id/pole/pole-sud-archer", "pole/pole-sud-archer"),
        (f"{BASE}doc/pole/pole-sud-archer.ttl", "pole/pole-sud-archer"),
        ("https://w3id.org/ptce/concept/stage/emerging", "concept/stage/emerging"),
        ("Pôle_territorial_de_coopération_économique", "concept/grouping-type/ptce"),
        (
            "https://solecov1.socioeco.org/wiki/fr/P%C3%B4le_territorial_de_coop%C3%A9ration_%C3%A9conomique",
            "concept/grouping-type/ptce",
        ),
    ],
)
def test_an_identifier_is_matched_exactly_with_100(client: FlaskClient, text: str, id_: str) -> None:
    first = batch(client, query=text)[0]
    assert (first["id"], first["score"], first["match"]) == (id_, 100, True)
    assert {"id": "identifier", "value": True} in first["features"]


def test_namesakes_are_told_apart_by_type_and_by_properties_else_not(client: FlaskClient) -> None:
    both = batch(client, query="Le Périscope")
    assert [each["id"] for each in both[:2]] == ["pole/le-periscope", "actor/asso-le-periscope"]
    assert not any(each["match"] for each in both)
    assert batch(client, query="Le Périscope", type="actor")[0]["match"]
    assert batch(client, query="Guadeloupe", type="region")[0]["id"] == "unit/region-guadeloupe"
    (only,) = [
        each
        for each in batch(client, query="Guadeloupe", type=["unit", "departement"], type_strict="all")
        if each["match"]
    ]
    assert only["id"] == "unit/departement-guadeloupe"


def test_properties_change_scores_and_are_told(client: FlaskClient) -> None:
    def of(**more: object) -> dict[str, Any]:
        return batch(client, query="Pôle Sud Archr", type="pole", **more)[0]

    right = of(properties=[{"pid": "place", "v": "Romans-sur-Isère"}])
    wrong = of(properties=[{"pid": "place", "v": "Brest"}])
    by_id = of(properties=[{"pid": "department", "v": {"id": "unit/departement-drome"}}])
    unknown = of(properties=[{"pid": "stage", "v": "émergence"}])
    plain = of()["score"]
    assert right["score"] > plain > unknown["score"] > wrong["score"]
    assert by_id["score"] == right["score"]
    assert {"id": "property-place", "value": 1.0} in right["features"]


def test_a_property_that_identifies_needs_no_name(client: FlaskClient) -> None:
    (first, *_) = batch(client, properties=[{"pid": "siren", "v": "200039857"}])
    assert (first["id"], first["score"], first["match"]) == ("actor/ca-pays-de-grasse", 100, True)
    found = batch(client, type="pole", limit=20, properties=[{"pid": "region", "v": "Bretagne"}])
    assert len(found) > 3
    assert not any(each["match"] for each in found)


def test_conditions_of_the_draft_filter_when_required(client: FlaskClient) -> None:
    assert draft(client, type="pole", conditions=[name("Sud Archer")])[0]["match"]
    here = property_("department", "Drôme", required=True)
    elsewhere = property_("department", "Finistère", required=True)
    assert draft(client, type="pole", conditions=[name("Sud Archer"), here])[0]["match"]
    ids = [each["id"] for each in draft(client, type="pole", conditions=[name("Sud Archer"), elsewhere])]
    assert "pole/pole-sud-archer" not in ids
    none = property_("department", ["Drôme", "Ain"], required=True, matchQuantifier="none")
    assert "pole/pole-sud-archer" not in [
        each["id"] for each in draft(client, type="pole", conditions=[name("Sud Archer"), none])
    ]
    assert draft(client, conditions=[name("Sud Archr", matchQualifier="exact")]) == []
    assert draft(client, conditions=[{"matchType": "id", "propertyValue": "pole/tetris"}])[0]["match"]
    by_either = draft(client, type="pole", conditions=[name(["Rien de tel", "Sud Archer"])])
    assert by_either[0]["id"] == "pole/pole-sud-archer"


def test_both_versions_may_be_asked_at_one_address(client: FlaskClient) -> None:
    body = {"queries": [{"conditions": [name("Pôle Sud Archer")]}]}
    assert client.post("/reconcile", json=body).json == client.post("/reconcile/1.0/match", json=body).json
    queries = json.dumps({"a": {"query": "Pôle Sud Archer"}, "b": {"query": "TETRIS", "limit": 1}})
    posted = client.post("/reconcile", data={"queries": queries})
    got = client.get("/reconcile", query_string={"queries": queries})
    assert got.json == posted.json
    assert got.json is not None
    assert len(got.json["b"]["result"]) == 1
    assert posted.headers["Cache-Control"] == "no-store"
    assert client.get("/reconcile?queries={}").json == {}


def test_a_limit_is_kept_and_never_passes_that_of_the_settings(client: FlaskClient) -> None:
    assert len(batch(client, query="association", limit=3)) == 3
    assert len(batch(client, query="association du pays", limit=1000)) <= 20


def form(**fields: str) -> dict[str, Any]:
    return {"data": fields}


WRONG = [
    ({"path": "/reconcile", **form(queries="{")}, 400, "queries is not JSON"),
    ({"path": "/reconcile", **form(queries="[]")}, 400, "expected an object"),
    ({"path": "/reconcile", **form(queries='{"a": 1}')}, 400, "query 'a' is 1"),
    ({"path": "/reconcile", **form(queries='{"a": {}}')}, 400, "neither a name nor a property"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": "x", "colour": 1}}')}, 400, "'colour'"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": ["x"]}}')}, 400, "expected a text"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": "x", "limit": 0}}')}, 400, "limit is 0"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": "x", "limit": 1e999}}')}, 400, "limit is inf"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": "x", "limit": NaN}}')}, 400, "NaN is no number"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": "x", "type": "Q5"}}')}, 400, "type is 'Q5'"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": "x", "type": [{}]}}')}, 400, "type is {}"),
    ({"path": "/reconcile", **form(queries='{"a": {"query": "x", "type_strict": "x"}}')}, 400, "type_strict"),
    (
        {"path": "/reconcile", **form(queries='{"a": {"properties": [{"pid": "P31", "v": "x"}]}}')},
        400,
        "the property is 'P31', expected one of other-name",
    ),
    ({"path": "/reconcile", **form(queries='{"a": {"properties": [{"pid": "place"}]}}')}, 400, "pid and v"),
    (
        {"path": "/reconcile", **form(queries='{"a": {"properties": [{"pid": "place", "v": []}]}}')},
        400,
        "0 values",
    ),
    (
        {"path": "/reconcile", **form(queries='{"a": {"properties": [{"pid": "place", "v": {}}]}}')},
        400,
        "with an id",
    ),
    ({"path": "/reconcile", **form(queries="[" * 100_000)}, 400, "nested too deeply"),
    ({"path": "/reconcile", **form(queries="{}", extend="{}")}, 400, "one parameter, queries or extend"),
    ({"path": "/reconcile", **form(queries="{}", callback="x")}, 400, "'callback'"),
    (
        {"path": "/reconcile", "data": "x", "headers": {"Content-Type": "text/plain"}},
        415,
        "expected application/x-www",
    ),
    ({"path": "/reconcile/1.0/match", **form(queries="{}")}, 415, "expected application/json"),
    ({"path": "/reconcile/1.0/match", "json": []}, 400, "the body is []"),
    ({"path": "/reconcile/1.0/match", "json": {}}, 400, "has no 'queries'"),
    ({"path": "/reconcile/1.0/match", "json": {"queries": [{"query": "x"}]}}, 400, "query 1 has 'query'"),
    (
        {
            "path": "/reconcile/1.0/match",
            "json": {"queries": [{"conditions": [name("x", matchQualifier="close")]}]},
        },
        400,
        "matchQualifier is 'close', expected exact",
    ),
    (
        {
            "path": "/reconcile/1.0/match",
            "json": {"queries": [{"conditions": [name("x", matchQuantifier="some")]}]},
        },
        400,
        "expected any, all or none",
    ),
    ({"path": "/reconcile/1.0/match", "data": b"\xff", "headers": JSON_TYPE}, 400, "not UTF-8"),
    ({"path": "/reconcile/1.0/extend", "json": {"ids": "x", "properties": []}}, 400, "ids is 'x'"),
    (
        {"path": "/reconcile/1.0/extend", "json": {"ids": [], "properties": [{"id": "x"}]}},
        400,
        "the property is 'x'",
    ),
    (
        {
            "path": "/reconcile/1.0/extend",
            "json": {"ids": [], "properties": [{"id": "place", "settings": {"limit": "-1"}}]},
        },
        400,
        "limit is '-1'",
    ),
]


@pytest.mark.parametrize(("request_", "status", "told"), WRONG)
def test_what_is_not_understood_is_refused_and_named(
    client: FlaskClient, request_: dict[str, Any], status: int, told: str
) -> None:
    answer = client.post(request_["path"], **{key: value for key, value in request_.items() if key != "path"})
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert told in answer.json["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reconcile?callback=x", 400),
        ("/reconcile?query=Archer", 400),
        ("/reconcile?queries=x", 400),
        ("/reconcile.ttl", 404),
        ("/reconcile/preview", 404),
        ("/reconcile/preview?id=pole/nowhere", 404),
        ("/reconcile/view?id=pole/nowhere", 404),
        ("/reconcile/view?id=//example.org", 404),
        ("/reconcile/flyout/entity", 400),
        ("/reconcile/flyout/type?id=x", 404),
        ("/reconcile/suggest/entity?cursor=-1", 400),
        ("/reconcile/extend/propose?type=x", 400),
        ("/reconcile/extend/propose?limit=0", 400),
        ("/reconcile?name=x&type=nothing", 400),
    ],
)
def test_wrong_addresses_are_told(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_a_batch_that_is_too_large_is_413_with_the_setting(client: FlaskClient) -> None:
    queries = {str(number): {"query": "x"} for number in range(101)}
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["limit"] == {"setting": "reconcile_batch_size", "value": 100}


@pytest.mark.parametrize(
    ("kind", "prefix", "id_"),
    [
        ("entity", "Pôle Sud Arc", "pole/pole-sud-archer"),
        ("entity", "pole/tetris", "pole/tetris"),
        ("entity", "200039857", "actor/ca-pays-de-grasse"),
        ("property", "dep", "department"),
        ("property", "SIREN", "siren"),
        ("type", "pol", "pole"),
        ("type", "commune", "commune"),
    ],
)
def test_what_is_being_typed_is_suggested(client: FlaskClient, kind: str, prefix: str, id_: str) -> None:
    answer = client.get(f"/reconcile/suggest/{kind}", query_string={"prefix": prefix}).json
    assert answer is not None
    plural = {"entity": "entities", "property": "properties", "type": "types"}[kind]
    for version in ("0.2", "1.0-draft"):
        check(version, f"suggest-{plural}-response", answer)
    assert id_ in [each["id"] for each in answer["result"]]
    flyout = client.get(f"/reconcile/flyout/{kind}", query_string={"id": id_}).json
    assert flyout is not None
    assert flyout["id"] == id_
    assert flyout["html"].startswith("<div lang=")


def test_more_suggestions_are_had_by_the_cursor(client: FlaskClient) -> None:
    def ids(cursor: int) -> list[str]:
        answer = client.get(f"/reconcile/suggest/entity?prefix=p&cursor={cursor}").json
        assert answer is not None
        return [each["id"] for each in answer["result"]]

    assert len(ids(0)) == 20
    assert ids(0)[5:] == ids(5)[:15]
    everything = client.get("/reconcile/suggest/property").json
    assert everything is not None
    assert len(everything["result"]) == 20


def test_names_in_flyouts_and_on_the_page_are_escaped(client: FlaskClient) -> None:
    page = client.get(
        "/reconcile", query_string={"name": "<script>x</script>"}, headers={"Accept": "text/html"}
    ).text
    assert "<script>x" not in page
    shown = client.get(
        "/reconcile", query_string={"name": "TETRIS", "type": "pole"}, headers={"Accept": "text/html"}
    )
    assert "/doc/pole/tetris" in shown.text


def test_a_preview_stands_in_a_frame_and_a_view_leads_to_the_document(client: FlaskClient) -> None:
    preview = client.get("/reconcile/preview?id=pole%2Ftetris&lang=en")
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert preview.headers["Content-Language"] == "en"
    view = client.get("/reconcile/view?id=concept%2Fstage%2Femerging")
    assert (view.status_code, view.headers["Location"]) == (303, "/concept/stage/emerging")
    assert client.get("/reconcile/view?id=pole/tetris").headers["Location"] == "/doc/pole/tetris"


def test_properties_are_proposed_for_a_type(client: FlaskClient) -> None:
    answer = client.get("/reconcile/extend/propose?type=pole&limit=5").json
    for version in ("0.2", "1.0-draft"):
        check(version, "data-extension-property-proposal", answer)
    assert answer is not None
    assert len(answer["properties"]) == 5
    actor = client.get("/reconcile/extend/propose?type=actor").json
    assert actor is not None
    ids = {each["id"] for each in actor["properties"]}
    assert "siren" in ids
    assert "stage" not in ids


def test_columns_are_extended_in_both_versions(client: FlaskClient) -> None:
    query = {
        "ids": ["pole/pole-sud-archer", f"{BASE}id/pole/bou-sol", "nothing/of-the-kind"],
        "properties": [
            {"id": "place"},
            {"id": "region", "settings": {"content": "name"}},
            {"id": "department", "settings": {"content": "id"}},
            {"id": "insee-code"},
            {"id": "sector", "settings": {"limit": "1"}},
            {"id": "latitude"},
            {"id": "member-count"},
            {"id": "website"},
        ],
    }
    old = client.post("/reconcile", data={"extend": json.dumps(query)}).json
    check("0.2", "data-extension-response", old)
    assert old is not None
    row = old["rows"]["pole/pole-sud-archer"]
    assert row["place"] == [{"id": "unit/commune-romans-sur-isere-drome", "name": "Romans-sur-Isère"}]
    assert row["region"] == [{"str": "Auvergne-Rhône-Alpes"}]
    assert row["department"] == [{"str": f"{BASE}id/unit/departement-drome"}]
    assert row["insee-code"] == [{"str": "26281"}]
    assert len(row["sector"]) == 1
    assert 44 < row["latitude"][0]["float"] < 46
    assert row["website"] == [{"str": "https://www.archer.fr/pole-sud/ptce"}]
    assert old["rows"][f"{BASE}id/pole/bou-sol"]["member-count"] == [{"int": 2}]
    assert all(value == [] for value in old["rows"]["nothing/of-the-kind"].values())
    assert old["meta"][0] == {"id": "place", "name": "commune", "type": {"id": "commune", "name": "commune"}}
    new = client.post("/reconcile/1.0/extend", json=query).json
    check("1.0-draft", "data-extension-response", new)
    assert new is not None
    assert [row["id"] for row in new["rows"]] == query["ids"]
    assert {each["id"]: each["values"] for each in new["rows"][0]["properties"]} == row


def test_dates_are_dates_when_they_are_known_to_the_day(client: FlaskClient) -> None:
    query = {
        "ids": ["cooperation/ptce-citoyennete-tours", "event/aap-2013-lancement"],
        "properties": [{"id": "date"}],
    }
    rows = client.post("/reconcile/1.0/extend", json=query).json
    assert rows is not None
    assert [row["properties"][0]["values"] for row in rows["rows"]] == [
        [{"date": "2017-03-09T00:00:00"}],
        [{"str": "2013-07"}],
    ]


def test_every_property_has_values_somewhere(client: FlaskClient, backend: EmbeddedBackend) -> None:
    things = [
        thing
        for kind in (
            "poles",
            "actors",
            "cooperations",
            "events",
            "calls",
            "territories",
            "concepts",
            "sources",
        )
        for thing in backend.things(kind, limit=5000)[1]
    ]
    unused = {id_ for id_ in PROPERTIES if not any(backend.property_values(thing, id_) for thing in things)}
    assert unused == set()


TEXTS = st.text(max_size=40) | st.sampled_from(
    ["L'Archer", "PTCE*", '"', "a OR b", "NEAR(x)", "\ud800", "\x00", "½ 3"]
)
VALUES = TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()


@run(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.text(max_size=3),
        st.fixed_dictionaries(
            {"query": TEXTS},
            optional={
                "type": st.sampled_from(TYPES),
                "limit": st.integers(1, 40),
                "properties": st.lists(
                    st.fixed_dictionaries({"pid": st.sampled_from(sorted(PROPERTIES)), "v": VALUES}),
                    max_size=2,
                ),
            },
        ),
        max_size=2,
    )
)
def test_any_right_query_has_an_answer_of_the_right_shape(
    client: FlaskClient, queries: dict[str, dict[str, object]]
) -> None:
    check("0.2", "reconciliation-query-batch", queries)
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    check("0.2", "reconciliation-result-batch", answer.json)
    assert set(answer.json) == set(queries)
    for key, found in answer.json.items():
        scores = [each["score"] for each in found["result"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)
        assert sum(each["match"] for each in found["result"]) <= 1
        assert len(scores) <= queries[key].get("limit", 10)  # type: ignore[operator]  # a number


@run(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["query", "type", "limit", "properties", "pid", "v", "id", "conditions", "queries"]
                ),
                inner,
            )
        ),
        max_leaves=8,
    )
)
def test_anything_else_is_an_answer_or_a_refusal_never_a_fault(client: FlaskClient, value: object) -> None:
    text = json.dumps(value)
    for request_ in (
        {"path": "/reconcile", "data": {"queries": text}},
        {"path": "/reconcile", "data": {"extend": text}},
        {"path": "/reconcile", "data": {"queries": f'{{"a": {text}}}'}},
        {"path": "/reconcile/1.0/match", "data": text, "headers": JSON_TYPE},
        {"path": "/reconcile/1.0/extend", "data": text, "headers": JSON_TYPE},
    ):
        answer = client.post(**request_)  # type: ignore[arg-type]
        assert answer.status_code in (200, 400), answer.text
