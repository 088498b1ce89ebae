"""The two licences of what is published: of the data, and of the vocabulary with its lists and shapes (LICENSES/README.md)."""

from __future__ import annotations

from typing import Final, NamedTuple


class Licence(NamedTuple):
    """A licence: its address, its page at SPDX with its name there, its title, and what readers call it.

    ``label`` is how data.gouv.fr titles it: udata knows a licence by its label, and looks at no address where there is one.
    """

    iri: str
    spdx: str
    spdx_id: str
    title: str
    short: str
    label: str


DATA: Final = Licence(
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "https://spdx.org/licenses/etalab-2.0.html",
    "etalab-2.0",
    "Licence Ouverte / Open Licence version 2.0",
    "Licence Ouverte 2.0",
    "Licence Ouverte / Open Licence version 2.0",
)
#: As the documents themselves declare (``dcterms:license`` in ``ontology/`` and ``shapes/``).
VOCABULARY: Final = Licence(
    "https://creativecommons.org/licenses/by/4.0/",
    "https://spdx.org/licenses/CC-BY-4.0.html",
    "CC-BY-4.0",
    "Creative Commons Attribution 4.0 International",
    "CC BY 4.0",
    "Creative Commons Attribution",
)
LICENCES: Final = (DATA, VOCABULARY)
