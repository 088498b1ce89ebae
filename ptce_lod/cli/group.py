"""The group ``ptce-lod`` and what all its commands share: settings, ``--json``, ``--quiet``, errors and exit codes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ptce_lod import __version__
from ptce_lod import settings as settings_module
from ptce_lod.cli.output import DEFECT, INTERRUPTED, Output, exit_code
from ptce_lod.errors import PtceError, SourceUnavailable
from ptce_lod.settings import Settings


@dataclass
class Run:
    """What a command gets: how to print, and the settings, read when first asked for."""

    output: Output
    flags: dict[str, Any]

    @functools.cached_property
    def settings(self) -> Settings:
        """The settings of this run; :class:`~ptce_lod.errors.SettingsError` when they are wrong."""
        return settings_module.load(self.flags)


def command(group: click.Group, name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a command of ``group`` that takes a :class:`Run` first and turns our errors into messages and exit codes."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @functools.wraps(function)
        @click.pass_context
        def run(context: click.Context, /, *args: Any, **options: Any) -> None:
            quiet, as_json = options.pop("quiet"), options.pop("as_json")
            show_traceback = context.obj.pop("traceback", False)
            flags = {
                **context.obj,
                **{key: options.pop(key) for key in list(options) if key in settings_module.field_names()},
            }
            output = Output(quiet=quiet, as_json=as_json)
            try:
                function(Run(output, flags), *args, **options)
            except PtceError as error:
                output.error(error)
                context.exit(exit_code(error))
            except KeyboardInterrupt:
                output.note("interrupted; what is published is untouched")
                context.exit(INTERRUPTED)
            except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
                raise
            except Exception as error:
                if show_traceback:
                    raise
                if isinstance(error, OSError) and error.filename is not None:
                    # Nobody foresaw it, but it is the machine's: a folder that is missing, a disk that is full.
                    unusable = SourceUnavailable(f"{error.filename}: {error.strerror}")
                    output.error(unusable)
                    context.exit(exit_code(unusable))
                output.defect(error)
                context.exit(DEFECT)

        with_options = click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")(run)
        with_options = click.option(
            "--quiet", "-q", is_flag=True, help="Print errors and asked-for data only."
        )(with_options)
        return group.command(name)(with_options)

    return decorate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ptce-lod")
@click.option("--base-iri", help="Everything published lives under this IRI; it ends in a slash.")
@click.option("--var-dir", type=click.Path(path_type=Path), help="Folder of built things.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder of the sources.")
@click.option("--traceback", is_flag=True, help="Show where a defect of this program happened.")
@click.pass_context
def cli(context: click.Context, /, **flags: Any) -> None:
    """Publish French PTCE (pôles territoriaux de coopération économique) as linked open data.

    Settings come from ptce.toml, then PTCE_… variables, then flags. Exit codes: 0 done; 1 the data break a shape; 2 wrong usage;
    3 bad input; 4 bad settings; 5 releases; 6 query; 7 the validator could not conclude; 70 a defect of this program; 130 interrupted.

    Shell completion: eval "$(_PTCE_LOD_COMPLETE=bash_source ptce-lod)" (or zsh_source, fish_source).
    """
    context.obj = {key: value for key, value in flags.items() if value not in (None, False)}
