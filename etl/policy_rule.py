"""One rule of a municipality: what is kept of it, when it is in force, how far it reaches, and how it reads in Dutch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from etl.municipalities import name
from etl.register import PublicValue
from etl.rules.link import clean
from etl.table import Scalar


class Kind(StrEnum):
    """`soort` of a rule, in the contract's order (CONTRACT A.1)."""

    OBLIGATION = "verplicht_conformiteitsattest"
    VALIDITY = "geldigheidsduur"
    FEE = "vergoeding"
    ROOMS = "kamerreglement"
    LEVY = "heffing_ongeschikt_onbewoonbaar"
    EXEMPTION = "vrijstelling_adviesverplichting"
    FRAMEWORK = "afsprakenkader"
    INVENTORY = "inventarisbeheer"
    WARNING = "waarschuwingsprocedure"
    REGULATION = "reglement"


KINDS = tuple(Kind)

_LINK = "publicatie"
KEPT = (
    "soort",
    *("toepassing.huurwoning", "toepassing.bouwjaarVoor", "toepassing.gebied", "toepassing.niscodeVoor", "toepassing.tekst"),
    *("waarde.ja", "waarde.jaren", "waarde.einddatum", "waarde.bedragEuro", "waarde.tekst"),
    *("vanaf", "tot", "ministerieleGoedkeuring", _LINK),
)
"""What CONTRACT B.1 and B.2 need of a rule, by its path in the delivery: no `regelId`, no `gemeenteraadsbesluit`."""

_LIMIT = 10**9
"""Numbers are kept below it: the public decimal has ten digits before the comma, and nothing that a rule sets has more."""

_DWELLINGS = {
    "alle": "alle huurwoningen",
    "hoofdverblijf": "huurwoningen als hoofdverblijf",
    "student": "huurwoningen voor studenten",
    "seizoenarbeider": "woningen voor seizoenarbeiders",
    "kamer": "kamers",
}
_ALL, _ROOM = "alle", "kamer"
_YES_OR_NO = {"ja": True, "nee": False, "neen": False}
_MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")


def kept(item: Mapping[str, Scalar]) -> Mapping[str, PublicValue]:
    """What is kept of a delivered rule; what is absent, empty or no possible number is left out."""
    return {path: value for path in KEPT if (value := _kept(path, item.get(path))) is not None}


