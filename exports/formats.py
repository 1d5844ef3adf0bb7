"""The download formats: name of folder and zip, media type, and what each loses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from release.schema import Product


@dataclass(frozen=True, slots=True)
class Format:
    """One download format. `loss` says in Dutch what it cannot carry over; `media_type` is that of the data inside the zip."""

    name: str
    title: str
    media_type: str
    loss: tuple[str, ...]
    tables: bool = False  # whether it holds the attribute tables of the product
    version: str | None = None  # of the standard that the files keep to; null where it has none

    def path(self, product: Product) -> str:
        """Path of the zip below the downloads: `POI/POI_GML.zip` (CONTRACT B.4)."""
        return f"{product.id}/{product.id}_{self.name}.zip"


GML = Format(
    "GML",
    "GML 3.2",
    "application/gml+xml; version=3.2",
    ("Een veld zonder waarde ontbreekt in het object.", "De bijbehorende tabellen staan er niet in."),
    version="3.2.1",
)
SHAPEFILE = Format(
    "Shapefile",
    "Shapefile (UTF-8)",
    "application/x-shapefile",
    (
        "Een tekst van meer dan 254 bytes is afgebroken.",
        "Een lege tekst en een ontbrekende waarde zijn niet te onderscheiden.",
        "Het .prj-bestand noemt geen code van het coördinatenstelsel: die staat hierboven.",
        "Boven 2 GB is het bestand gesplitst per provincie.",
        "De bijbehorende tabellen staan er niet in.",
    ),
)
CSV = Format(
    "CSV",
    "CSV (RFC 4180 en een vorm voor Excel)",
    "text/csv; charset=utf-8; header=present",
    (
        "Een CSV-bestand kent geen gegevenstypes: ze staan in het bestand met CSVW-metadata.",
        "Vlakken staan er niet in; punten staan in de kolommen X_L72 en Y_L72 (EPSG:31370) en LON en LAT (ETRS89).",
        "Excel maakt van een huisnummer als 1-3 een datum en laat voorloopnullen vallen: gebruik daarvoor XLSX.",
    ),
    tables=True,
)
GEOPACKAGE = Format(
    "GeoPackage", "GeoPackage", "application/geopackage+sqlite3", ("Bedragen staan er als kommagetal in.",), tables=True, version="1.4"
)
GEOPARQUET = Format(
    "GeoParquet", "GeoParquet 1.1", "application/vnd.apache.parquet", ("De bijbehorende tabellen staan er niet in.",), version="1.1.0"
)
FLATGEOBUF = Format(
    "FlatGeobuf",
    "FlatGeobuf",
    "application/flatgeobuf",
    (
        "Alleen objecten met een positie staan erin.",
        "Een datum staat er als datum met uur in.",
        "De bijbehorende tabellen staan er niet in.",
    ),
    version="3",
)
XLSX = Format(
    "XLSX",
    "Excel (XLSX)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    (
        "Vlakken staan er niet in; punten staan in de kolommen X_L72 en Y_L72 (EPSG:31370) en LON en LAT (ETRS89).",
        "Koppelingen zijn gewone tekst.",
    ),
    tables=True,
)

FORMATS: tuple[Format, ...] = (GML, SHAPEFILE, CSV, GEOPACKAGE, GEOPARQUET, FLATGEOBUF, XLSX)
"""Every format, in the order in which files are written and listed."""


def made_for(public_url: str, environment: str, formats: Sequence[Format] = FORMATS) -> str:
    """Tells for which address and environment documents were made, as the manifest's `software` ends: `made for test at http://…`."""
    chosen = "" if tuple(formats) == FORMATS else f", {' '.join(format_.name for format_ in formats)} alone"
    return f"made for {environment} at {public_url.rstrip('/')}{chosen}"


def made_for_whom(software: str) -> tuple[str, str] | None:
    """Address and environment for which documents were made, of the manifest's `software`; null when it does not tell."""
    found = re.search(r"made for (\S+) at (\S+?)(?:, .* alone)?$", software)
    return None if found is None else (found[2], found[1])
