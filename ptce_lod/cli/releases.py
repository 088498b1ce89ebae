"""``build publish rollback releases diff verify prune stats``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from ptce_lod import pipeline
from ptce_lod.cli.group import Run, cli, command
from ptce_lod.cli.private import warn_of_private_host
from ptce_lod.errors import DataRejected
from ptce_lod.release import publish as publishing
from ptce_lod.release import publish_log
from ptce_lod.release.diff import diff as compare
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.verify import verify as verify_release
from ptce_lod.validate.report import ValidationReport
from ptce_lod.validate.report_html import report_page


def _var(run: Run) -> VarLayout:
    return VarLayout(run.settings.var_dir)


def _release(var: VarLayout, name: str | None) -> ReleaseLayout:
    """Return the release of an id; the published one for None or ``current``."""
    return var.published() if name in (None, "current") else var.release(str(name))


@command(cli)
@click.option("--publish", "publish_it", is_flag=True, help="Publish the release when it is built.")
@click.option(
    "--rejected-report",
    type=click.Path(path_type=Path),
    help="Where to write the HTML report when the data are rejected.",
)
@click.option("--without-edits", is_flag=True, help="Drop what was changed by writes over HTTP.")
def build(run: Run, publish_it: bool, rejected_report: Path | None, without_edits: bool) -> None:
    """Read the sources, validate, write a release. What is published stays; edits made over HTTP are kept."""
    started = time.monotonic()
    try:
        with run.output.progress() as listener:
            result = pipeline.build(run.settings, listener=listener, keep_edits=not without_edits)
    except DataRejected as error:
        if isinstance(error.report, ValidationReport):
            click.echo(error.report.to_text(), err=True)
            if rejected_report is not None:
                rejected_report.write_text(report_page(error.report), encoding="utf-8")
        raise
    counts = result.report.counts() if result.report else {}
    seconds = time.monotonic() - started
    run.output.result(
        f"{'built' if result.is_new else 'unchanged'}: release {result.layout.release_id}, {result.quads} quads from {result.sources} "
        f"sources, {counts.get('violations', 0)} violations, {counts.get('warnings', 0)} warnings, {counts.get('infos', 0)} remarks, "
        f"{f'{result.edits} edits kept, ' if result.edits else ''}in {seconds:.1f} s",
        release=result.layout.release_id,
        new=result.is_new,
        quads=result.quads,
        sources=result.sources,
        report=dict(counts),
        edits=result.edits,
        seconds=round(seconds, 3),
        leftovers_removed=result.leftovers_removed,
    )
    if publish_it:
        _publish(run, result.layout.release_id)


def _publish(run: Run, release_id: str) -> None:
    warn_of_private_host(run)
    var = _var(run)
    with publishing.locked(var):
        changed = publishing.publish(
            var, release_id, contact=run.settings.contact, publisher_type=run.settings.publisher_type
        )
    word = "published" if changed else "already published"
    run.output.result(f"{word}: release {release_id}", release=release_id, changed=changed)


@command(cli)
@click.argument("release")
def publish(run: Run, release: str) -> None:
    """Serve RELEASE from now on: one atomic switch."""
    _publish(run, release)


@command(cli)
def rollback(run: Run) -> None:
    """Serve the release before the current one again."""
    var = _var(run)
    with publishing.locked(var):
        before = var.published().release_id
        layout = publishing.rollback(
            var, contact=run.settings.contact, publisher_type=run.settings.publisher_type
        )
    run.output.result(
        f"rolled back: release {layout.release_id} is served instead of {before}",
        release=layout.release_id,
        before=before,
    )


@command(cli)
def releases(run: Run) -> None:
    """List the releases, the published one marked by *."""
    var = _var(run)
    current = var.published().release_id if var.current.is_symlink() else None
    entries = {entry.release_id: entry for entry in publish_log.publications(var)}
    published = {release_id: entry.at for release_id, entry in entries.items()}
    layouts = sorted(var.all_releases(), key=lambda r: (published.get(r.release_id, ""), r.release_id))
    facts = []
    for layout in layouts:
        manifest = layout.manifest()
        at = published.get(layout.release_id, "")
        facts.append(
            {
                "release": layout.release_id,
                "current": layout.release_id == current,
                "quads": manifest["quads"],
                "data_date": manifest["data_date"],
                "published": at or None,
                **_write_of(entries.get(layout.release_id)),
            }
        )
    if run.output.as_json:
        run.output.result("", releases=facts)
        return
    for fact in facts:
        mark = "*" if fact["current"] else " "
        when = f"published {fact['published']}" if fact["published"] else "never published"
        click.echo(
            f"{mark} {fact['release']}  {fact['quads']:>9} quads  data of {fact['data_date']}  {when}{_by(fact)}"
        )
    run.output.note(f"{len(facts)} release{'' if len(facts) == 1 else 's'} in {var.releases}")


def _write_of(entry: publish_log.Publication | None) -> dict[str, str | int]:
    if entry is None or not entry.by:
        return {}
    return {"by": entry.by, "added": entry.added, "removed": entry.removed}


def _by(fact: dict[str, Any]) -> str:
    return f" by {fact['by']}: +{fact['added']} -{fact['removed']}" if "by" in fact else ""


@command(cli)
@click.argument("first")
@click.argument("second", required=False)
@click.option("--count", is_flag=True, help="Print the numbers only.")
def diff(run: Run, first: str, second: str | None, count: bool) -> None:
    """Print the quads removed (-) and added (+) from release FIRST to SECOND (default: the published one)."""
    var = _var(run)
    one, other = _release(var, first), _release(var, second)
    added = removed = 0
    for change in compare(one, other):
        added += change.added
        removed += not change.added
        if not count and not run.output.as_json:
            click.echo(f"{'+' if change.added else '-'} {change.line}")
    line = f"{added} quads added, {removed} removed from {one.release_id} to {other.release_id}"
    if run.output.as_json or count:
        run.output.result(line, added=added, removed=removed, first=one.release_id, second=other.release_id)
    else:
        run.output.note(line)


@command(cli)
@click.argument("release", required=False)
def verify(run: Run, release: str | None) -> None:
    """Check every file of RELEASE (default: the published one) against its manifest."""
    layout = _release(_var(run), release)
    files = verify_release(layout)
    run.output.result(
        f"sound: release {layout.release_id}, {files} files checked", release=layout.release_id, files=files
    )


@command(cli)
@click.option("--keep", "keep_releases", type=click.IntRange(min=1), help="Releases to keep.")
def prune(run: Run) -> None:
    """Remove old releases; the published one always stays."""
    var = _var(run)
    with publishing.locked(var):
        removed = publishing.prune(var, run.settings.keep_releases)
    run.output.result(f"removed {len(removed)} releases, {len(var.all_releases())} stay", removed=removed)


@command(cli)
@click.argument("release", required=False)
def stats(run: Run, release: str | None) -> None:
    """Print what RELEASE (default: the published one) holds."""
    import json

    layout = _release(_var(run), release)
    statistics = json.loads(layout.statistics.read_text(encoding="utf-8"))
    if run.output.as_json:
        run.output.result("", **statistics)
        return
    click.echo(f"release {layout.release_id}, data of {statistics['data_date']}, {statistics['quads']} quads")
    for type_, number in statistics["things"].items():
        click.echo(f"{number:>9}  {type_}")
    for graph, number in statistics["graphs"].items():
        click.echo(f"{number:>9}  {graph}")
