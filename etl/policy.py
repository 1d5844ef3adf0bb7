"""The monthly dataset `parameters`: from a municipality's rules to one row per municipality, and the rules in force, on each day.

What the contract leaves open is decided in docs/decisions/0005-policy-parameters.md.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from etl.policy_rule import KINDS, Kind, PolicyRule, kept
from etl.register import PublicValue, PublicValues
from etl.table import SourceRecord

Cell = str | int | Decimal | date | None
"""A public value, typed as its field is: a date is a `date`, a number a `Decimal` with two places."""

Row = Mapping[str, Cell]

FLAGS: Mapping[str, Kind] = {
    "CAVERPL": Kind.OBLIGATION,
    "KAMERREGL": Kind.ROOMS,
    "HEFFINGOO": Kind.LEVY,
    "ONTVOOGD": Kind.EXEMPTION,
    "AFSPRKADER": Kind.FRAMEWORK,
    "INVBEHEER": Kind.INVENTORY,
    "WAARSCHPR": Kind.WARNING,
}
"""The kind of rule behind each flag (CONTRACT B.2)."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row of `WoningkwaliteitsbeleidRegels`; `id` (48 bits) is of what the rule says, and stays while that stays."""

    id: int
    values: Row


@dataclass(frozen=True, slots=True)
class Version:
    """What is published of a municipality from `start` until and including `until` (null: no known date ends it)."""

    start: date
    until: date | None
    row: Row
    rules: tuple[RuleRow, ...]


def stored(record: SourceRecord, niscode: str, name: str) -> PublicValues:
    """What is kept of a municipality: today's code and name, and of each rule what CONTRACT B.1 and B.2 need, no more.

    The rules of a record under the code of a merged municipality hold for that one's area only.
    """
    rules = tuple(kept(item) for item in record.items("regels"))
    return {"NISCODE": niscode, "NAAM": name, "rules": _limited(rules, record.text("niscode") or niscode, niscode)}


def merge(parts: Sequence[PublicValues], niscode: str, name: str) -> PublicValues:
    """One municipality of today from the kept values of every record that is now part of it; the order does not matter.

    A rule that two records both carry counts once.
    """
    rules = [_limited(_rules(part), str(part["NISCODE"]), niscode) for part in parts]
    most: Counter[str] = Counter()
    for part in rules:
        most |= Counter(_canonical(rule) for rule in part)
    return {"NISCODE": niscode, "NAAM": name, "rules": tuple(json.loads(text) for text in sorted(most.elements()))}


def versions(values: PublicValues, day: date, *, peildatum: date, approval_needed: bool) -> tuple[Version, ...]:
    """The state on `day` and after every later change that the rules' own dates bring, in order and without gaps.

    CONTRACT B.1 asks for 62 days ahead. They are worked out as far as their dates go, so that the last version claims nothing
    that a date contradicts, whatever age the dataset may reach by setting.
    """
    identified = _identified(values)
    found: list[Version] = []
    for start in [day, *sorted(_changes((rule for _, rule in identified), day))]:
        alive = [(number, rule) for number, rule in identified if rule.in_force(start)]
        row = _row(values, [rule for _, rule in alive], start, peildatum, approval_needed)
        rows = tuple(RuleRow(number, _rule_row(values, rule, start, approval_needed)) for number, rule in alive)
        if not found or (found[-1].row, found[-1].rules) != (row, rows):
            found.append(Version(start, None, row, rows))
    ends = [version.start - timedelta(days=1) for version in found[1:]]
    return tuple(Version(v.start, end, v.row, v.rules) for v, end in zip(found, [*ends, None], strict=True))


def _rules(values: PublicValues) -> tuple[Mapping[str, PublicValue], ...]:
    rules = values["rules"]
    return tuple(rules) if isinstance(rules, tuple | list) else ()


