"""Output formats that are files: a zip with a Shapefile or a GeoPackage."""

from __future__ import annotations

from dataclasses import dataclass

from exports import formats
from publish.wfs.versions import Version

ZIP = "application/zip"
"""The media type of every file: packed already, so that it is not compressed on its way."""


@dataclass(frozen=True)
class FileFormat:
    """A format that answers with one file, made before the answer begins; without a count it holds everything."""

    file: formats.Format
    spellings: tuple[str, ...]
    media_type: str = ZIP
    version: Version = Version.V2_0_0
    references: bool = False


SHAPEFILE = FileFormat(
    formats.SHAPEFILE, ("shape-zip", "SHAPEZIP", "shapefile", "application/zip; subtype=shapefile", "application/x-shapefile", "shp")
)
GEOPACKAGE = FileFormat(
    formats.GEOPACKAGE,
    ("geopackage", "gpkg", "geopkg", "application/zip; subtype=geopackage", "application/geopackage+sqlite3", "application/x-gpkg"),
)
FILES = (SHAPEFILE, GEOPACKAGE)
