"""The command line: parse, call, print. One file per group of commands; exit codes are chosen in ``errors.py`` of this folder."""

from ptce_lod.cli.main import main

__all__ = ["main"]
