"""The one ``Settings`` object: defaults ← ``ptce.toml`` ← ``PTCE_*`` ← command-line flags.

Built once at start and passed as an argument; nothing else reads the environment.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, get_type_hints

from ptce_lod.errors import SettingsError
from ptce_lod.iris import AddressSpace, is_absolute_iri

ENVIRONMENT_PREFIX: Final = "PTCE_"
SETTINGS_FILE: Final = "ptce.toml"
#: Variables with our prefix that are not settings.
_NOT_SETTINGS: Final = ("PTCE_SETTINGS_FILE",)


#: The EU's list of types of publishers (ADMS 1.0) → what they are called in French and English.
PUBLISHER_TYPES: Final[dict[str, tuple[str, str]]] = {
    "Academia-ScientificOrganisation": ("Organisme scientifique", "Academia or scientific organisation"),
    "Company": ("Entreprise", "Company"),
    "IndustryConsortium": ("Consortium industriel", "Industry consortium"),
    "LocalAuthority": ("Collectivité locale", "Local authority"),
    "NationalAuthority": ("Autorité nationale", "National authority"),
    "NonGovernmentalOrganisation": ("Organisation non gouvernementale", "Non-governmental organisation"),
    "NonProfitOrganisation": ("Organisme sans but lucratif", "Non-profit organisation"),
    "PrivateIndividual(s)": ("Particuliers", "Private individuals"),
    "RegionalAuthority": ("Collectivité régionale", "Regional authority"),
    "StandardisationBody": ("Organisme de normalisation", "Standardisation body"),
    "SupraNationalAuthority": ("Autorité supranationale", "Supra-national authority"),
}


@dataclass(frozen=True)
class Settings:
    """Every setting, with unit and range in its comment; ``docs/reference/settings.md`` describes each."""

    #: Absolute http(s) IRI ending in "/": everything published here lives under it. Empty: ``http://{host}:{port}/``.
    base_iri: str = ""
    #: Address and port that ``serve`` listens on; port 0 to 65535.
    host: str = "127.0.0.1"
    port: int = 8000
    #: Folders of the sources and of built things.
    data_dir: Path = Path("data/sources")
    ontology_dir: Path = Path("ontology")
    shapes_dir: Path = Path("shapes")
    #: Folder of the example queries; when it is missing there are none.
    queries_dir: Path = Path("data/queries")
    var_dir: Path = Path("var")
    #: Folder of the tables of decisions on links; when it is missing there are none.
    links_dir: Path = Path("data/links")
    #: Web processes, 1 to 64, and threads in each, 1 to 64.
    web_workers: int = 1
    web_threads: int = 8
    #: SPARQL worker processes of each web process, 1 to 64.
    query_workers: int = 2
    #: Deadline of one public query, in seconds, 0.1 to 3600.
    query_timeout_seconds: float = 20.0
    #: Address space of one query worker beyond what it starts with, in bytes; 0: no cap. Not enforced on macOS.
    query_memory_bytes: int = 1_500_000_000
    #: Releases of at most so many quads are held in memory by the query workers, some 600 bytes a quad for each web process; 0: never.
    memory_store_quads: int = 1_000_000
    #: Longest result of one query, in bytes and in solutions; 0: no limit on solutions.
    query_result_bytes: int = 50_000_000
    query_result_rows: int = 1_000_000
    #: Longest query text, in bytes, and deepest nesting of brackets in it.
    query_length_bytes: int = 100_000
    query_nesting: int = 100
    #: Endpoints that SERVICE may call, parted by spaces (none: SERVICE is refused), time of one call and size of its answer.
    service_endpoints: str = ""
    service_timeout_seconds: float = 10.0
    service_result_bytes: int = 2_000_000
    #: Queries that may wait for a worker, per web process, and queries of one client that may run or wait.
    query_queue_length: int = 16
    queries_per_client: int = 10
    #: Memory for answers that are asked again, per web process, in bytes; 0: none.
    cache_bytes: int = 64_000_000
    #: Largest request body as it is sent, and after decompression, in bytes.
    body_bytes: int = 10_000_000
    body_decompressed_bytes: int = 50_000_000
    #: Longest request line and headers together, and longest address, in bytes.
    header_bytes: int = 65_536
    url_bytes: int = 32_768
    #: Proxies in front of the server that set X-Forwarded-For, 0 to 10: their number tells which address is the client's.
    trusted_proxies: int = 0
    #: File of the tokens that allow writing; empty: nobody may write.
    tokens_file: str = ""
    #: Deadline of one write, validation and release included, in seconds, and address space of the step that runs it, in bytes.
    write_timeout_seconds: float = 300.0
    write_memory_bytes: int = 4_000_000_000
    #: Queries, or rows to extend, in one batch of the reconciliation service, and candidates for one query.
    reconcile_batch_size: int = 100
    reconcile_candidates: int = 20
    #: Items on one page of a list, 1 to 1000.
    page_size: int = 50
    #: Releases that ``prune`` keeps, at least 1.
    keep_releases: int = 5
    #: Where people reach the operator: a mailto: or https: IRI; empty: nobody is named.
    contact: str = ""
    #: What the publisher is, a key of PUBLISHER_TYPES; empty: the catalogue does not say.
    publisher_type: str = ""
    #: Address of map tiles with {z}, {x} and {y}, and whom to thank for them; empty: the map has the outline of France alone.
    map_tiles_url: str = ""
    map_tiles_attribution: str = ""
    #: Folder of the mappings of wikis.
    wiki_dir: Path = Path("wiki")
    #: Least time between two requests to a wiki, and longest wait for an answer, in seconds; times that a request is tried again.
    wiki_pause_seconds: float = 1.0
    wiki_timeout_seconds: float = 60.0
    wiki_retries: int = 5
    #: Hosts of wikis that may have a private address, parted by spaces.
    wiki_private_hosts: str = ""
    #: Language when the reader asks for none: "fr" or "en".
    default_language: str = "fr"

    def __post_init__(self) -> None:
        if not self.base_iri:
            host = f"[{self.host}]" if ":" in self.host else self.host
            object.__setattr__(self, "base_iri", f"http://{host}:{self.port}/")
        AddressSpace(self.base_iri)
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"{name} is {value}, expected {low} to {high}")
        if self.contact and not (
            self.contact.startswith(("mailto:", "https://")) and is_absolute_iri(self.contact)
        ):
            raise SettingsError(f"contact is {self.contact!r}, expected a mailto: or https: IRI")
        if self.publisher_type and self.publisher_type not in PUBLISHER_TYPES:
            raise SettingsError(
                f"publisher_type is {self.publisher_type!r}, expected one of {', '.join(PUBLISHER_TYPES)}"
            )
        if self.map_tiles_url and not (
            self.map_tiles_url.startswith("https://")
            and all(part in self.map_tiles_url for part in ("{z}", "{x}", "{y}"))
        ):
            raise SettingsError(
                f"map_tiles_url is {self.map_tiles_url!r}, expected an https: address with {{z}}, {{x}} and {{y}}"
            )
        if self.default_language not in ("fr", "en"):
            raise SettingsError(f"default_language is {self.default_language!r}, expected 'fr' or 'en'")

    def to_values(self) -> dict[str, Any]:
        """Return the settings as values of JSON, for another process of ours."""
        return {name: str(v) if isinstance(v, Path) else v for name, v in dataclasses.asdict(self).items()}

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Settings:
        """Return the settings that :meth:`to_values` wrote."""
        kinds = get_type_hints(cls)
        fields: dict[str, Any] = {n: Path(v) if kinds[n] is Path else v for n, v in values.items()}
        return cls(**fields)

    @cached_property
    def addresses(self) -> AddressSpace:
        """The addresses of this deployment."""
        return AddressSpace(self.base_iri)


_RANGES: Final[dict[str, tuple[float, float]]] = {
    "port": (0, 65535),
    "web_workers": (1, 64),
    "web_threads": (1, 64),
    "query_workers": (1, 64),
    "query_timeout_seconds": (0.1, 3600),
    "query_memory_bytes": (0, 2**46),
    "memory_store_quads": (0, 2**40),
    "query_result_bytes": (1000, 2**40),
    "query_length_bytes": (100, 10_000_000),
    "query_nesting": (1, 1000),
    "query_result_rows": (0, 2**40),
    "service_timeout_seconds": (0.1, 600),
    "service_result_bytes": (100, 2**30),
    "query_queue_length": (0, 10_000),
    "queries_per_client": (1, 10_000),
    "cache_bytes": (0, 2**40),
    "body_bytes": (1000, 2**40),
    "body_decompressed_bytes": (1000, 2**40),
    "header_bytes": (4096, 10_000_000),
    "url_bytes": (1000, 10_000_000),
    "trusted_proxies": (0, 10),
    "write_timeout_seconds": (1, 86_400),
    "write_memory_bytes": (0, 2**46),
    "reconcile_batch_size": (1, 10_000),
    "reconcile_candidates": (1, 30),
    "wiki_pause_seconds": (0, 3600),
    "wiki_timeout_seconds": (0.1, 3600),
    "wiki_retries": (0, 100),
    "page_size": (1, 1000),
    "keep_releases": (1, 10_000),
}


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Build the settings of this process.

    ``flags`` are values given on the command line (None counts as not given); ``environment`` defaults to the process's;
    ``folder`` holds ``ptce.toml`` (default: the current one; ``PTCE_SETTINGS_FILE`` names another file).
    Raises :class:`SettingsError` for an unknown key, with a suggestion, or a value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    named = environment.get("PTCE_SETTINGS_FILE")
    path = Path(named) if named else (folder or Path()) / SETTINGS_FILE
    if named or path.is_file():
        values.update(_from_file(path))
    for variable, text in environment.items():
        if variable.startswith(ENVIRONMENT_PREFIX) and variable not in _NOT_SETTINGS:
            key = variable[len(ENVIRONMENT_PREFIX) :].lower()
            values[key] = _convert(key, text, f"environment variable {variable}")
    values.update({key: value for key, value in (flags or {}).items() if value is not None})
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from error
    return {key: _convert(key, value, str(path)) for key, value in table.items()}


def _convert(key: str, value: Any, where: str) -> Any:
    """Check that ``key`` is a setting and turn ``value`` into its type."""
    kinds = get_type_hints(Settings)
    if key not in kinds:
        near = difflib.get_close_matches(key, kinds, n=1)
        raise SettingsError(
            f"{where}: there is no setting {key!r}",
            hint=f"did you mean {near[0]!r}?" if near else "docs/reference/settings.md lists them",
        )
    kind = kinds[key]
    try:
        if isinstance(value, bool | list | dict):
            raise TypeError
        return int(str(value).replace("_", "")) if kind is int else kind(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{where}: {key} is {value!r}, expected {_KIND_NAMES[kind]}") from error


_KIND_NAMES: Final = {int: "a whole number", float: "a number", str: "a text", Path: "a path"}


def field_names() -> list[str]:
    """Return the names of all settings, in the order they are declared."""
    return [f.name for f in dataclasses.fields(Settings)]
