"""Join the rooms of the site into one Flask application. The only place that picks a backend."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask

from ptce_lod.query.backend import Backend
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.follower import ReleaseFollower
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web import context, discovery, documents, headers, pages, problems, sparql, sparql_terms
from ptce_lod.web.prefix import PathPrefix


def open_follower(settings: Settings) -> ReleaseFollower[EmbeddedBackend]:
    """Return what lends the published release of ``settings.var_dir``."""
    return ReleaseFollower(VarLayout(settings.var_dir), lambda layout: EmbeddedBackend(layout, settings))


def create_app(settings: Settings, backend: Backend | context.Lender | None = None) -> Flask:
    """Return the WSGI application. ``backend`` answers, or lends what answers; by default the published release."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.body_bytes
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    context.init_app(app, settings, _lender(settings, backend))
    problems.init_app(app, settings, pages.render_problem)
    headers.init_app(app)
    for blueprint in (discovery.blueprint, sparql.blueprint, pages.blueprint, documents.blueprint):
        app.register_blueprint(blueprint)
    app.register_blueprint(sparql_terms.blueprint)
    app.wsgi_app = PathPrefix(app.wsgi_app, urlsplit(settings.base_iri).path)  # type: ignore[method-assign]
    return app


def _lender(settings: Settings, backend: Backend | context.Lender | None) -> context.Lender:
    if backend is None:
        return open_follower(settings)
    return backend if isinstance(backend, context.Lender) else context.One(backend)
