"""The Basisregisters API, version 2, as address register (DOMAIN 4.2).

    GET …/adresmatch?niscode=44021&postcode=9032&straatnaam=Aalbessenlaan&huisnummer=14
    {"adresMatches": [{"identificator": {"objectId": "36416228"}, "gemeente": {"objectId": "44021", "gemeentenaam":
     {"geografischeNaam": {"spelling": "Gent"}}}, "postinfo": {"objectId": "9032"}, "straatnaam": {"straatnaam": …}, "huisnummer": "14",
     "adresStatus": "inGebruik", "adresPositie": {"geometrie": {"gml": "<gml:Point srsName=…><gml:pos>140252.76 198794.27</gml:pos>…"}}}]}

One question for each house; a box number with a letter in it asks once more, for the box numbers of that house. The box number itself
is never sent, nor a house number that does not look like one, for a source may have put a person in it (CONTRACT A.2).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import httpx
import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from etl.addresses.address import Address, Match, Miss, agreed, number_key, street_key, words
from etl.errors import SourceError
from etl.locate import round_metres
from etl.municipalities import code_of, today_code
from etl.sources.client import Client, Limits, check_base
from release.crs import parse_crs
from release.errors import UnknownCrs
from release.transform import to_lambert72

LIMITS = Limits(timeout=10.0, answer_seconds=30.0, answer_bytes=4 << 20, total_bytes=1 << 40, attempts=3, longest_wait=60.0)
GIVE_UP = 3
"""Questions in a row without an answer after which the register is not asked again in this run."""

_CURRENT = frozenset({"inGebruik", "voorgesteld", None})
_UNKNOWN = frozenset({400, 404, 410})  # what was asked is no address, or is none any more
_POSTCODE = re.compile(r"\d{4}", re.ASCII)
_HOUSE = re.compile(r"\d{1,4} ?(?:[a-z]{1,2}|bis|ter|quater)?(?:[-/_]\d{0,4}[a-z]?)?", re.ASCII | re.IGNORECASE)
_NO_STREET = re.compile(r"\d{5}|@")
_LETTER = re.compile(r"[^\W\d_]")
_GML = re.compile(r'srsName="([^"]{1,100})"[^>]*>\s*<gml:pos[^>]*>\s*(-?[\d.]{1,30})\s+(-?[\d.]{1,30})\s*</gml:pos>')


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, hide_input_in_errors=True)


class _Name(_Part):
    spelling: str


class _Named(_Part):
    geografische_naam: _Name


class _Object(_Part):
    object_id: str


class _Municipality(_Object):
    gemeentenaam: _Named


class _Street(_Part):
    straatnaam: _Named


class _Geometry(_Part):
    gml: str


class _Position(_Part):
    geometrie: _Geometry


class _Candidate(_Part):
    """One of `adresMatches`; one that agrees no further than the street or the municipality has no house number."""

    identificator: _Object | None = None
    gemeente: _Municipality | None = None
    postinfo: _Object | None = None
    straatnaam: _Street | None = None
    huisnummer: str | None = None
    busnummer: str | None = None
    adres_positie: _Position | None = None
    adres_status: str | None = None

    @property
    def id(self) -> str | None:
        """Number of the address."""
        return self.identificator.object_id if self.identificator else None

    @property
    def street(self) -> str:
        """Street name in the first official language."""
        return self.straatnaam.straatnaam.geografische_naam.spelling if self.straatnaam else ""

    @property
    def municipality(self) -> str:
        """Name of the municipality in its first official language."""
        return self.gemeente.gemeentenaam.geografische_naam.spelling if self.gemeente else ""


class _Matches(_Part):
    adres_matches: tuple[_Candidate, ...]


class _Listed(_Part):
    """One of `adressen`."""

    huisnummer: str
    busnummer: str | None = None


class _Addresses(_Part):
    adressen: tuple[_Listed, ...]


_Document = TypeVar("_Document", _Matches, _Addresses)


@dataclass(frozen=True, slots=True, repr=False)
class _House:
    """What is asked about."""

    code: str
    postcode: str
    street: str
    number: str

    def agrees(self, candidate: _Candidate) -> bool:
        """Whether all four parts are the same, by the measure that holds for a file."""
        if candidate.gemeente is None or candidate.postinfo is None or candidate.huisnummer is None:
            return False
        return (
            candidate.adres_status in _CURRENT
            and candidate.gemeente.object_id == self.code
            and candidate.postinfo.object_id == self.postcode
            and street_key(candidate.street) == street_key(self.street)
            and number_key(candidate.huisnummer) == number_key(self.number)
        )

    @property
    def parameters(self) -> dict[str, str]:
        """The same names in both operations."""
        return {"niscode": self.code, "postcode": self.postcode, "straatnaam": self.street, "huisnummer": self.number}


class Basisregisters:
    """The register over HTTP; remembers its answers for as long as it lives (one run)."""

    def __init__(
        self,
        url: str,
        on: date,
        *,
        api_key: str | None = None,
        per_second: float = 10.0,
        client: Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`url` up to and including the version; `per_second` is what the API is asked at most. Raises `SourceError` for an unsafe URL."""
        self._url, self._on, self._pause = check_base(url), on, 1.0 / per_second
        self._headers = {"accept": "application/ld+json"} | ({"x-api-key": api_key} if api_key else {})
        self._client, self._sleep, self._clock = client or Client(LIMITS, sleep=sleep), sleep, clock
        self._candidates: dict[_House, tuple[_Candidate, ...]] = {}
        self._boxes: dict[_House, tuple[str | None, ...]] = {}
        self._free_at, self._unanswered = 0.0, 0

    def find(self, address: Address) -> Match | Miss:
        """The address, when municipality, postcode, street and house number agree; `UNREACHABLE` when the API does not answer."""
        house = self._house(address)
        if house is None:
            return Miss.UNMATCHED
        try:
            candidates = self._candidates_of(house)
            boxes = self._boxes_of(house) if candidates and _LETTER.search(address.box or "") else ()
        except SourceError:
            return Miss.UNREACHABLE
        if not candidates:
            return Miss.UNMATCHED
        own = [candidate for candidate in candidates if candidate.id == address.address_id]
        whole = [candidate for candidate in candidates if candidate.busnummer is None]
        chosen = own or whole or list(candidates)
        return Match(
            chosen[0].street,
            chosen[0].municipality,
            agreed([point for candidate in chosen if (point := _point(candidate.adres_positie)) is not None]),
            words(house.number, *boxes, *(candidate.busnummer for candidate in candidates)),
        )

    def _house(self, address: Address) -> _House | None:
        code = today_code(address.niscode, self._on) if address.niscode else code_of(address.municipality or "", self._on)
        street, number = address.street.strip()[:80], address.house.strip()
        if code is None or not street or _NO_STREET.search(street):
            return None
        return (
            _House(code, address.postcode, street, number) if _POSTCODE.fullmatch(address.postcode) and _HOUSE.fullmatch(number) else None
        )

    def _candidates_of(self, house: _House) -> tuple[_Candidate, ...]:
        if house not in self._candidates:
            found = self._ask("adresmatch", house.parameters, _Matches)
            self._candidates[house] = tuple(filter(house.agrees, found.adres_matches)) if found else ()
        return self._candidates[house]

    def _boxes_of(self, house: _House) -> tuple[str | None, ...]:
        if house not in self._boxes:
            found = self._ask("adressen", {**house.parameters, "limit": "500"}, _Addresses)
            listed = found.adressen if found else ()
            self._boxes[house] = tuple(entry.busnummer for entry in listed if number_key(entry.huisnummer) == number_key(house.number))
        return self._boxes[house]

    def _ask(self, operation: str, parameters: Mapping[str, str], form: type[_Document]) -> _Document | None:
        """The answer; null when the register knows no such thing; raises `SourceError`."""
        url = f"{self._url}/{operation}"
        if self._unanswered >= GIVE_UP:
            raise SourceError(f"{url}: did not answer {GIVE_UP} times in a row")
        self._unanswered += 1
        self._wait_for_turn()
        answer = self._client.fetch(lambda: httpx.Request("GET", url, params=parameters, headers=self._headers), url)
        if answer.status != 200 and answer.status not in _UNKNOWN:
            raise SourceError(f"{url}: answered {answer.status}; is the API key right?")
        try:
            document = form.model_validate_json(answer.body) if answer.status == 200 else None
        except ValidationError:
            raise SourceError(f"{url}: the answer is not in the form of version 2") from None
        self._unanswered = 0
        return document

    def _wait_for_turn(self) -> None:
        now = self._clock()
        if now < self._free_at:
            self._sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + self._pause


def _point(position: _Position | None) -> tuple[float, float] | None:
    """The point in EPSG:31370; null when there is none, or none that can be read."""
    match = _GML.search(position.geometrie.gml) if position else None
    if match is None:
        return None
    try:
        crs, first, second = parse_crs(match[1]), float(match[2]), float(match[3])
    except (UnknownCrs, ValueError):
        return None
    x, y = to_lambert72(np.array([[second, first] if crs.lat_lon else [first, second]]), crs.crs)[0].tolist()
    return (round_metres(x), round_metres(y)) if np.isfinite((x, y)).all() else None
