"""`PublicTable`: rows that may be public, each with the days on which it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from release.schema import FeatureType, FieldType, Geometry, Product

EPOCH = date(1970, 1, 1)
OPEN_END = 2**31 - 1
"""`_until` of a row that no known date ends."""

ID, FROM, UNTIL, X, Y, WKB = "_id", "_from", "_until", "_x", "_y", "_wkb"

_ARROW: dict[FieldType, pa.DataType] = {
    FieldType.TEXT: pa.string(),
    FieldType.URI: pa.string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.NUMBER: pa.decimal128(12, 2),
    FieldType.DATE: pa.date32(),
}


def to_day(value: date) -> int:
    """Days since 1970-01-01, the form in which dates are stored and compared."""
    return (value - EPOCH).days


def from_day(day: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=day)


def arrow_schema(feature_type: FeatureType) -> pa.Schema:
    """Columns of a table: `_id`, `_from`, `_until` (inclusive), the public fields, then `_x`, `_y` or `_wkb` (EPSG:31370)."""
    columns = [(ID, pa.int64()), (FROM, pa.int32()), (UNTIL, pa.int32())]
    columns += [(field.name, _ARROW[field.type]) for field in feature_type.fields]
    if feature_type.geometry is Geometry.POINT:
        columns += [(X, pa.float64()), (Y, pa.float64())]
    elif feature_type.geometry is Geometry.MULTIPOLYGON:
        columns += [(WKB, pa.binary())]
    return pa.schema(columns)


@dataclass(frozen=True, eq=False)
class PublicTable:
    """Rows of one feature type in release order (spatial, then `_id`, then `_from`). Only `etl.disclose` makes one from data.

    `arrow` has exactly the columns of `arrow_schema`; text columns may be dictionary-encoded. The values are stripped:
    nothing in it identifies a person.
    """

    feature_type: FeatureType
    arrow: pa.Table

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """`_id` of every row: OIDN of an object, NIS code of a municipality; unique among the rows of one day."""
        return np.asarray(self.arrow[ID], dtype=np.int64)

    @cached_property
    def located(self) -> NDArray[np.bool_]:
        """Which rows have a geometry."""
        name = {Geometry.POINT: X, Geometry.MULTIPOLYGON: WKB}.get(self.feature_type.geometry)  # type: ignore[arg-type] # null geometry has no column
        if name is None:
            return np.zeros(len(self), dtype=np.bool_)
        return np.asarray(pc.is_valid(self.arrow[name]), dtype=np.bool_)

    def pick(self, rows: NDArray[np.int64], feature_type: FeatureType) -> PublicTable:
        """These rows, in this order; `feature_type` is that of the table or one of fewer fields (`FeatureType.only`)."""
        columns = [name for name in arrow_schema(feature_type).names if name in self.arrow.column_names]
        return PublicTable(feature_type, self.arrow.select(columns).take(pa.array(rows)))

    def alive(self, day: date) -> NDArray[np.bool_]:
        """Which rows hold on this day."""
        number = to_day(day)
        start = np.asarray(self.arrow[FROM], dtype=np.int32)
        end = np.asarray(self.arrow[UNTIL], dtype=np.int32)
        return (start <= number) & (number <= end)

    def take(self, keep: NDArray[np.bool_]) -> PublicTable:
        """The rows of a mask, in the same order; the table itself when that is all of them."""
        if keep.all():
            return self
        return PublicTable(self.feature_type, self.arrow.filter(pa.array(keep)))

    def on(self, day: date) -> PublicTable:
        """The rows that hold on this day."""
        return self.take(self.alive(day))

    def of(self, product: Product) -> PublicTable:
        """The rows of a product."""
        if product.value is None or product.feature_type != self.feature_type.qualified:
            return self
        return self.take(np.asarray(pc.equal(self.arrow["PRODUCT"], product.value), dtype=np.bool_))
