"""A program that we did not write, ``reconciler``, sends a table to the service over HTTP, as OpenRefine would."""

from __future__ import annotations

import pandas
import pytest
from reconciler import reconcile

from tests.integration.conftest import Server

# The library's own use of pandas.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")
NAMES = (
    "Pôle Sud Archer",
    "TETRIS",
    "bousol",
    "Les Ecossolies",
    "Clus'ter Jura",
    "neo 56",
    "Fontaine O'Livres",
)
IDS = ("pole-sud-archer", "tetris", "bou-sol", "ecossolies", "cluster-jura", "neo56", "fontaine-o-livres")


def test_a_column_of_names_is_matched(real_server: Server) -> None:
    found = reconcile(
        pandas.Series(NAMES), type_id="pole", reconciliation_endpoint=f"{real_server.base}reconcile"
    )
    assert list(found["input_value"]) == list(NAMES)
    assert list(found["id"]) == [f"pole/{slug}" for slug in IDS]
    assert found["match"].all()
    assert set(found["type_id"]) == {"pole"}


def test_another_column_tells_namesakes_apart(real_server: Server) -> None:
    names = pandas.Series(["Brie'Nov", "Martinique"])
    everything = reconcile(names, top_res="all", reconciliation_endpoint=f"{real_server.base}reconcile")
    assert not everything["match"].any(), "a pole and its association, a department and its region"
    table = pandas.DataFrame(
        {"name": ["Pays de Grasse", "Coeur de Savoie"], "siren": ["200039857", "200041010"]}
    )
    found = reconcile(
        table["name"],
        property_mapping={"siren": table["siren"]},
        reconciliation_endpoint=f"{real_server.base}reconcile",
    )
    assert list(found["id"]) == ["actor/ca-pays-de-grasse", "actor/cc-coeur-de-savoie"]
    assert found["match"].all()


def test_more_rows_than_a_batch_are_sent_in_batches(real_server: Server) -> None:
    names = pandas.Series([f"Nantes {number}" for number in range(25)])
    found = reconcile(names, type_id="commune", reconciliation_endpoint=f"{real_server.base}reconcile")
    assert sorted(set(found["input_value"])) == sorted(names)
    assert not found["match"].any(), "a number more is another name"