def _limited(rules: Iterable[Mapping[str, PublicValue]], code: str, today: str) -> tuple[Mapping[str, PublicValue], ...]:
    """The rules of a municipality of before a merger, which hold in its own area (DOMAIN 2.3)."""
    return tuple(rules) if code == today else tuple({"toepassing.niscodeVoor": code, **rule} for rule in rules)


def _canonical(rule: Mapping[str, PublicValue]) -> str:
    return json.dumps(rule, sort_keys=True, ensure_ascii=False)


def _identified(values: PublicValues) -> list[tuple[int, PolicyRule]]:
    """The rules in the order of the contract's kinds and of their dates, each with its number."""
    seen: Counter[str] = Counter()
    found = []
    for stored_rule in _rules(values):
        text = f"{values['NISCODE']} {_canonical(stored_rule)}"
        seen[text] += 1
        digest = hashlib.sha256(f"{text} {seen[text]}".encode()).digest()
        found.append((int.from_bytes(digest[:6]), PolicyRule.parse(stored_rule)))
    return sorted(found, key=lambda pair: (KINDS.index(pair[1].kind), pair[1].start or date.min, pair[0]))


def _changes(rules: Iterable[PolicyRule], day: date) -> set[date]:
    return {change for rule in rules for change in rule.changes() if change > day}


def _row(values: PublicValues, rules: Sequence[PolicyRule], day: date, peildatum: date, approval_needed: bool) -> Row:
    duties = [rule for rule in _of(rules, Kind.OBLIGATION) if rule.yes and rule.approved(day, approval_needed)]
    years = [rule.built_before for rule in duties if rule.built_before is not None]
    validity, fee = _common(_of(rules, Kind.VALIDITY)), _common(_of(rules, Kind.FEE))
    return {
        "NISCODE": str(values["NISCODE"]),
        "NAAM": str(values["NAAM"]),
        **{name: _flag(_of(rules, kind), day, approval_needed) for name, kind in FLAGS.items()},
        "CAVERPLVAN": min((rule.start for rule in duties if rule.start is not None), default=None),
        "CABOUWJR": max(years) if years and len(years) == len(duties) else None,
        "CAGELDJR": validity.years if validity else None,
        "CAGELDTOT": validity.end if validity else None,
        "CAVERGOED": fee.amount if fee else None,
        "AANTREGELS": len(rules),
        "PEILDATUM": peildatum,
    }


def _of(rules: Iterable[PolicyRule], kind: Kind) -> list[PolicyRule]:
    return [rule for rule in rules if rule.kind is kind]


def _flag(rules: Sequence[PolicyRule], day: date, approval_needed: bool) -> str | None:
    """`J` wholly, `D` partly or not yet approved, `N` delivered as no, null when it is not stated (CONTRACT B.2)."""
    agreed = [rule for rule in rules if rule.yes]
    if any(rule.whole and rule.approved(day, approval_needed) for rule in agreed):
        return "J"
    if agreed:
        return "D"
    # Never N from silence: a no for part of the homes says nothing of the others.
    return "N" if any(rule.yes is False and not rule.limited for rule in rules) else None


def _common(rules: Sequence[PolicyRule]) -> PolicyRule | None:
    """A rule that holds for all, when every other rule of its kind sets the same and none adds words (CONTRACT B.2)."""
    if len({rule.setting for rule in rules}) != 1:
        return None
    return next((rule for rule in rules if rule.whole), None)


def _rule_row(values: PublicValues, rule: PolicyRule, day: date, approval_needed: bool) -> Row:
    return {
        "NISCODE": str(values["NISCODE"]),
        "NAAM": str(values["NAAM"]),
        "SOORT": rule.kind.value,
        "TOEPASSING": rule.scope_text(),
        "WAARDE": rule.value_text(),
        "VANAF": rule.start,
        "TOT": rule.until,
        "STATUS": rule.status(day, approval_needed),
        "LINK1": rule.link,
    }
