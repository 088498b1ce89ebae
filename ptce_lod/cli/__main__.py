"""``python -m ptce_lod.cli``."""

from ptce_lod.cli import main

main()
