"""What the integrity checks ask, in words: one record per rule.

The rules are described for others in ``shapes/shapes-integrity.ttl`` (a test keeps both equal); the checks themselves are in
``integrity.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_lod.namespaces import SHAPES
from ptce_lod.validate.report import Severity, Texts, texts


@dataclass(frozen=True)
class Rule:
    """One integrity rule: its IRI, how grave a breach is, and its texts in both languages."""

    code: str
    severity: Severity
    names: Texts
    descriptions: Texts
    messages: Texts

    @property
    def iri(self) -> str:
        """``https://w3id.org/ptce/shapes#Integrity-{code}``."""
        return f"{SHAPES}Integrity-{self.code}"


def _rule(
    code: str,
    severity: Severity,
    name: tuple[str, str],
    description: tuple[str, str],
    message: tuple[str, str],
) -> Rule:
    pairs = (texts({"fr": french, "en": english}) for french, english in (name, description, message))
    return Rule(code, severity, *pairs)


CHECK_DIGIT: Final = _rule(
    "checkDigit",
    Severity.VIOLATION,
    ("clé de contrôle SIREN ou SIRET", "SIREN or SIRET check digit"),
    (
        "Le dernier chiffre d'un SIREN ou d'un SIRET se calcule des autres (algorithme de "
        "Luhn) ; un SIRET de La Poste a une somme multiple de 5.",
        "The last digit of a SIREN or SIRET follows from the others (Luhn's algorithm); a "
        "SIRET of La Poste has a sum divisible by 5.",
    ),
    (
        "La clé de contrôle de ce numéro est fausse. Le recopier depuis le répertoire Sirene "
        ": un chiffre est faux ou deux sont inversés.",
        "The check digit of this number is wrong. Copy it again from the Sirene register: a "
        "digit is wrong or two are swapped.",
    ),
)
SNAPSHOT_HASH: Final = _rule(
    "snapshotHash",
    Severity.VIOLATION,
    ("empreinte de l'instantané", "hash of the snapshot"),
    (
        "L'instantané à notre disposition a l'empreinte SHA-256 que sa source annonce.",
        "The snapshot at hand has the SHA-256 checksum its source states.",
    ),
    (
        "L'instantané n'a pas l'empreinte annoncée : il a changé. Rétablir le fichier, ou "
        "mettre à jour spdx:checksumValue et revoir les positions des preuves.",
        "The snapshot does not have the stated checksum: it has changed. Restore the file, or "
        "update spdx:checksumValue and review the positions of the evidence.",
    ),
)
EVIDENCE_OFFSET: Final = _rule(
    "evidenceOffset",
    Severity.VIOLATION,
    ("position dans l'instantané", "position in the snapshot"),
    (
        "Un passage cité finit dans le texte de son instantané ; on compte des caractères Unicode depuis 0.",
        "A cited passage ends within the text of its snapshot; Unicode characters are counted from 0.",
    ),
    (
        "Ce passage finit après la fin du texte. Recompter oa:start et oa:end en caractères, non en octets.",
        "This passage ends after the end of the text. Count oa:start and oa:end again in "
        "characters, not bytes.",
    ),
)
IRI_CHARACTERS: Final = _rule(
    "iriCharacters",
    Severity.VIOLATION,
    ("IRI bien formé", "well-formed IRI"),
    (
        'Un IRI est absolu et ne contient ni espace, ni caractère de contrôle, ni aucun de < > " { } | ^ ` \\ (RFC 3987).',
        'An IRI is absolute and holds no space, no control character and none of < > " { } | ^ ` \\ (RFC 3987).',
    ),
    (
        "Cet IRI est relatif ou contient un caractère interdit. L'écrire en entier et coder "
        "le caractère, par exemple %20 pour une espace.",
        "This IRI is relative or holds a forbidden character. Write it in full and encode the "
        "character, for example %20 for a space.",
    ),
)
LANGUAGE_TAG: Final = _rule(
    "languageTag",
    Severity.VIOLATION,
    ("étiquette de langue", "language tag"),
    (
        "Une étiquette de langue suit BCP 47, par exemple fr ou fr-CA.",
        "A language tag follows BCP 47, such as fr or fr-CA.",
    ),
    (
        "Cette étiquette de langue n'existe pas. Écrire un code de deux ou trois lettres, par "
        "exemple @fr ou @en.",
        "This language tag is ill-formed. Write a code of two or three letters, such as @fr or @en.",
    ),
)
ILL_TYPED_LITERAL: Final = _rule(
    "illTypedLiteral",
    Severity.VIOLATION,
    ("littéral bien typé", "well-typed literal"),
    (
        "Le texte d'un littéral appartient à son type : 2014-02-28 est un xsd:date, 31/02/2014 n'en est pas.",
        "The text of a literal belongs to its datatype: 2014-02-28 is an xsd:date, 31/02/2014 is not.",
    ),
    (
        "Ce texte n'est pas du type annoncé. Le corriger (une date s'écrit AAAA-MM-JJ, un "
        "nombre avec un point décimal), ou changer le type.",
        "This text is not of the stated datatype. Correct it (a date is written YYYY-MM-DD, a "
        "number with a decimal point), or change the datatype.",
    ),
)
DATE_ORDER: Final = _rule(
    "dateOrder",
    Severity.VIOLATION,
    ("ordre des dates", "order of dates"),
    (
        "La fin ne précède pas le début ; des dates partielles ne se contredisent que si "
        "aucun jour n'est possible.",
        "The end does not precede the start; partial dates disagree only if no day is possible.",
    ),
    (
        "La fin précède le début. Vérifier ptce:startDate et ptce:endDate dans la source.",
        "The end precedes the start. Check ptce:startDate and ptce:endDate in the source.",
    ),
)
STAGE_OVERLAP: Final = _rule(
    "stageOverlap",
    Severity.WARNING,
    ("stades successifs", "successive stages"),
    ("Un pôle n'est pas à deux stades le même jour.", "A pole is not at two stages on the same day."),
    (
        "Deux périodes de maturité de ce pôle se recouvrent. Vérifier leurs dates ; si deux "
        "sources se contredisent, écrire deux ptce:Claim.",
        "Two stage periods of this pole overlap. Check their dates; if two sources disagree "
        "write two ptce:Claim.",
    ),
)
DANGLING_REFERENCE: Final = _rule(
    "danglingReference",
    Severity.VIOLATION,
    ("référence vers une chose décrite", "reference to a described thing"),
    (
        "Une chose de notre propre base est décrite quelque part dans les données.",
        "A thing of our own base is described somewhere in the data.",
    ),
    (
        "Cette chose n'est décrite nulle part : son adresse répondrait 404. Corriger "
        "l'identifiant, ou ajouter la chose.",
        "This thing is described nowhere: its address would answer 404. Correct the "
        "identifier, or add the thing.",
    ),
)

RULES: Final = (
    CHECK_DIGIT,
    SNAPSHOT_HASH,
    EVIDENCE_OFFSET,
    IRI_CHARACTERS,
    LANGUAGE_TAG,
    ILL_TYPED_LITERAL,
    DATE_ORDER,
    STAGE_OVERLAP,
    DANGLING_REFERENCE,
)
