"""Review on the web what ``ptce-lod link`` proposes: ``/links`` is the page, ``/links/{source}/…`` what it asks with a token."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, request

from ptce_lod.decisions import VERDICTS, add_decisions, read_decisions
from ptce_lod.errors import AlreadyLinked, BadRequest, MappingError, ThingNotFound, UnsupportedMediaType
from ptce_lod.formats import HTML
from ptce_lod.iris import SLUG
from ptce_lod.link.kept import Kept
from ptce_lod.link.review import Judged, Question, decide, find_question, open_questions, relations_for
from ptce_lod.link_policy import RELATIONS
from ptce_lod.query.entities import iri_of
from ptce_lod.web import context, pages, writing
from ptce_lod.web.bodies import text_body
from ptce_lod.web.representation import Resource, answer, rule, split_extension
from ptce_lod.web.searching import read_number

blueprint: Final = Blueprint("linking", __name__)
_SCOPE: Final = "link"
_QUESTIONS: Final = 20
_MEMBERS: Final = ("entry", "thing", "decision", "relation")


@blueprint.get(rule("links"))
def page(name: str) -> Response:
    """Answer with the page on which somebody who has a token reviews."""
    _, format_ = split_extension(name)
    settings, backend = context.settings(), context.backend()
    is_enabled = writing.has_tokens()
    return answer(
        Resource(
            f"{settings.base_iri}links",
            lambda language: pages.render_linking(backend, settings, language, is_enabled=is_enabled),
            lambda _format: b"",
            offers=(HTML,),
            tag_parts=("links", str(is_enabled)),
        ),
        format_,
    )


@blueprint.get("/links/<source>/questions")
def questions(source: str) -> Response:
    """Answer with the entries of a source that have something to decide, the surest first."""
    writing.signed_author(_SCOPE)
    for name in request.args:
        if name not in ("limit", "offset"):
            raise BadRequest(f"{name[:50]} is no parameter here, expected limit or offset")
    offset = read_number("offset", request.args.getlist("offset"), 0, 10**9 - 1, least=0)
    limit = read_number("limit", request.args.getlist("limit"), _QUESTIONS, 100)
    kept, table = _source(source)
    groups = open_questions(kept.read(), Judged.of(read_decisions(table)))
    entries = [
        {"entry": _entry(group[0]), "proposals": [_proposal(question) for question in group]}
        for group in groups[offset : offset + limit]
    ]
    return _json({"source": source, "open": len(groups), "entries": entries})


@blueprint.post("/links/<source>/decisions")
def decide_one(source: str) -> Response:
    """Keep one decision in the name of who sends it."""
    author = writing.signed_author(_SCOPE)
    kept, table = _source(source)
    asked = _read_body()
    question = find_question(kept.read(asked["entry"]), asked["entry"], asked["thing"])
    if question is None:
        raise BadRequest(
            f"{asked['thing'][:100]} is not proposed for the entry {asked['entry'][:100]!r} of {source}"
        )
    when = datetime.datetime.now(datetime.UTC).date().isoformat()
    try:
        made = decide(
            question, asked["decision"], who=author.name, when=when, relation=asked.get("relation", "")
        )
        add_decisions(table, [made])
    except AlreadyLinked:
        raise
    except MappingError as error:
        raise BadRequest(error.message) from error
    return _json({"source": source, **{name: getattr(made, name) for name in (*_MEMBERS, "who", "when")}})


def _source(source: str) -> tuple[Kept, Path]:
    """Return what was found for a source, and its table of decisions; :class:`ThingNotFound` when nothing was matched."""
    settings = context.settings()
    folder = settings.var_dir / "links" / source
    if not SLUG.fullmatch(source) or not folder.is_dir():
        raise ThingNotFound(
            f"nothing of a source {source[:100]!r} was matched here",
            hint="its operator runs: ptce-lod link candidates",
        )
    return Kept(folder), settings.links_dir / f"{source}.csv"


def _read_body() -> dict[str, str]:
    """Return the members of a decision; :class:`BadRequest` names the one that is wrong."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(
            f"the decision is sent as {request.mimetype[:50]!r}, expected application/json"
        )
    try:
        found = json.loads(text_body("the decision"))
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the decision is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadRequest("the decision is no JSON object")
    for name, value in found.items():
        if name not in _MEMBERS:
            raise BadRequest(f"{name[:50]!r} is no member of a decision, expected {', '.join(_MEMBERS)}")
        if not isinstance(value, str):
            raise BadRequest(f"{name} is no text")
    for name in _MEMBERS[:3]:
        if not found.get(name):
            raise BadRequest(f"{name} is missing")
    for name, known in (("decision", VERDICTS), ("relation", ("", *RELATIONS))):
        if found.get(name, "") not in known and name in found:
            raise BadRequest(
                f"{name} is {found[name][:50]!r}, expected one of {', '.join(filter(None, known))}"
            )
    return found


def _entry(question: Question) -> dict[str, Any]:
    entry = question.entry
    return {
        "key": entry.key,
        "name": entry.name,
        "others": entry.others,
        "target": entry.target,
        "language": entry.language,
        "facts": entry.facts,
    }


def _proposal(question: Question) -> dict[str, Any]:
    proposal, addresses = question.proposal, context.settings().addresses
    iri = iri_of(proposal.thing, addresses)
    return {
        "thing": proposal.thing,
        "label": proposal.label,
        "detail": proposal.detail,
        "score": proposal.score,
        "reasons": proposal.reasons,
        "document": addresses.document(iri) or iri,
        "relations": relations_for(question),
    }


def _json(body: Mapping[str, Any]) -> Response:
    response = Response(
        json.dumps(body, ensure_ascii=False, indent=1) + "\n", content_type="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
