from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.cql.tokens import MAX_LENGTH, Kind, tokens
from publish.filters.errors import Unreadable

SYNTAX = '\') OR ("x" = 1 -- ; SRID=1; 2026-01-01'


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(token.kind, token.text) for token in tokens(text)[:-1]]


@given(st.text())
def test_what_stands_in_quotes_is_one_text(inner: str) -> None:
    assert kinds("'" + inner.replace("'", "''") + "'") == [(Kind.TEXT, inner)]


@given(st.text())
def test_what_stands_in_double_quotes_is_one_name(inner: str) -> None:
    assert kinds('"' + inner.replace('"', '""') + '"') == [(Kind.QUOTED, inner)]


def test_syntax_in_a_text_is_no_syntax() -> None:
    assert kinds("NAAM='" + SYNTAX.replace("'", "''") + "'")[2:] == [(Kind.TEXT, SYNTAX)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("POI:PRODUCT", [(Kind.NAME, "POI:PRODUCT")]),
        ("a.b_c2", [(Kind.NAME, "a.b_c2")]),
        ("é", [(Kind.NAME, "é")]),
        ("1.5e-3", [(Kind.NUMBER, "1.5e-3")]),
        (".5", [(Kind.NUMBER, ".5")]),
        ("-1", [(Kind.SYMBOL, "-"), (Kind.NUMBER, "1")]),
        ("2026-01-31", [(Kind.MOMENT, "2026-01-31")]),
        ("2026-01-31T12:00:00.5+01:00/x", [(Kind.MOMENT, "2026-01-31T12:00:00.5+01:00"), (Kind.SYMBOL, "/"), (Kind.NAME, "x")]),
        (
            "a<=b<>c!=d",
            [
                (Kind.NAME, "a"),
                (Kind.SYMBOL, "<="),
                (Kind.NAME, "b"),
                (Kind.SYMBOL, "<>"),
                (Kind.NAME, "c"),
                (Kind.SYMBOL, "!="),
                (Kind.NAME, "d"),
            ],
        ),
        (" \t\n", []),
    ],
)
def test_tokens_are_those_of_cql(text: str, wanted: list[tuple[Kind, str]]) -> None:
    assert kinds(text) == wanted


@pytest.mark.parametrize("text", ["'open", '"open', "a = 'it''s", "a ? b", "\x00", "a & b", "x" * (MAX_LENGTH + 1)])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        tokens(text)
