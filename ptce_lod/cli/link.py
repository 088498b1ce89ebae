"""``link candidates``, ``review``, ``status`` and ``sssom``: pages of wikis and rows of tables meet our things."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ptce_lod.cli.group import Run, cli, command
from ptce_lod.decisions import (
    YES,
    add_decisions,
    links_of_one_thing,
    raise_conflicts,
    read_decisions,
    read_lines,
    tables,
)
from ptce_lod.errors import AlreadyLinked, MappingError, SourceUnavailable
from ptce_lod.iris import SLUG, THING_TYPES
from ptce_lod.licences import DATA
from ptce_lod.link_policy import KINDS, PAGE, Kind
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings

if TYPE_CHECKING:
    from ptce_lod.link.entries import Entry
    from ptce_lod.link.kept import Kept
    from ptce_lod.link.review import Question

_TYPES: Final = (*THING_TYPES, "concept", "commune", "departement", "region")
#: Key → what it answers. French keys, too: o is oui.
_KEYS: Final = {"y": "yes", "o": "yes", "n": "no", "u": "unsure", "?": "unsure"}
_MORE_KEYS: Final = {
    "e": "exact-match",
    "b": "broad-match",
    "w": "narrow-match",
    "r": "related-match",
    "p": PAGE,
}
_SKIP, _QUIT = "s", "q"


@cli.group("link")
def link() -> None:
    """Find which of our things the pages of a wiki or the rows of a table mean, and decide. `ptce-lod build` publishes what was decided."""


@command(link)
@click.argument("name")
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    help="CSV or TSV to match; without it, the pages pulled of the wiki NAME.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=HEADER",
    help="What a column is: id, name, url, language, place, department, region, website, identifier or category.",
)
@click.option(
    "--kind", type=click.Choice(KINDS), default="name", help="What a row is. Names are published by no link."
)
@click.option(
    "--type", "types", multiple=True, type=click.Choice(_TYPES), help="Only things of this type; repeatable."
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=lambda: os.cpu_count() or 1, help="Processes that match."
)
def candidates(
    run: Run,
    name: str,
    table: Path | None,
    columns: tuple[str, ...],
    kind: Kind,
    types: tuple[str, ...],
    jobs: int,
) -> None:
    """Propose things of the published release for the source NAME, with scores and reasons."""
    from ptce_lod.link.review import counts, moved
    from ptce_lod.link.work import match_all

    settings, path = run.settings, _table(run.settings, name)
    former = read_decisions(path)
    if table is None:
        entries, about = _wiki_entries(run, name)
    else:
        from ptce_lod.link.tables import read_table

        entries, about = list(read_table(table, _columns(columns), kind)), str(table)
    if changed := moved(former, entries):
        add_decisions(path, changed)
        run.output.note(f"{len(changed)} decisions follow pages that were moved or renamed")
    layout = VarLayout(settings.var_dir).published()
    kept = _kept(settings, name)
    with run.output.progress() as listener:
        found = match_all(entries, settings, layout, types, jobs=jobs, listener=listener)
        kept.write(found, {"of": about, "release": layout.release_id, "types": types})
    count = counts(kept.read(), read_decisions(path))
    run.output.result(
        f"{count.entries} entries, {count.without_candidate} without a candidate; {count.open} pairs to decide: "
        f"`ptce-lod link review {name} --who YOU`",
        source=name,
        **count._asdict(),
    )


def _wiki_entries(run: Run, name: str) -> tuple[list[Entry], str]:
    from ptce_lod.link.known import known_things
    from ptce_lod.link.wiki_pages import page_entries
    from ptce_lod.wiki.config import read_config
    from ptce_lod.wiki.snapshot import SnapshotFolder

    config = read_config(run.settings.wiki_dir, name)
    snapshot = SnapshotFolder(run.settings.var_dir / "wikis" / name).current()
    if snapshot is None:
        raise SourceUnavailable(
            f"nothing of {name} was pulled yet",
            hint=f"run `ptce-lod wiki pull {name}`, or name a table with --table",
        )
    decided = read_decisions(_table(run.settings, name))
    known = known_things(run.settings, run.output.note)
    return list(page_entries(config, snapshot, decided, known)), str(snapshot.path)


@command(link)
@click.argument("name")
@click.option("--who", required=True, help="Who decides: a name or initials, published with each link.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    help="CSV or TSV of answers instead of keys: entry, thing, decision, perhaps relation.",
)
@click.option(
    "--accept",
    type=click.FloatRange(80, 100),
    help="Say yes to every match of at least this score, and ask nothing.",
)
@click.option("--unsure", is_flag=True, help="Ask again what somebody was unsure of.")
def review(run: Run, name: str, who: str, answers: Path | None, accept: float | None, unsure: bool) -> None:
    """Decide the proposals of the source NAME, the surest first; each answer is kept at once and never asked again.

    Keys: y (or o) yes, n no, u unsure, s skip, q quit; p the page is about several things; of concepts y close, e exact, b broader,
    w narrower, r related.
    """
    from ptce_lod.link.review import Judged, accepted, open_questions, read_answers

    if not who.strip():
        raise click.UsageError("--who is empty")
    path, kept = _table(run.settings, name), _kept(run.settings, name)
    when = datetime.datetime.now(datetime.UTC).date().isoformat()
    if answers is not None:
        made = read_answers(answers, kept.read(), who=who, when=when)
    else:
        judged = Judged.of(read_decisions(path), again=unsure)
        groups = open_questions(kept.read(), judged)
        if accept is None:
            done = _ask(run, groups, path, who, when)
            run.output.result(f"{done} decided in {path}", source=name, decided=done, table=path)
            return
        linked = links_of_one_thing(run.settings.links_dir).values()
        made = accepted(groups, accept, who=who, when=when, linked=linked)
    if made:
        add_decisions(path, made)
    run.output.result(f"{len(made)} decided in {path}", source=name, decided=len(made), table=path)


def _ask(run: Run, groups: Sequence[Sequence[Question]], path: Path, who: str, when: str) -> int:
    """Ask one pair after the other until there is none or somebody quits; return the number of answers."""
    from ptce_lod.link.review import decide

    done = 0
    for number, group in enumerate(groups, start=1):
        for question in group:
            _show(question, number, len(groups))
            verdict, relation = _key(question)
            if verdict == _QUIT:
                return done
            if verdict == _SKIP:
                break
            made = decide(question, verdict, who=who, when=when, relation=relation)
            try:
                add_decisions(path, [made])
            except AlreadyLinked as error:
                click.echo(f"  {error.message}; {error.hint}", err=True)
                break
            done += 1
            if verdict == YES:
                break
    return done


def _show(question: Question, number: int, total: int) -> None:
    entry, proposal = question
    facts = [f"{fact}: {', '.join(values)}" for fact, values in entry.facts.items()]
    click.echo(f"\n{number}/{total}  {entry.name}", err=True)
    for line in (*entry.others, entry.target, *facts):
        if line:
            click.echo(f"      {line}", err=True)
    place = f" ({proposal.detail})" if proposal.detail else ""
    click.echo(f"  {proposal.score:5.1f}  {proposal.label}{place}  {proposal.thing}", err=True)
    click.echo(f"      {'; '.join(proposal.reasons)}", err=True)


def _key(question: Question) -> tuple[str, str]:
    """Return verdict and relation of the key that was pressed; ("q", "") when there are no more."""
    from ptce_lod.link.review import relations_for

    allowed = relations_for(question)
    more = {key: relation for key, relation in _MORE_KEYS.items() if relation in allowed}
    hint = "".join(f" {key}:{relation}" for key, relation in more.items())
    while True:
        click.echo(f"  y/n/u s:skip q:quit{hint} ? ", nl=False, err=True)
        try:
            key = click.getchar() if sys.stdin.isatty() else sys.stdin.read(1)
        except EOFError:
            key = ""
        if key.strip():
            click.echo(key, err=True)
        key = key.lower()
        if key in ("", _QUIT):
            return _QUIT, ""
        if key == _SKIP:
            return _SKIP, ""
        if key in _KEYS:
            return _KEYS[key], ""
        if key in more:
            return YES, more[key]


@command(link)
@click.argument("name", required=False)
def status(run: Run, name: str | None) -> None:
    """Tell how far each source is, or the source NAME; and that no two decisions contradict each other."""
    from ptce_lod.link.review import counts

    found = tables(run.settings.links_dir)
    matched = _matched(run.settings)
    names = {name} if name else set(found) | matched
    rows = []
    for each in sorted(names):
        decisions = read_decisions(_table(run.settings, each))
        kept = _kept(run.settings, each)
        if name is None and each not in matched:
            rows.append({"source": each, "linked": sum(d.decision == YES for d in decisions)})
        else:
            rows.append({"source": each, **counts(kept.read(), decisions)._asdict()})
    raise_conflicts({path: read_lines(path) for path in found.values()})
    text = "\n".join(", ".join(f"{key} {value}" for key, value in row.items()) for row in rows)
    run.output.result(text or "no source was matched yet", sources=rows)


@command(link)
@click.argument("names", nargs=-1)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="File to write (default: standard output)."
)
def sssom(run: Run, names: tuple[str, ...], output: Path | None) -> None:
    """Write the links between concepts as an SSSOM table, of the sources NAMES or of all."""
    from ptce_lod.link.sssom import sssom as write_sssom
    from ptce_lod.query.embedded import EmbeddedBackend

    settings = run.settings
    found = tables(settings.links_dir)
    decisions = [d for name in names or found for d in read_decisions(_table(settings, name))]
    backend = EmbeddedBackend(VarLayout(settings.var_dir).published(), settings)
    try:

        def label(iri: str) -> str:
            known = backend.label(iri, "en")
            return known.value if known else ""

        set_id = f"{settings.base_iri}doc/source/links-{'-'.join(names) or 'all'}"
        text, number = write_sssom(decisions, label, set_id=set_id, licence=DATA.iri)
    finally:
        backend.close()
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise SourceUnavailable(f"{output}: cannot be written ({error.strerror})") from error
    run.output.note(f"{number} mappings")


def _columns(declared: Iterable[str]) -> dict[str, str]:
    from ptce_lod.link.tables import ROLES

    found: dict[str, str] = {}
    for text in declared:
        role, equals, header = text.partition("=")
        if not equals or role not in ROLES or not header:
            raise MappingError(
                f"--column is {text!r}, expected ROLE=HEADER", hint=f"a role is one of {', '.join(ROLES)}"
            )
        found[role] = header
    return found


def _table(settings: Settings, name: str) -> Path:
    if not SLUG.fullmatch(name):
        raise MappingError(f"{name!r} is no name of a source; write lower-case letters, digits and hyphens")
    return settings.links_dir / f"{name}.csv"


def _kept(settings: Settings, name: str) -> Kept:
    from ptce_lod.link.kept import Kept as _Kept

    return _Kept(settings.var_dir / "links" / name)


def _matched(settings: Settings) -> set[str]:
    folder = settings.var_dir / "links"
    return {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
