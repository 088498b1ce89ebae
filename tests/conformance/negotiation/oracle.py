"""What a request header asks for, written from the text of RFC 9110 sections 5.6 and 12, letter by letter.

It shares no code, no regular expression and no data structure with ``ptce_lod.web.negotiation``. Where the RFC leaves something open, the
site's policy (docs/reference/http.md) is written down again here, marked POLICY.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

TCHAR = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
OWS = " \t"


@dataclass
class Range:
    """An element of Accept: ``type``, ``subtype`` and names of parameters in lower case."""

    type: str
    subtype: str
    weight: Fraction
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """What a server can send: its type, POLICY other names of it, POLICY whether a wildcard speaks for it."""

    media_type: str
    other_names: tuple[str, ...] = ()
    only_named: bool = False


class Malformed(ValueError):
    """The text does not follow the grammar here."""


class Reader:
    """Reads one header value from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def skip_ows(self) -> None:
        while self.peek() and self.peek() in OWS:
            self.place += 1

    def expect(self, character: str) -> None:
        if self.peek() != character:
            raise Malformed(character)
        self.place += 1

    def token(self) -> str:
        """``token = 1*tchar`` (5.6.2)."""
        begin = self.place
        while self.peek() and self.peek() in TCHAR:
            self.place += 1
        if begin == self.place:
            raise Malformed("token")
        return self.text[begin : self.place]

    def quoted_string(self) -> str:
        """``quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`` (5.6.4); control characters cannot arrive in a field value."""
        self.expect('"')
        value = ""
        while (character := self.peek()) != '"':
            if character == "\\":
                self.place += 1
                character = self.peek()
            if not character:
                raise Malformed("the quoted string is not closed")
            value += character
            self.place += 1
        self.place += 1
        return value

    def parameters(self) -> Iterator[tuple[str, str, bool]]:
        """``parameters = *( OWS ";" OWS [ parameter ] )`` (5.6.6): name in lower case, value, whether it was quoted."""
        while True:
            self.skip_ows()
            if self.peek() != ";":
                return
            self.place += 1
            self.skip_ows()
            if self.peek() in ("", ";", ","):
                continue
            name = self.token().lower()
            self.skip_ows()  # POLICY: white space around "=" is passed over, though the grammar has none
            self.expect("=")
            self.skip_ows()
            quoted = self.peek() == '"'
            yield name, self.quoted_string() if quoted else self.token(), quoted

    def to_next_element(self) -> None:
        """Pass over what is left of an element: up to a comma outside quotation marks."""
        while (character := self.peek()) and character != ",":
            if character == '"':
                try:
                    self.quoted_string()
                except Malformed:
                    self.place = len(self.text)
            else:
                self.place += 1

    def at_end_of_element(self) -> bool:
        self.skip_ows()
        return self.peek() in ("", ",")


def weight_of(text: str, quoted: bool) -> Fraction:
    """``qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`` (12.4.2)."""
    whole, _, decimals = text.partition(".")
    digits_allowed = "0123456789" if whole == "0" else "0"
    if (
        quoted
        or whole not in ("0", "1")
        or len(decimals) > 3
        or any(c not in digits_allowed for c in decimals)
    ):
        raise Malformed("qvalue")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def media_ranges(header: str | None) -> list[Range]:
    """Accept (12.5.1). POLICY: no header and an empty one accept everything; malformed elements are passed over."""
    if header is None or all(c in OWS + "," for c in header):
        return [Range("*", "*", Fraction(1))]
    reader, found = Reader(header), []
    while reader.place <= len(header):
        reader.skip_ows()
        if reader.peek() not in ("", ","):
            try:
                found.append(media_range(reader))
            except Malformed:
                reader.to_next_element()
        if not reader.peek():
            break
        reader.place += 1
    return found


def media_range(reader: Reader) -> Range:
    """``media-range = ( "*/*" / ( type "/" "*" ) / ( type "/" subtype ) ) parameters``, and a weight among those."""
    type_ = reader.token().lower()
    reader.expect("/")
    subtype = reader.token().lower()
    if type_ == "*" and subtype != "*":
        raise Malformed("a subtype of any type")
    weights: list[Fraction] = []
    parameters: dict[str, str] = {}
    for name, value, quoted in reader.parameters():
        if (
            name == "q"
        ):  # "Recipients SHOULD process any parameter named "q" as weight, regardless of parameter ordering."
            weights.append(weight_of(value, quoted))
        else:
            parameters[name] = value
    if len(weights) > 1 or not reader.at_end_of_element():
        raise Malformed("two weights, or something behind the parameters")
    return Range(type_, subtype, weights[0] if weights else Fraction(1), parameters)


