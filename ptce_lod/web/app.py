"""Join the rooms of the site into one Flask application. The only place that picks a backend."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from ptce_lod.edit.requests import Writer
from ptce_lod.edit.tokens import TokenFile
from ptce_lod.edit.writer import PublishedWriter
from ptce_lod.query.backend import Backend
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.follower import ReleaseFollower
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web import (
    coding,
    context,
    discovery,
    documents,
    graph_store,
    headers,
    identity,
    pages,
    problems,
    sparql,
    sparql_terms,
    update,
    wellknown,
    writing,
)
from ptce_lod.web.bytecache import ByteCache
from ptce_lod.web.prefix import PathPrefix


def open_follower(settings: Settings) -> ReleaseFollower[EmbeddedBackend]:
    """Return what lends the published release of ``settings.var_dir``."""
    return ReleaseFollower(VarLayout(settings.var_dir), lambda layout: EmbeddedBackend(layout, settings))


def create_app(
    settings: Settings, backend: Backend | context.Lender | None = None, writer: Writer | None = None
) -> Flask:
    """Return the WSGI application. ``backend`` answers, or lends what answers; by default the published release.

    ``writer`` carries out writes; by default those on the published release, when a file of tokens allows any.
    """
    tokens = TokenFile(Path(settings.tokens_file)) if settings.tokens_file else None
    if writer is None and tokens is not None:
        writer = PublishedWriter(settings)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.body_bytes
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    lender = _lender(settings, backend)
    context.init_app(app, settings, lender)
    problems.init_app(app, settings, pages.render_problem)
    headers.init_app(app)
    writing.init_app(app, writer, tokens)
    coding.init_app(app)
    identity.init_app(app)
    for part in (wellknown, discovery, sparql, sparql_terms, update, graph_store, pages, documents):
        app.register_blueprint(part.blueprint)
    application = app.wsgi_app
    if settings.cache_bytes:
        application = ByteCache(application, lender, settings.cache_bytes)
    app.wsgi_app = PathPrefix(application, urlsplit(settings.base_iri).path)  # type: ignore[method-assign]
    return app


def _lender(settings: Settings, backend: Backend | context.Lender | None) -> context.Lender:
    if backend is None:
        return open_follower(settings)
    return backend if isinstance(backend, context.Lender) else context.One(backend)
