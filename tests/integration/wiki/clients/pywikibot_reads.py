"""Read pages of a wiki with pywikibot, in a process of its own since it is configured by a folder: ``pywikibot_reads.py PORT TITLE…``."""

import json
import sys

import pywikibot
from pywikibot import config, family, textlib


class Family(family.Family):  # type: ignore[misc]  # the package has no types here
    """The wiki of the tests."""

    name = "ptcetest"
    langs = {"fr": f"127.0.0.1:{sys.argv[1]}"}  # noqa: RUF012  # as pywikibot wants it

    def scriptpath(self, code: str) -> str:
        """Return where api.php is."""
        return ""

    def protocol(self, code: str) -> str:
        """Return the scheme."""
        return "http"


config.put_throttle = config.minthrottle = config.maxthrottle = 0
site = pywikibot.Site("fr", Family())
found = {}
for title in sys.argv[2:]:
    page = pywikibot.Page(site, title)
    revision = page.latest_revision
    found[page.title()] = {
        "text": page.text,
        "user": revision.user,
        "comment": revision.comment,
        "minor": revision.minor,
        "links": sorted(link.title() for link in page.linkedPages()),
        "external": sorted(page.extlinks()),
        "templates": [name for name, _ in textlib.extract_templates_and_params(page.text)],
        "categories": sorted(category.title(with_ns=False) for category in page.categories()),
    }
json.dump(found, sys.stdout)
