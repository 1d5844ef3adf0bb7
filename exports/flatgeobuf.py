"""FlatGeobuf: the rows that have a position, with a spatial index (CONTRACT B.1: the set *located*)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from exports.layer import write_layer
from release.table import PublicTable


def write(table: PublicTable, path: Path, name: str, since: date) -> None:
    """Write the located rows. The index refuses rows without geometry, so the read-me of the zip says that they are not in it."""
    kind = table.feature_type
    write_layer(
        table.take(table.located), path, "FlatGeobuf", name, since, TITLE=kind.title.nl, DESCRIPTION=kind.abstract.nl, SPATIAL_INDEX="YES"
    )
