"""How much work a filter makes: what many comparisons of one field share is done once, and the rest has a limit."""

from __future__ import annotations

from collections.abc import Iterator

from publish.wfs.errors import ProcessingFailed
from release.predicate import And, Between, Compare, In, Like, Literal, Not, Operator, Or, Predicate

MAX_PASSES = 60
"""Comparisons, each over the distinct values of a column: half a second for 300,000 texts that are all different (measured)."""


def bounded(predicate: Predicate | None) -> Predicate | None:
    """The same predicate, cheaper where that is possible; raises `ProcessingFailed` when it still needs too many passes."""
    if predicate is None:
        return None
    cheaper = _together(predicate)
    if sum(1 for _ in _passes(cheaper)) > MAX_PASSES:
        raise ProcessingFailed(f"a filter makes at most {MAX_PASSES} comparisons; equalities of one property under Or are one", "filter")
    return cheaper


def _together(predicate: Predicate) -> Predicate:
    """Equalities of one field under an `Or` as one `In` (a choice of municipalities): true, false and unknown stay as they were."""
    match predicate:
        case And(parts):
            return And(tuple(map(_together, parts)))
        case Not(part):
            return Not(_together(part))
        case Or(parts):
            return _union(tuple(map(_together, parts)))
        case _:
            return predicate


def _union(parts: tuple[Predicate, ...]) -> Predicate:
    choices: dict[str, tuple[Literal, ...]] = {}
    others: list[Predicate] = []
    for part in parts:
        match part:
            case Compare(field, Operator.EQUAL, literal, True):
                choices[field] = (*choices.get(field, ()), literal)
            case In(field, literals):
                choices[field] = (*choices.get(field, ()), *literals)
            case _:
                others.append(part)
    merged = (*(In(field, literals) for field, literals in choices.items()), *others)
    return merged[0] if len(merged) == 1 else Or(merged)


def _passes(predicate: Predicate) -> Iterator[Predicate]:
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _passes(part)
        case Not(part):
            yield from _passes(part)
        case Compare() | In() | Between() | Like():
            yield predicate
        case _:
            return
