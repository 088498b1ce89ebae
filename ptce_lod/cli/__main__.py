"""``python -m ptce_lod.cli``."""

from ptce_lod.cli.main import main

main()
