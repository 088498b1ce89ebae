"""Values of infoboxes as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ptce_lod.wiki.numbers import parse_number
from ptce_lod.wiki.plain import plain
from ptce_lod.wiki.values import parse_date, parse_value
from tests.unit.wiki import hostile


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2012", "2012"),
        ("2012-06", "2012-06"),
        ("2012-06-25", "2012-06-25"),
        ("25/06/2012", "2012-06-25"),
        ("25 juin 2012", "2012-06-25"),
        ("1er mai 2013", "2013-05-01"),
        ("[[juin 2012]]", "2012-06"),
        ("Août 2011<ref>x</ref>", "2011-08"),
        ("June 25, 2012", "2012-06-25"),
        ("3rd October 2011", "2011-10-03"),
        ("{{Date|25|juin|2012}}", "2012-06-25"),
        ("{{date|juin|2012|lien=non}}", "2012-06"),
        ("25&nbsp;juin&nbsp;2012", "2012-06-25"),
        ("{{Date|1|janvier|2014|en économie}}", "2014-01-01"),
        ("{{date|juin|2012|en économie}}", "2012-06"),
        ("{{date||juin|2012|en économie}}", "2012-06"),
        ("{{date|25|6|2012}}", "2012-06-25"),
        ("{{date|25&nbsp;juin 2012}}", "2012-06-25"),
        ("{{Date-|1er|janvier|2014}}", "2014-01-01"),
        ("{{date|1{{er}}|janvier|2014}}", "2014-01-01"),
        ("1{{er}} janvier 2014", "2014-01-01"),
        ("{{1er}}&#160;janvier 2014", "2014-01-01"),
        ("1<sup>er</sup> janvier 2014", "2014-01-01"),
        ("2{{nd}} May 2014", "2014-05-02"),
        ("{{Start date|2012|6|25|df=y}}", "2012-06-25"),
        ("{{start date and age|2012|06}}", "2012-06"),
        ("{{dts|2012}}", "2012"),
    ],
)
def test_dates_keep_the_precision_they_are_written_with(written: str, read: str) -> None:
    value = parse_date(written)
    assert value.text == read
    assert value.datatype.endswith({4: "gYear", 7: "gYearMonth", 10: "date"}[len(read)])


@pytest.mark.parametrize(
    "written", ["", "vers 2012", "31 juin 2012", "2012-13", "12/2012", "{{date}}", "20125", "٢٠١٢ x"]
)
def test_what_is_no_date_is_told(written: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse_date(written)


@pytest.mark.parametrize(
    ("written", "language", "read"),
    [
        ("1 200", "fr", "1200"),
        ("1\u202f200 euros", "fr", "1200"),
        ("1.200", "fr", "1200"),
        ("12,5", "fr", "12.5"),
        ("1,5 M€", "fr", "1500000"),
        ("2 millions d'euros", "fr", "2000000"),
        ("1,200", "en", "1200"),
        ("1,200.50 EUR", "en", "1200.5"),
        ("25&nbsp;€", "fr", "25"),
        ("1,2 Mds €", "fr", "1200000000"),
        ("3 Mrd €", "fr", "3000000000"),
        ("3 md", "fr", "3000000000"),
        ("3 Md€", "fr", "3000000000"),
        ("3 milliards", "fr", "3000000000"),
        ("15 milliers", "fr", "15000"),
        ("15 milliers d’euros", "fr", "15000"),
        ("10 mille", "fr", "10000"),
        ("250 k€", "fr", "250000"),
        ("250 K€", "fr", "250000"),
        ("3 M", "fr", "3000000"),
        ("1 billion d'euros", "fr", "1000000000000"),
        ("2 billion", "en", "2000000000"),
        ("2 bn EUR", "en", "2000000000"),
        ("2.5 thousand", "en-GB", "2500"),
        ("2 trillion euros", "en", "2000000000000"),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(written: str, language: str, read: str) -> None:
    assert parse_number(written, language) == Decimal(read)


@pytest.mark.parametrize(
    ("written", "language"),
    [("beaucoup", "fr"), ("1,2,3", "fr"), ("12,34,5", "en"), ("1.2.3", "fr"), ("", "fr"), ("à 20", "fr")],
)
def test_what_may_be_read_in_two_ways_is_told(written: str, language: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        parse_number(written, language)


@pytest.mark.parametrize(
    ("written", "language", "unit"),
    [
        ("350 m", "fr", "m"),
        ("2 m de haut", "fr", "m de haut"),
        ("3 m€", "fr", "m€"),
        ("3 MM€", "fr", "MM€"),
        ("3 M m", "fr", "m"),
        ("1 200 salariés", "fr", "salariés"),
        ("25&nbsp;structures", "fr", "structures"),
        ("2 millions de dollars", "fr", "dollars"),
        ("3 milliards", "en", "milliards"),
        ("3 billion", "nl", "billion"),
        ("10 à 20", "fr", "à 20"),
        ("12 %", "fr", "%"),
    ],
)
def test_a_unit_that_is_not_known_is_told_and_no_number_read(written: str, language: str, unit: str) -> None:
    with pytest.raises(ValueError, match=f"the unit '{unit}' is not known: declare .* in the mapping"):
        parse_number(written, language)


AREAS = {"ha": Decimal(1), "km²": Decimal(100), "km2": Decimal(100), "m²": Decimal("0.0001"), "m": Decimal(7)}
MONEY = {"€": Decimal(1), "euros": Decimal(1), "": Decimal(1)}


@pytest.mark.parametrize(
    ("written", "units", "read"),
    [
        ("3 ha", AREAS, "3"),
        ("3 HA", AREAS, "3"),
        ("3 km²", AREAS, "300"),
        ("1 200,5&nbsp;km<sup>2</sup>", AREAS, "120050"),
        ("250 m²", AREAS, "0.025"),
        ("2 m", AREAS, "14"),
        ("1,2 km² ", AREAS, "120"),
        ("3 Mds €", MONEY, "3000000000"),
        ("2 millions de m²", AREAS, "200"),
        ("1,5 M€", MONEY, "1500000"),
        ("2 millions d'euros", MONEY, "2000000"),
        ("3 millions", MONEY, "3000000"),
        ("12", MONEY, "12"),
    ],
)
def test_declared_units_are_counted_in(written: str, units: dict[str, Decimal], read: str) -> None:
    assert parse_value(written, "decimal", "fr", units).text == read


@pytest.mark.parametrize(
    ("written", "units", "told"),
    [
        ("3 acres", AREAS, "unit 'acres' is none of ha, km²"),
        ("3", AREAS, "has no unit, expected one of ha"),
        ("3 millions", AREAS, "has no unit"),
        ("3 M", AREAS, "has no unit"),
        ("3 m", MONEY, "'m' is none of €"),
        ("3 ha environ", AREAS, "'ha environ' is none"),
        ("3 à 5 ha", AREAS, "'à 5 ha' is none"),
        ("3 $", MONEY, "'\\$' is none of €, euros, none"),
    ],
)
def test_units_that_are_not_declared_are_told(written: str, units: dict[str, Decimal], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_value(written, "decimal", "fr", units)


def test_a_whole_number_stays_whole_by_its_unit() -> None:
    assert parse_value("2,5 km²", "integer", "fr", AREAS).text == "250"
    with pytest.raises(ValueError, match="whole"):
        parse_value("2 m²", "integer", "fr", AREAS)


def test_addresses_are_http_only() -> None:
    assert parse_value("[https://example.org/ site]", "url", "fr").text == "https://example.org/"
    for bad in ("javascript:alert(1)", "www.example.org", "https://x{y", ""):
        with pytest.raises(ValueError, match="address"):
            parse_value(bad, "url", "fr")


@pytest.mark.parametrize(
    "written",
    [
        "http://a.example.org<br />http://b.example.org",
        "http://a.example.org, http://b.example.org",
        "http://a.example.org;http://b.example.org",
        "[http://a.example.org A]<br>[http://b.example.org B]",
    ],
)
def test_two_addresses_are_told_and_not_made_one(written: str) -> None:
    with pytest.raises(ValueError, match="holds 2 addresses, expected one"):
        parse_value(written, "url", "fr")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://example.org/ (site)", "https://example.org/"),
        ("[https://example.org/ https://example.org/]", "https://example.org/"),
        ("https://archive.example/1/http://example.org/", "https://archive.example/1/http://example.org/"),
        ("https://example.org/?a=1&amp;b=2&copy=3", "https://example.org/?a=1&b=2&copy=3"),
        ("<br>https://example.org/<br>", "https://example.org/"),
    ],
)
def test_one_address_is_read_with_what_stands_beside_it(written: str, read: str) -> None:
    assert parse_value(written, "url", "fr").text == read


def test_control_characters_and_markup_are_no_text() -> None:
    assert plain("a\x00b\u202ec '''d''' <b>e</b> <!-- f -->") == "a b c d e"


@pytest.mark.parametrize(
    ("wikitext", "shown"),
    [
        ("a<!-- b -->c", "ac"),
        ("a<!-- b", "a<!-- b"),
        ("a<ref name='x/y'>b</ref >c<REF name=z />d", "acd"),
        ("a<ref>b", "ab"),
        ("a<references/>b<br>c", "ab c"),
        ("A<br>B<br />C<BR/>D", "A B C D"),
        ("<ul><li>A</li><li>B</li></ul><p class='x'>C</p>", "A B C"),
        ("km<sup>2</sup>, <bright>x</bright>", "km2, x"),
        ("Culture &amp; Coop&eacute;ration", "Culture & Coopération"),
        ("Pays&nbsp;d'Auge &#233;t&#xE9;", "Pays d'Auge été"),
        ("&amp;lt;b&amp;gt; &x; &copy=2", "&lt;b&gt; &x; &copy=2"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; &#0; &#x1b;[", "alert(1) \ufffd ["),
        ("3 &lt; 5 et 7 &gt; 2", "3 < 5 et 7 > 2"),
        ("1 < 2 <> 3", "1 < 2 <> 3"),
        ("<!-- a --> b --> <ref/>c</ref>", "b --> c"),
        (f"a<{'x' * 201}>b", f"a<{'x' * 201}>b"),
    ],
)
def test_comments_references_and_tags_are_left_out(wikitext: str, shown: str) -> None:
    assert plain(wikitext) == shown


@pytest.mark.parametrize(
    "piece",
    [
        "<ref ",
        "<!-- ",
        "<ref>",
        "</ref ",
        "<ref/",
        "<x",
        "<",
        "[[a|",
        "{{date ",
        "{{ ",
        "''' ",
        "1 ,",
        "&lt;",
        "&amp",
        "<br>",
    ],
)
def test_hostile_values_end(piece: str) -> None:
    hostile.run(
        "from ptce_lod.wiki.values import parse_value\n"
        f"text = {piece!r} * (400_000 // {len(piece)})\n"
        "for parser in ('text', 'date', 'integer', 'url'):\n"
        "    try:\n        parse_value(text, parser, 'fr')\n    except ValueError:\n        pass"
    )
