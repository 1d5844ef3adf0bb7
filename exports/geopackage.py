"""GeoPackage: the product's layer, its attribute tables beside it, and what every field means in `gpkg_data_columns`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from exports.layer import write_layer
from release.crs import LAMBERT72, Crs
from release.table import PublicTable


def write(table: PublicTable, attributes: Sequence[PublicTable], path: Path, name: str, since: date, crs: Crs = LAMBERT72) -> None:
    """Write a new file with the layer `name`, its coordinates being in `crs`, and each attribute table under its feature type's name."""
    kind = table.feature_type
    write_layer(
        table,
        path,
        "GPKG",
        name,
        since,
        crs=crs,
        GEOMETRY_NAME=kind.geometry_name,
        IDENTIFIER=name,
        DESCRIPTION=kind.abstract.nl,
        SPATIAL_INDEX="YES",
    )
    for attribute in attributes:
        kind = attribute.feature_type
        write_layer(attribute, path, "GPKG", kind.name, since, IDENTIFIER=kind.name, DESCRIPTION=kind.abstract.nl)
