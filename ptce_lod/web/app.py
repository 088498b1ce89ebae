"""Join the rooms of the site into one Flask application. The only place that picks a backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask

from ptce_lod.edit.requests import Writer
from ptce_lod.edit.tokens import TokenFile
from ptce_lod.edit.writer import PublishedWriter
from ptce_lod.query.backend import Backend
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.follower import ReleaseFollower
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web import (
    api,
    catalog,
    coding,
    context,
    discovery,
    documents,
    dumps,
    feed,
    fragments,
    graph_store,
    headers,
    identity,
    linking,
    lookup,
    map_,
    memento,
    network,
    news,
    pages,
    problems,
    reconcile,
    reference,
    reuse,
    search,
    sparql,
    sparql_terms,
    static_files,
    statistics,
    timeline,
    update,
    wellknown,
    wikis,
    writing,
)
from ptce_lod.web.bytecache import ByteCache
from ptce_lod.web.front import Shortcut
from ptce_lod.web.prefix import PathPrefix
from ptce_lod.web.turns import Turns

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def open_follower(
    settings: Settings, opened: Callable[[], None] = lambda: None
) -> ReleaseFollower[EmbeddedBackend]:
    """Return what lends the published release of ``settings.var_dir``; it calls ``opened`` for each release that it opens."""

    def open_backend(layout: ReleaseLayout) -> EmbeddedBackend:
        backend = EmbeddedBackend(layout, settings)
        opened()
        return backend

    return ReleaseFollower(VarLayout(settings.var_dir), open_backend)


def create_app(
    settings: Settings,
    backend: Backend | context.Lender | None = None,
    writer: Writer | None = None,
    *,
    is_exported: bool = False,
) -> Flask:
    """Return the WSGI application. ``backend`` answers, or lends what answers; by default the published release.

    ``is_exported`` says that its answers become files, which get their headers and codings from who serves them.

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
    app.config[context.EXPORTED] = is_exported
    if not is_exported:
        headers.init_app(app)
    writing.init_app(app, writer, tokens)
    if not is_exported:
        coding.init_app(app)
    identity.init_app(app)
    memento.init_app(app, settings)
    parts = (
        wellknown,
        memento,
        reuse,
        catalog,
        discovery,
        dumps,
        sparql,
        sparql_terms,
        update,
        graph_store,
        search,
        feed,
        fragments,
        reconcile,
        linking,
        lookup,
        map_,
        network,
        news,
        statistics,
        timeline,
        api,
        reference,
        static_files,
        wikis,
        documents,
    )
    for part in parts:
        app.register_blueprint(part.blueprint)
    application: WSGIApplication = Turns(app.wsgi_app)
    cache = None
    if settings.cache_bytes:
        application = cache = ByteCache(
            application, lender, settings.cache_bytes, app.extensions["ptce-history"].size
        )
    prefix = PathPrefix(application, urlsplit(settings.base_iri).path)
    app.wsgi_app = prefix  # type: ignore[method-assign]  # as Flask documents it
    if cache is not None and isinstance(lender, ReleaseFollower):
        app.extensions["ptce-shortcut"] = _shortcut(cache, prefix, lender)
    return app


def _shortcut(cache: ByteCache, prefix: PathPrefix, follower: ReleaseFollower[EmbeddedBackend]) -> Shortcut:
    """Return what answers from the cache before a request becomes an environment: a third of the time (November 2026)."""

    def answer(method: str, path: str, query: str, fields: Mapping[str, str]) -> bytes | None:
        release = follower.current()
        return cache.message(release, method, prefix.strip(path), query, fields) if release else None

    return answer


def _lender(settings: Settings, backend: Backend | context.Lender | None) -> context.Lender:
    if backend is None:
        return open_follower(settings)
    return backend if isinstance(backend, context.Lender) else context.One(backend)
