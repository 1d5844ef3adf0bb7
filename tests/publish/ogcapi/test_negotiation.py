from __future__ import annotations

import pytest

from publish.ogcapi.errors import BadParameter
from publish.ogcapi.negotiation import Format, acceptable, negotiate

ALL = (Format.JSON, Format.HTML, Format.CSV)


@pytest.mark.parametrize(
    ("f", "accept", "expected"),
    [
        (None, "", Format.JSON),
        (None, "*/*", Format.JSON),
        (None, "text/html", Format.HTML),
        (None, "text/csv;q=0.4, text/html;q=0.9", Format.HTML),
        (None, "text/csv, text/html;q=0.9", Format.CSV),
        (None, "text/html;q=0, text/csv;q=0.1", Format.CSV),
        (None, "text/html;q=nonsense, text/csv;q=0.1", Format.CSV),
        (None, "*/*, text/html;q=0.5", Format.JSON),
        (None, "application/x-unknown, application/geo+json;q=0.2", Format.JSON),
        (None, "image/png", Format.JSON),
        (None, "text/*", Format.HTML),
        (None, "application/*, text/html;q=0.5", Format.JSON),
        ("csv", "text/html", Format.CSV),
        ("HTML", "", Format.HTML),
        ("text/csv", "", Format.CSV),
        ("application/geo json", "text/html", Format.JSON),
    ],
)
def test_f_wins_over_accept_and_accept_by_its_weights(f: str | None, accept: str, expected: Format) -> None:
    assert negotiate(f, accept, ALL) is expected


@pytest.mark.parametrize(("accept", "expected"), [("text/html", None), ("", None), ("text/html, */*;q=0.1", Format.JSON)])
def test_what_no_one_takes_is_told_apart_from_what_is_given_for_want_of_better(accept: str, expected: Format | None) -> None:
    assert acceptable(accept, (Format.JSON, Format.GML)) is expected


@pytest.mark.parametrize("f", ["", "xml", "csv,json", "image/png"])
def test_an_f_that_is_not_offered_is_refused(f: str) -> None:
    with pytest.raises(BadParameter, match="json, html"):
        negotiate(f, "text/html", (Format.JSON, Format.HTML))
