"""FlatGeobuf: as a file the rows that have a position, with a spatial index (CONTRACT B.1: the set *located*); as a page all rows."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from exports.extract import Layer, moved
from exports.layer import write_layer
from exports.notice import Notice
from release.crs import Crs
from release.table import PublicTable


def write(table: PublicTable, path: Path, name: str, since: date) -> None:
    """Write the located rows. The index refuses rows without geometry, so the read-me of the zip says that they are not in it."""
    kind = table.feature_type
    write_layer(
        table.take(table.located), path, "FlatGeobuf", name, since, TITLE=kind.title.nl, DESCRIPTION=kind.abstract.nl, SPATIAL_INDEX="YES"
    )


def page(layer: Layer, name: str, words: Notice, day: date, crs: Crs) -> bytes:
    """A page of features in their order, whether they have a position or not, so without an index (CONTRACT B.1: the set *all*).

    `words` are its title and description.
    """
    with tempfile.TemporaryDirectory(prefix="vlok-page-") as work:
        path = Path(work) / "page.fgb"
        options = {"TITLE": words.title, "DESCRIPTION": words.text, "SPATIAL_INDEX": "NO"}
        write_layer(moved(layer), path, "FlatGeobuf", name, day, None, crs, **options)
        return path.read_bytes()
