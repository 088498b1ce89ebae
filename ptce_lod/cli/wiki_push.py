"""``wiki push`` and ``wiki report``: what the published release knows goes into a wiki's pages, and what links between both lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from ptce_lod.cli.group import Run, command
from ptce_lod.cli.wiki import decided, manners, snapshot_folder, wiki
from ptce_lod.errors import SourceUnavailable
from ptce_lod.query.backend import Backend
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout

if TYPE_CHECKING:
    from ptce_lod.wiki.config import Site, WikiConfig
    from ptce_lod.wiki.editor import Login
    from ptce_lod.wiki.facts import Facts
    from ptce_lod.wiki.push import PageOutcome, Plan
    from ptce_lod.wiki.render import Renderer
    from ptce_lod.wiki.snapshot import Snapshot
    from ptce_lod.wiki.statements import Reader

_SUMMARY = {
    "fr": "Données ouvertes liées sur les PTCE : {base}",
    "en": "Linked open data on PTCE: {base}",
}
#: Name of the namespace of templates in every wiki of the language.
#: Names printed of a list, unless all are wanted.
_SHOWN = 20


@command(wiki)
@click.argument("name")
@click.option(
    "--login",
    "login_file",
    type=click.Path(path_type=Path),
    help="TOML file: user and password (a bot password), or token.",
)
@click.option("--apply", is_flag=True, help="Write; without it, only show what would change.")
@click.option("--overwrite", is_flag=True, help="Fill blocks that a person changed inside, too.")
@click.option(
    "--insert", is_flag=True, help="Put an infobox at the top of pages about poles that have no block."
)
@click.option("--templates", is_flag=True, help="Write the templates, too.")
@click.option(
    "--page", "pages", multiple=True, help="A page by its title, besides those of the latest snapshot."
)
def push(
    run: Run,
    name: str,
    login_file: Path | None,
    pages: tuple[str, ...],
    *,
    apply: bool,
    overwrite: bool,
    insert: bool,
    templates: bool,
) -> None:
    """Bring the blocks of the wiki NAME's pages up to date with the published release. Shows what would change, unless --apply.

    A block stands between two comments: <!-- ptce-lod infobox pole/tetris --><!-- /ptce-lod -->. Also: link THING, list [REGION], timeline.
    """
    from ptce_lod.wiki.config import read_config
    from ptce_lod.wiki.editor import read_login

    if apply and login_file is None:
        raise click.UsageError("--apply needs --login FILE")
    config = read_config(run.settings.wiki_dir, name)
    login = read_login(login_file) if login_file else None
    outcomes: list[PageOutcome] = []
    with _facts(run) as facts:
        for site in config.sites:
            if site.api:
                made = _Push(
                    run, config, facts, apply=apply, overwrite=overwrite, insert=insert, templates=templates
                )
                outcomes += made.site(site, pages if site is config.sites[0] else (), login)
    _report(run, outcomes, apply=apply)


class _Push:
    """One push to the sites of a wiki."""

    def __init__(self, run: Run, config: WikiConfig, facts: Facts, **options: bool) -> None:
        self._run, self._config, self._facts, self._options = run, config, facts, options

    def site(self, site: Site, pages: tuple[str, ...], login: Login | None) -> list[PageOutcome]:
        """Push to one site."""
        from ptce_lod.wiki.editor import WikiEditor
        from ptce_lod.wiki.push import push as push_pages

        settings = self._run.settings
        language = _language(site)
        renderer, plan = self._plan(site, language, pages)
        private = urlsplit(site.api).hostname in settings.wiki_private_hosts.split()
        heeds = site.robots != "ignore"
        editor = WikiEditor(site.api, manners(settings), private_allowed=private, heeds_robots=heeds)
        try:
            if login is not None:
                user = editor.login(login)
                self._run.output.note(f"logged in to {site.api} as {user}")
            fill = self._filled(renderer, language)
            summary = self._config.push.summary or _SUMMARY[language].format(base=self._facts.base_iri)
            with self._run.output.progress() as listener:
                return push_pages(
                    editor,
                    plan,
                    fill,
                    summary,
                    apply=self._options["apply"],
                    overwrite=self._options["overwrite"],
                    listener=listener,
                    hint=renderer.hint,
                )
        finally:
            editor.close()

    def _plan(self, site: Site, language: str, pages: tuple[str, ...]) -> tuple[Renderer, Plan]:
        from ptce_lod.wiki.kit import TEMPLATE_NAMESPACE, TEMPLATES
        from ptce_lod.wiki.push import Plan, candidates
        from ptce_lod.wiki.render import Renderer

        snapshot, reader = _snapshot(self._run, self._config)
        about = _pages_about(snapshot, reader, site)
        rules = self._config.push
        renderer = Renderer(self._facts, language, about, rules.style == "template", rules.annotations)
        made = dict(rules.pages) if site is self._config.sites[0] else {}
        if self._options["templates"]:
            made |= {
                f"{TEMPLATE_NAMESPACE[language]}:{name}": f"template {name}" for name in TEMPLATES[language]
            }
        inserted = {}
        if self._options["insert"]:
            inserted = {
                title: f"infobox {thing}" for thing, title in about.items() if self._facts.pole(thing)
            }
        titles = [*candidates(snapshot.records(), site.language), *pages]
        return renderer, Plan(titles, made, inserted, frozenset(pages))

    def _filled(self, renderer: Renderer, language: str) -> Callable[[str], str | None]:
        from ptce_lod.wiki.kit import TEMPLATES, template

        def fill(wanted: str) -> str | None:
            kind, _, name = wanted.partition(" ")
            if kind == "template" and name in TEMPLATES[language]:
                return template(name, self._facts.base_iri, language).rstrip("\n")
            return renderer.fill(wanted)

        return fill


def _language(site: Site) -> str:
    from ptce_lod.wiki.render import LANGUAGES

    return site.language if site.language in LANGUAGES else "en"


def _snapshot(run: Run, config: WikiConfig) -> tuple[Snapshot, Reader]:
    from ptce_lod.link.known import known_things
    from ptce_lod.wiki.source_folder import reader_of

    snapshot = snapshot_folder(run.settings, config.wiki_id).current()
    if snapshot is None:
        raise SourceUnavailable(
            f"nothing of {config.wiki_id} was pulled yet", hint=f"run `ptce-lod wiki pull {config.wiki_id}`"
        )
    known = known_things(run.settings, run.output.note)
    return snapshot, reader_of(config, snapshot, decided(run.settings, config.wiki_id), known)


def _pages_about(snapshot: Snapshot, reader: Reader, site: Site) -> dict[str, str]:
    """Return thing → title of the page of a site that is about it."""
    return {
        thing: record.title
        for record in snapshot.records()
        if record.site == site.language and (thing := reader.thing_of(record))
    }


@contextmanager
def _facts(run: Run) -> Iterator[Facts]:
    """Give what the published release knows."""
    from ptce_lod.wiki.facts import Facts

    settings = replace(run.settings, memory_store_quads=0)
    backend: Backend = EmbeddedBackend(VarLayout(settings.var_dir).published(), settings)
    try:

        def rows(table: str) -> list[Any]:
            return list(backend.rows(table, {}, limit=1_000_000).rows)

        def label(iri: str, language: str) -> str | None:
            found = backend.label(iri, language)
            return None if found is None else str(found.value)

        yield Facts(
            settings.base_iri,
            rows("poles"),
            rows("events"),
            rows("calls"),
            label,
            rows("actors"),
            rows("cooperations"),
        )
    finally:
        backend.close()


def _report(run: Run, outcomes: list[PageOutcome], *, apply: bool) -> None:
    """Print the changes, then what was left and why, then the numbers; a page that was refused is an error."""
    from ptce_lod.wiki.push import REFUSED

    if not run.output.as_json and not run.output.quiet:
        for outcome in outcomes:
            if outcome.diff:
                click.echo(f"{outcome.diff}\n")
    for outcome in outcomes:
        if outcome.detail:
            run.output.note(f"  {outcome.title}: {outcome.state}: {outcome.detail}")
    counts = Counter(outcome.state for outcome in outcomes)
    told = ", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "no page has a block"
    run.output.result(
        f"{told}" + ("" if apply or "would change" not in counts else "; `--apply --login FILE` writes"),
        counts=dict(counts),
        pages=[vars(outcome) for outcome in outcomes],
    )
    if apply and counts[REFUSED]:
        raise SourceUnavailable(f"the wiki did not take {counts[REFUSED]} of {len(outcomes)} pages")


@command(wiki)
@click.argument("name")
@click.option("--all", "is_whole", is_flag=True, help="Name all, not only the first ones.")
def report(run: Run, name: str, *, is_whole: bool) -> None:
    """Say which pages of the wiki NAME about our things do not link to us, and which of our things have no page."""
    from ptce_lod.wiki.config import read_config
    from ptce_lod.wiki.report import lacking

    config = read_config(run.settings.wiki_dir, name)
    snapshot, reader = _snapshot(run, config)
    with _facts(run) as facts:
        for site in config.sites:
            found = lacking(reader, snapshot.records(), site.language, facts, _language(site))
            _list(
                run,
                "pages without a link to us",
                [f"{t} ({thing})" for t, thing in found.unlinked],
                is_whole=is_whole,
            )
            _list(
                run,
                "things without a page",
                [f"{n} ({thing})" for thing, n in found.pageless],
                is_whole=is_whole,
            )
            kinds = Counter(thing.partition("/")[0] for thing, _ in found.pageless)
            numbers = ", ".join(f"{number} of type {kind}" for kind, number in kinds.items()) or "none"
            run.output.result(
                f"{site.language}: {found.linked} pages link to us, {len(found.unlinked)} do not; things without a page: {numbers}",
                site=site.language,
                **vars(found),
            )


def _list(run: Run, title: str, lines: list[str], *, is_whole: bool) -> None:
    shown = lines if is_whole else lines[:_SHOWN]
    if shown:
        run.output.note(f"{title}:")
    for line in shown:
        run.output.note(f"  {line}")
    if len(lines) > len(shown):
        run.output.note(f"  … and {len(lines) - len(shown)} more (--all)")
