"""``wiki pull`` and ``wiki read``: pages of a MediaWiki or of a dump become a source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ptce_lod.cli.group import Run, cli, command
from ptce_lod.errors import SourceUnavailable
from ptce_lod.settings import Settings

if TYPE_CHECKING:
    from ptce_lod.wiki.config import WikiConfig
    from ptce_lod.wiki.session import Manners
    from ptce_lod.wiki.snapshot import Snapshot, SnapshotFolder

#: Problems of pages that are printed; the rest are counted.
_SHOWN = 20


@cli.group("wiki")
def wiki() -> None:
    """Read wikis, and write to them. The mapping of a wiki, wiki/mappings/NAME.toml, says where it is and what its pages mean."""


@command(wiki)
@click.argument("name")
@click.option("--category", "categories", multiple=True, help="Pages of a category.")
@click.option("--prefix", "prefixes", multiple=True, help="Pages whose title begins so.")
@click.option("--page", "pages", multiple=True, help="A page by its title.")
@click.option("--list", "list_file", type=click.Path(path_type=Path), help="File with one title a line.")
@click.option(
    "--dump",
    type=click.Path(path_type=Path),
    help="XML dump to read instead of the wiki: .xml, .gz, .bz2, .xz or .7z.",
)
def pull(
    run: Run,
    name: str,
    categories: tuple[str, ...],
    prefixes: tuple[str, ...],
    pages: tuple[str, ...],
    list_file: Path | None,
    dump: Path | None,
) -> None:
    """Pull pages of the wiki NAME and write what they say as the source wiki-NAME.

    Without a selection that of the mapping holds. A pull that was cut short goes on when it is run again.
    """
    from ptce_lod.wiki.config import Selection, read_config
    from ptce_lod.wiki.pull import pull as pull_pages
    from ptce_lod.wiki.pull_dump import pull_dump

    settings = run.settings
    config = read_config(settings.wiki_dir, name)
    selection = Selection(categories, prefixes, (*pages, *_titles(list_file))) or config.pull
    folder = snapshot_folder(settings, name)
    with run.output.progress() as listener:
        if dump is not None:
            pulled = pull_dump(config, selection, folder, dump, listener=listener)
        else:
            private = settings.wiki_private_hosts.split()
            pulled = pull_pages(
                config, selection, folder, manners(settings), private_hosts=private, listener=listener
            )
    for told in pulled.empty:
        run.output.note(told)
    for title in pulled.missing[:_SHOWN]:
        run.output.note(f"there is no page {title!r}")
    counts = ", ".join(
        f"{number} {what}" for what, number in pulled.counts.items() if number or what == "pages"
    )
    _write(
        run,
        config,
        pulled.snapshot,
        f"pulled {counts}",
        {**pulled.counts, "missing": pulled.missing, "empty": pulled.empty},
    )


@command(wiki)
@click.argument("name")
def read(run: Run, name: str) -> None:
    """Read the latest snapshot of the wiki NAME again, by a mapping that was changed: nothing is pulled."""
    from ptce_lod.wiki.config import read_config

    config = read_config(run.settings.wiki_dir, name)
    snapshot = snapshot_folder(run.settings, name).current()
    if snapshot is None:
        raise SourceUnavailable(f"nothing of {name} was pulled yet", hint=f"run `ptce-lod wiki pull {name}`")
    _write(run, config, snapshot, "read", {})


def snapshot_folder(settings: Settings, name: str) -> SnapshotFolder:
    """Return where the snapshots of a wiki lie."""
    from ptce_lod.wiki.snapshot import SnapshotFolder

    return SnapshotFolder(settings.var_dir / "wikis" / name)


def decided(settings: Settings, name: str) -> dict[tuple[str, int], str]:
    """Return which page is about which thing by the decisions of `link review`."""
    from ptce_lod.decisions import read_decisions
    from ptce_lod.link_policy import PRIMARY_TOPIC

    found = {}
    for decision in read_decisions(settings.links_dir / f"{name}.csv"):
        language, _, number = decision.entry.partition(":")
        if decision.is_published and decision.relation == PRIMARY_TOPIC and number.isdecimal():
            found[language, int(number)] = decision.thing
    return found


def manners(settings: Settings) -> Manners:
    """Return how wikis are asked."""
    from ptce_lod.wiki.session import Manners

    return Manners(
        pause=settings.wiki_pause_seconds,
        timeout=settings.wiki_timeout_seconds,
        retries=settings.wiki_retries,
        contact=settings.contact,
    )


def _titles(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnavailable(f"{path}: cannot be read as UTF-8 ({error})") from error
    return [title for line in lines if (title := line.strip()) and not title.startswith("#")]


def _write(run: Run, config: WikiConfig, snapshot: Snapshot, done: str, facts: dict[str, object]) -> None:
    from ptce_lod.link.known import known_things
    from ptce_lod.wiki.source_folder import read_snapshot, taken_elsewhere, write_source

    settings = run.settings
    known = known_things(settings, run.output.note)
    taken = taken_elsewhere(settings.data_dir, config.wiki_id)
    found = read_snapshot(config, snapshot, decided(settings, config.wiki_id), known, taken)
    folder = write_source(config, snapshot, found, settings.data_dir)
    for title in found.unmatched[:_SHOWN]:
        run.output.note(f"[things] of the mapping {config.wiki_id}: no pulled page is called {title!r}")
    if len(found.unmatched) > _SHOWN:
        run.output.note(f"  … and {len(found.unmatched) - _SHOWN} more")
    for problem in found.problems[:_SHOWN]:
        run.output.note(f"  {problem}")
    if len(found.problems) > _SHOWN:
        run.output.note(f"  … and {len(found.problems) - _SHOWN} more")
    run.output.result(
        f"{done}; {len(found.things)} things, {len(found.lines)} statements in {folder}; now `ptce-lod build`",
        folder=folder,
        things=len(found.things),
        statements=len(found.lines),
        problems=[str(problem) for problem in found.problems],
        unmatched=found.unmatched,
        **facts,
    )
