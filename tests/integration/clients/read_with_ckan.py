"""Read a catalogue as CKAN's harvester does (ckanext-dcat), every page in turn; write what it understood as JSON.

Run by the environment of ckan.txt, not by ours: python read_with_ckan.py ADDRESS PROFILE...
"""

import json
import sys
import urllib.request

from ckan.common import config
from ckanext.dcat.processors import RDFParser

#: Extension → what the harvester calls the format.
FORMATS = {
    "ttl": "ttl",
    "rdf": "xml",
    "jsonld": "json-ld",
    "nt": "nt",
    "trig": "trig",
    "nq": "nquads",
}


def read(address: str, profile: str, format_: str) -> dict:
    """Return the datasets of all pages, and how many pages there were."""
    datasets, pages = [], 0
    while address:
        with urllib.request.urlopen(address) as answer:
            text = answer.read().decode("utf-8")
        parser = RDFParser(profiles=[profile])
        parser.parse(text, _format=format_)
        datasets += parser.datasets()
        pages += 1
        address = parser.next_page()
    return {"pages": pages, "datasets": datasets}


if __name__ == "__main__":
    base, *profiles = sys.argv[1:]
    config["ckan.locale_default"] = "fr"
    found = {
        f"{profile} {extension}": read(f"{base}catalog.{extension}", profile, name)
        for profile in profiles
        for extension, name in FORMATS.items()
    }
    json.dump(found, sys.stdout, default=str)
