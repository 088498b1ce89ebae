"""The command line: parse, call, print. One file per group of commands; exit codes are chosen in ``output.py``."""

from __future__ import annotations

import sys

from ptce_lod.cli import data, exporting, link, querying, releases, serving, wiki, wiki_push
from ptce_lod.cli.group import cli
from ptce_lod.cli.output import INTERRUPTED

#: Modules whose commands are part of ``cli`` once imported.
COMMANDS = (data, exporting, link, querying, releases, serving, wiki, wiki_push)


def main() -> None:
    """Run the command line."""
    try:
        cli.main(prog_name="ptce-lod")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
