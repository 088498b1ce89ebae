"""The service itself: its manifest, its page for people, and batches of queries."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask import Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.formats import HTML, JSON
from ptce_lod.query.candidates import Candidate, Condition, Sought
from ptce_lod.web import context, pages
from ptce_lod.web.bodies import FORM, form_parameters, only, url_parameters, wrong_type
from ptce_lod.web.identity import see_other, unknown
from ptce_lod.web.links import SCHEMA, link
from ptce_lod.web.reconcile.extend import extended
from ptce_lod.web.reconcile.manifest import draft_manifest, manifest
from ptce_lod.web.reconcile.reading import read_batch, read_draft_batch
from ptce_lod.web.reconcile.shared import (
    blueprint,
    entity_object,
    id_in,
    json_answer,
    json_body,
    read_json,
    read_text,
    read_type,
    types_of,
)
from ptce_lod.web.representation import Resource, answer, rule, split_extension

_JSON_BODY: Final = "application/json"
_SPECIFICATION: Final = "https://reconciliation-api.github.io/specs/"
#: Digits of a score, and of its parts.
_DIGITS: Final = 2


@blueprint.get(rule("reconcile", more=(JSON,)))
def describe(name: str) -> Response:
    """Answer with the manifest, with the page for who prefers HTML, or with the results of a batch in the address."""
    parameters = url_parameters()
    if "queries" in parameters or "extend" in parameters:
        return _batch(parameters)
    _refuse_old(parameters)
    _, format_ = split_extension(name, (JSON,))
    text, type_ = read_text(parameters.get("name", "")), parameters.get("type", "")
    sought = _tried(text, type_)
    digest = hashlib.sha256(f"{text}\n{type_}".encode()).hexdigest()[:16] if text or type_ else ""
    settings, backend = context.settings(), context.backend()
    response = answer(
        Resource(
            f"{settings.base_iri}reconcile",
            lambda language: pages.render_reconcile(
                backend, settings, text, type_, backend.candidates(sought) if sought else [], language
            ),
            lambda _format: b"",
            offers=(JSON, HTML),
            tag_parts=("reconcile", context.language(), digest),
            links=(link(SCHEMA + "WebAPI", "type"),),
            others={JSON: _manifest},
        ),
        format_,
    )
    if response.mimetype == JSON.media_type:
        response.headers["Content-Language"] = context.language()
    if digest:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _manifest() -> bytes:
    return json_answer(manifest).get_data()


def _tried(text: str, type_: str) -> Sought | None:
    """Return what somebody tries on the page."""
    types = (read_type(type_, "type"),) if type_ else ()
    return Sought((Condition("", (text,)),), types=types, limit=5) if text else None


def _refuse_old(parameters: MultiDict[str, str]) -> None:
    for name, instead in (
        ("callback", "JSONP is not offered: CORS is open"),
        ("query", "send a batch: queries"),
    ):
        if name in parameters:
            raise BadRequest(f"there is no parameter {name!r}, expected queries or extend", hint=instead)


@blueprint.post("/reconcile")
def batch() -> Response:
    """Answer a batch: of version 0.2 as a form, of version 1.0 as JSON."""
    if request.mimetype == _JSON_BODY:
        return match()
    if request.mimetype != FORM:
        raise wrong_type((FORM, _JSON_BODY), link=_SPECIFICATION)
    parameters = url_parameters()
    parameters.update(form_parameters())
    return _batch(parameters)


def _batch(parameters: MultiDict[str, str]) -> Response:
    """Answer what a form asks, in its body or in the address."""
    if "callback" in parameters:
        _refuse_old(parameters)
    queries, extend = only(parameters, "queries"), only(parameters, "extend")
    if (queries is None) == (extend is None):
        raise BadRequest("expected one parameter, queries or extend, with a JSON object")
    if extend is not None:
        query = read_json(extend, "extend")
        return json_answer(lambda language: extended(query, language))
    found = read_batch(read_json(queries or "", "queries"))
    return json_answer(
        lambda language: {
            key: {"result": [_candidate(one, language) for one in context.backend().candidates(sought)]}
            for key, sought in found.items()
        }
    )


@blueprint.get("/reconcile/1.0")
def draft() -> Response:
    """Answer with the manifest of version 1.0."""
    return json_answer(draft_manifest)


@blueprint.post("/reconcile/1.0/match")
def match() -> Response:
    """Answer a batch of version 1.0."""
    if request.mimetype != _JSON_BODY:
        raise wrong_type((_JSON_BODY,), link=_SPECIFICATION)
    found = read_draft_batch(json_body())
    return json_answer(
        lambda language: {
            "results": [
                {
                    "candidates": [
                        _candidate(one, language, named=True) for one in context.backend().candidates(sought)
                    ]
                }
                for sought in found
            ]
        }
    )


def _candidate(candidate: Candidate, language: str, *, named: bool = False) -> dict[str, Any]:
    """Return a candidate as both versions write it; ``named``: its features have names."""
    found = entity_object(candidate.thing, language)
    if candidate.name and candidate.name != found["name"]:
        found["description"] += f" · {candidate.name}"
    features = [
        {"id": id_, **({"name": pages.feature_name(id_, language)} if named else {}), "value": value}
        for id_, value in candidate.features.items()
    ]
    return {
        **found,
        "type": types_of(candidate.thing, language),
        "score": round(candidate.score, _DIGITS),
        "match": candidate.match,
        "features": features,
    }


@blueprint.get("/reconcile/view")
def view() -> AnyResponse:
    """Send to the document of a thing by its id."""
    text = request.args.get("id", "")
    iri = id_in(text)
    target = context.settings().addresses.document(iri)
    if target is None:
        raise ThingNotFound(f"there is no thing with the id {text[:100]!r}", hint="ids are like pole/tetris")
    if not context.backend().fate(iri).known:
        raise unknown(iri)
    return see_other(target)
