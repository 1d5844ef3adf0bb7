"""What is kept of a table to answer questions to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from release.columns import Columns
from release.identifiers import Identifiers
from release.spatial import Coordinates, Places, Wkb
from release.table import PublicTable


@dataclass(frozen=True, eq=False)
class Index:
    """Made part by part when it is first needed; safe for several threads."""

    table: PublicTable
    columns: Columns
    places: Places

    @classmethod
    def of(cls, table: PublicTable, coordinates: Coordinates, wkb: Wkb) -> Index:
        """`coordinates` gives points (n, 2) or extents (n, 4) in a CRS, NaN where there are none; `wkb` the multipolygons of rows."""
        return cls(table, Columns(table), Places(table.feature_type.geometry, coordinates, wkb))

    @cached_property
    def identifiers(self) -> Identifiers:
        """The rows of each `_id`."""
        return Identifiers.of(self.table.ids)