def closeness(found: Range) -> int:
    """How closely a range names a type: ``*/*``, ``text/*``, ``text/html``."""
    return 0 if found.type == "*" else 1 if found.subtype == "*" else 2


def covers(found: Range, media_type: str) -> bool:
    """Whether a representation of ``media_type; charset=utf-8`` is in the range."""
    type_, subtype = media_type.split("/")
    if closeness(found) >= 1 and found.type != type_:
        return False
    if closeness(found) == 2 and found.subtype != subtype:
        return False
    for name, value in found.parameters.items():
        # POLICY: profile (JSON-LD) and version are hints.
        if name == "charset" and value.lower() not in ("utf-8", "utf8"):
            return False
        if name not in ("charset", "profile", "version"):
            return False
    return True


def most_specific(ranges: Sequence[Range], media_type: str) -> Range | None:
    """The range that takes precedence: "the most specific reference has precedence"."""
    best: Range | None = None
    for found in ranges:
        if not covers(found, media_type):
            continue
        if best is None or (closeness(found), len(found.parameters), found.weight) > (
            closeness(best),
            len(best.parameters),
            best.weight,
        ):
            best = found
    return best


def standing(ranges: Sequence[Range], offer: Offer) -> tuple[Fraction, int]:
    """Weight of an offer, and how closely it is named; weight 0: not acceptable."""
    named = [found for found in ranges if closeness(found) == 2]
    own = most_specific(named if offer.only_named else ranges, offer.media_type)
    if own is not None and own.weight == 0 and closeness(own) == 2:
        return Fraction(0), 0  # POLICY: excluded by its name, under its other names, too
    candidates = [(own.weight, closeness(own))] if own is not None else []
    for name in offer.other_names:  # POLICY: only when named
        other = most_specific(named, name)
        if other is not None:
            candidates.append((other.weight, 2))
    return max(candidates, default=(Fraction(0), 0))


def choose(header: str | None, offers: Sequence[Offer]) -> int | None:
    """Place of the offer to send; None for 406. POLICY between equal weights: named most closely, then the order of the offers."""
    ranges = media_ranges(header)
    best: int | None = None
    standings = [standing(ranges, offer) for offer in offers]
    for place, found in enumerate(standings):
        if found[0] > 0 and (best is None or found > standings[best]):
            best = place
    return best


def weighted_names(header: str) -> Iterator[tuple[str, Fraction]]:
    """``#( name [ weight ] )`` of Accept-Language and Accept-Encoding, names in lower case. POLICY: malformed elements are passed over."""
    reader = Reader(header)
    while True:
        reader.skip_ows()
        if reader.peek() not in ("", ","):
            try:
                name = reader.token().lower()
                weights = []
                for parameter, value, quoted in reader.parameters():
                    if parameter != "q":
                        raise Malformed("no parameter but a weight")
                    weights.append(weight_of(value, quoted))
                if len(weights) > 1 or not reader.at_end_of_element():
                    raise Malformed("two weights, or something behind them")
                yield name, weights[0] if weights else Fraction(1)
            except Malformed:
                while reader.peek() not in ("", ","):  # names know no quotation marks
                    reader.place += 1
        if not reader.peek():
            return
        reader.place += 1


def is_language_range(name: str) -> bool:
    """``language-range = (1*8ALPHA *("-" 1*8alphanum)) / "*"`` (RFC 4647 section 2.1)."""
    if name == "*":
        return True
    first, *rest = name.split("-")
    return first.isalpha() and all(1 <= len(part) <= 8 and part.isalnum() for part in (first, *rest))


def language(header: str | None, languages: Sequence[str]) -> str:
    """Accept-Language (12.5.4). POLICY: a range speaks for its primary language; ties, and nothing acceptable, give the first."""
    given: dict[str, Fraction] = {}
    for name, weight in weighted_names(header or ""):
        if is_language_range(name):
            primary = name.split("-")[0]
            given[primary] = max(weight, given.get(primary, Fraction(0)))
    standing_of = {each: given.get(each, given.get("*", Fraction(0))) for each in languages}
    return max(languages, key=lambda each: standing_of[each])


def coding(header: str | None, codings: Sequence[str]) -> str:
    """Accept-Encoding (12.5.3): a coding, or "" for none. POLICY: no header asks for none; ties go to the first, "" comes last."""
    given: dict[str, Fraction] = {}
    for name, weight in weighted_names(header or ""):
        name = "gzip" if name == "x-gzip" else name  # 8.4.1.3: equivalent
        given[name] = max(weight, given.get(name, Fraction(0)))
    any_other = given.get("*", Fraction(0))
    best = max(codings, key=lambda each: given.get(each, any_other))
    weight = given.get(best, any_other)
    return best if weight > 0 and weight >= given.get("identity", any_other) else ""
