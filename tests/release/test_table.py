"""Columns of a public table, the days on which its rows hold, and the products that are part of it."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from release.errors import UnknownFeatureType, UnknownField
from release.table import OPEN_END, arrow_schema, from_day, to_day
from tests.release.samples import AREAS, DAY, LINES, NEXT, POINTS, ROWS, SCHEMA, content, table


def test_the_columns_are_the_public_fields_between_the_calendar_and_the_geometry() -> None:
    assert arrow_schema(POINTS).names == ["_id", "_from", "_until", "PRODUCT", "NAAM", "AANTAL", "BEDRAG", "DATUM", "LINK", "_x", "_y"]
    assert arrow_schema(AREAS).names == ["_id", "_from", "_until", "NAAM", "_wkb"]
    assert arrow_schema(LINES).names == ["_id", "_from", "_until", "WAARDE"]
    kinds = {field.name: field.type for field in arrow_schema(POINTS)}
    assert (kinds["AANTAL"], kinds["BEDRAG"], kinds["DATUM"]) == (pa.int64(), pa.decimal128(12, 2), pa.date32())


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(1, 1, 1), DAY, date(9999, 12, 31)])
def test_days_are_counted_from_1970(day: date) -> None:
    assert from_day(to_day(day)) == day
    assert to_day(day) < OPEN_END


def test_a_row_holds_from_its_first_day_until_and_including_its_last() -> None:
    points = table(POINTS, ROWS)
    assert points.on(DAY - timedelta(days=1)).ids.tolist() == []
    assert points.on(DAY).ids.tolist() == [1, 2, 3, 4, 5, 6]
    assert points.on(NEXT).ids.tolist() == [1, 2, 3, 4, 6]
    assert points.on(date(9999, 12, 31)).ids.tolist() == [1, 2, 3, 4, 6]


def test_a_product_is_its_part_of_a_shared_type_or_all_of_it() -> None:
    points = content().table("Punten")
    parts = {name: points.of(SCHEMA.product(name)).ids.tolist() for name in ("Een", "Twee", "Alles")}
    assert parts == {"Een": [1, 2, 5], "Twee": [3, 4, 6], "Alles": [1, 2, 3, 4, 5, 6]}
    assert len(content().table("T:Regels").of(SCHEMA.product("Gebieden"))) == 1


def test_a_row_is_located_when_it_has_a_geometry() -> None:
    assert table(POINTS, ROWS).located.tolist() == [True, True, True, False, True, True]
    assert content().table("Gebieden").located.tolist() == [True, True, False]
    assert content().table("Regels").located.tolist() == [False]


def test_names_that_are_not_there_are_errors_that_say_what_is() -> None:
    with pytest.raises(UnknownFeatureType, match="no product 'Drie'"):
        SCHEMA.product("Drie")
    with pytest.raises(UnknownFeatureType, match="no feature type"):
        content().table("punten")
    with pytest.raises(UnknownField, match="T:Regels has no field 'NAAM'; it has WAARDE"):
        LINES.field("NAAM")
    assert [product.id for product in SCHEMA.products_of(POINTS)] == ["Een", "Twee", "Alles"]