def _kept(path: str, value: Scalar) -> PublicValue:
    if isinstance(value, str):
        text = " ".join(value.split())
        return clean(text)[0] if path == _LINK else text or None
    if value is None or isinstance(value, bool):
        return value
    return value if 0 <= value < _LIMIT else None  # NaN is in no interval


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A rule as it was kept. `start` and `until` are inclusive; `approval` is the day of the minister's approval."""

    kind: Kind
    dwellings: str | None
    built_before: int | None
    area: str | None
    former: str | None  # NIS code of the municipality of before a merger to which the rule is limited
    scope_words: str | None
    yes: bool | None
    years: int | None
    end: date | None
    amount: Decimal | None  # euro
    value_words: str | None
    start: date | None
    until: date | None
    approval: date | None
    link: str | None

    @classmethod
    def parse(cls, values: Mapping[str, PublicValue]) -> PolicyRule:
        """From what `kept` gave. A text that is only `ja` or `nee` is read as the code that it should have been (CONTRACT A.2)."""
        scope_words, value_words = _text(values, "toepassing.tekst"), _text(values, "waarde.tekst")
        yes = values.get("waarde.ja")
        return cls(
            kind=Kind(str(values["soort"])),
            dwellings=_text(values, "toepassing.huurwoning"),
            built_before=_integer(values, "toepassing.bouwjaarVoor"),
            area=_text(values, "toepassing.gebied"),
            former=_text(values, "toepassing.niscodeVoor"),
            scope_words=None if _yes_or_no(scope_words) is not None else scope_words,
            yes=yes if isinstance(yes, bool) else _yes_or_no(value_words),
            years=_integer(values, "waarde.jaren"),
            end=_date(values, "waarde.einddatum"),
            amount=_euro(values, "waarde.bedragEuro"),
            value_words=None if _yes_or_no(value_words) is not None else value_words,
            start=_date(values, "vanaf"),
            until=_date(values, "tot"),
            approval=_date(values, "ministerieleGoedkeuring"),
            link=_text(values, _LINK),
        )

    def in_force(self, day: date) -> bool:
        """`vanaf` ≤ D or absent, not `tot` < D (CONTRACT B.1)."""
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)

    def approved(self, day: date, needed: bool) -> bool:
        """An obligation counts as in force only with `ministerieleGoedkeuring` ≤ D, by setting (CONTRACT B.2)."""
        return self.kind is not Kind.OBLIGATION or not needed or (self.approval is not None and self.approval <= day)

    def changes(self) -> Iterator[date]:
        """The days on which it begins, has ended, or is approved."""
        if self.until is not None and self.until < date.max:
            yield self.until + timedelta(days=1)
        yield from (day for day in (self.start, self.approval) if day is not None)

    @property
    def setting(self) -> tuple[int | None, date | None, Decimal | None, str | None, str | None]:
        """What it sets, with every word beside it: words may say anything, so they count as another setting."""
        return self.years, self.end, self.amount, self.value_words, self.scope_words

    @property
    def limited(self) -> bool:
        """Whether it leaves homes out, or has conditions in words."""
        everything = (None, _ALL, _ROOM) if self.kind is Kind.ROOMS else (None, _ALL)
        limits = (self.built_before, self.area, self.former, self.scope_words, self.value_words)
        return self.dwellings not in everything or any(limit is not None for limit in limits)

    @property
    def whole(self) -> bool:
        """Whether it holds for all; an obligation does so only when it says for which homes, and says all."""
        return not self.limited and (self.kind is not Kind.OBLIGATION or self.dwellings == _ALL)

    def scope_text(self) -> str | None:
        """To what it applies: `huurwoningen als hoofdverblijf, gebouwd voor 1970; enkel nieuwe verhuringen`."""
        parts = [
            _DWELLINGS.get(self.dwellings or ""),
            f"gebouwd voor {self.built_before}" if self.built_before is not None else None,
            f"gebied: {self.area}" if self.area else None,
            f"in de vroegere gemeente {_former(self.former)}" if self.former else None,
        ]
        return "; ".join(part for part in (", ".join(part for part in parts if part), self.scope_words) if part) or None

    def value_text(self) -> str | None:
        """What it sets: `ja`, `5 jaar`, `tot 31 december 2027`, `62,50 euro`; the municipality's own words come last."""
        parts = [
            {True: "ja", False: "nee", None: None}[self.yes],
            f"{self.years} jaar" if self.years is not None else None,
            f"tot {_dutch(self.end)}" if self.end else None,
            f"{self.amount} euro".replace(".", ",") if self.amount is not None else None,
        ]
        return "; ".join(part for part in (", ".join(part for part in parts if part), self.value_words) if part) or None

    def status(self, day: date, needed: bool) -> str | None:
        """State of the approval; null where none is needed and none was given."""
        if self.approval is not None and self.approval <= day:
            return f"goedgekeurd op {_dutch(self.approval)}"
        return "nog niet goedgekeurd" if self.yes is not False and not self.approved(day, needed) else None


def _text(values: Mapping[str, PublicValue], path: str) -> str | None:
    value = values.get(path)
    return value if isinstance(value, str) else None


def _integer(values: Mapping[str, PublicValue], path: str) -> int | None:
    value = values.get(path)
    return value if isinstance(value, int) else None


def _date(values: Mapping[str, PublicValue], path: str) -> date | None:
    text = _text(values, path)
    return date.fromisoformat(text) if text else None


def _euro(values: Mapping[str, PublicValue], path: str) -> Decimal | None:
    value = values.get(path)
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP) if isinstance(value, int | float) else None


def _yes_or_no(words: str | None) -> bool | None:
    return _YES_OR_NO.get((words or "").casefold().rstrip("."))


def _former(code: str) -> str:
    try:
        return f"{name(code)} ({code})"
    except KeyError:  # a code that the table of municipalities does not hold
        return f"met NIS-code {code}"


def _dutch(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
