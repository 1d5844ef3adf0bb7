"""Arrow's tests of texts say what Python's say, of any text and any pattern."""

from __future__ import annotations

import operator
import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.like import like_pattern
from release import texts
from release.predicate import Operator
from tests.effort import effort, patience

_ODD = "aAbkKsSiI\u0130\u0131\u017f\u212aßẞéÉåÅ\u212bµμΣςσŸÿ %_.\\*?([{^$|+-#&~\n\x00\u2028🏠"
_texts = st.lists(st.none() | st.text(st.sampled_from(_ODD), max_size=8), max_size=12)
_patterns = st.text(st.sampled_from(_ODD + "%%__"), max_size=6).map(like_pattern)
_OPERATORS = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def column(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


@given(_texts, _patterns | st.text(st.sampled_from(_ODD), max_size=5).map(re.escape), st.booleans())
def test_a_pattern_matches_as_python_has_it(values: list[str | None], pattern: str, match_case: bool) -> None:
    flags = re.DOTALL | (re.NOFLAG if match_case else re.IGNORECASE)
    expected = [value is not None and re.fullmatch(pattern, value, flags) is not None for value in values]
    assert texts.like(column(values), pattern, match_case).tolist() == expected


@pytest.mark.parametrize("pattern", [r"\d+", r"[ab]*", r"a|b", r"(a)\1", r"a{2}", r"^a$", r"(?i)A", r"a\b.*", "\ud800.*", "\ud800"])
def test_any_other_expression_matches_as_python_has_it_too(pattern: str) -> None:
    values = ["a", "b", "aa", "ab", "12", "\u0663", "a\n", "A", "", None]
    for match_case in (True, False):
        flags = re.DOTALL | (re.NOFLAG if match_case else re.IGNORECASE)
        expected = [value is not None and re.fullmatch(pattern, value, flags) is not None for value in values]
        assert texts.like(column(values), pattern, match_case).tolist() == expected


def test_the_patterns_of_clients_need_no_python_for_each_text() -> None:
    names = column([f"Kerkstraat {number}, 9000 Gent" for number in range(100_000)])
    with effort() as made:
        for pattern in ("Kerk%", "%12%", "%straat 1_, %", "%e%a%1%", "K_rk%9%t"):
            assert texts.like(names, like_pattern(pattern)).any()
    assert made.calls < len(names) / 10


def test_the_work_of_matching_a_hostile_pattern_has_an_end() -> None:
    long = column(["a" * 2_000] * 50)
    with patience():
        assert not texts.like(long, like_pattern("%a" * 400 + "%b")).any()
        assert not texts.like(long, like_pattern("%a" + "_" * 300 + "b")).any()
        assert not texts.like(long, like_pattern("%A" * 400 + "%b"), match_case=False).any()


@given(_texts, st.text(st.sampled_from(_ODD), max_size=4), st.sampled_from(list(Operator)), st.booleans())
def test_texts_are_compared_by_code_point_or_by_what_case_folds_to(
    values: list[str | None], wanted: str, op: Operator, match_case: bool
) -> None:
    def fold(text: str) -> str:
        return text if match_case else text.casefold()

    expected = [value is not None and _OPERATORS[op](fold(value), fold(wanted)) for value in values]
    assert texts.compare(column(values), op, wanted, match_case).tolist() == expected
    beside = column([*values[1:], wanted][: len(values)])
    pairs = zip(values, beside.to_pylist(), strict=True)
    expected = [a is not None and b is not None and _OPERATORS[op](fold(a), fold(b)) for a, b in pairs]
    assert texts.compare(column(values), op, beside, match_case).tolist() == expected


@given(_texts, st.lists(st.text(st.sampled_from(_ODD), max_size=3), max_size=4))
def test_lists_and_ranges_of_texts(values: list[str | None], wanted: list[str]) -> None:
    assert texts.among(column(values), wanted).tolist() == [value in wanted for value in values]
    for low, high in pairwise(wanted):
        expected = [value is not None and low <= value <= high for value in values]
        assert texts.between(column(values), low, high).tolist() == expected


def test_half_a_surrogate_is_never_equal_and_has_its_place_in_the_order() -> None:
    values = ["a", "\ud7ff", "\ue000", "🏠", None]
    assert texts.compare(column(values), Operator.LESS, "\ud800").tolist() == [True, True, False, False, False]
    assert texts.compare(column(values), Operator.EQUAL, "\udfff", match_case=False).tolist() == [False] * 5
    assert texts.among(column(values), ["\ud800", "a"]).tolist() == [True, False, False, False, False]


@given(_texts)
def test_case_folds_as_python_folds_it(values: list[str | None]) -> None:
    assert texts.folded(column(values)).to_pylist() == [value and value.casefold() for value in values]


def test_case_folds_so_for_every_character_there_is() -> None:
    every = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    assert texts.folded(column(every)).to_pylist() == [character.casefold() for character in every]


def test_nothing_is_asked_of_no_texts() -> None:
    none = column([])
    assert texts.like(none, "a.*").tolist() == texts.among(none, ["a"]).tolist() == texts.between(none, "a", "b").tolist() == []
    assert texts.compare(none, Operator.EQUAL, "a", match_case=False).dtype == np.bool_
