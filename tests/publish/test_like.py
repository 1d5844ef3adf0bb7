from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.like import like_pattern
from tests.effort import patience


def naive(pattern: str, text: str) -> bool:
    """LIKE by its definition."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(naive(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and (pattern[0] == "_" or pattern[0] == text[0]) and naive(pattern[1:], text[1:])


@given(st.text("ab%_", max_size=7), st.text("ab", max_size=8))
def test_a_pattern_matches_what_like_matches(pattern: str, text: str) -> None:
    assert (re.fullmatch(like_pattern(pattern), text) is not None) == naive(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("100\\%", "100%", True),
        ("100\\%", "1000", False),
        ("a\\_b", "a_b", True),
        ("a\\_b", "axb", False),
        ("a.b", "axb", False),
        ("a\\\\b", "a\\b", True),
        ("ends with \\", "ends with \\", True),
        ("%een\nregel%", "op een\nregel verder", True),
    ],
)
def test_the_escape_character_takes_the_meaning_away(pattern: str, text: str, fits: bool) -> None:
    assert (re.fullmatch(like_pattern(pattern), text, re.DOTALL) is not None) is fits


def test_other_services_have_other_wildcards() -> None:
    assert re.fullmatch(like_pattern("K*.raat", many="*", one=".", escape="!"), "Kerkstraat")
    assert not re.fullmatch(like_pattern("K%", many="", one="", escape=""), "Kerkstraat")


def test_the_work_of_matching_a_hostile_pattern_has_an_end() -> None:
    with patience():
        assert re.fullmatch(like_pattern("%a" * 40 + "%b"), "a" * 2_000) is None
