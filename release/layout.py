"""Where things are in the folder of a sealed release."""

from __future__ import annotations

from datetime import date
from pathlib import Path

SCHEMA = "schema.json"
FRESHNESS = "freshness.json"
SEAL = "seal.json"
COLUMNS = "columns.arrow"
GEOMETRY = "geometry.arrow"
MANIFEST = "manifest.json"


def table_folder(release: Path, qualified: str) -> Path:
    """Columns and fragments of a feature type: `tables/POI.POI`."""
    return release / "tables" / qualified.replace(":", ".")


def edition_folder(release: Path, day: date) -> Path:
    """Manifest and downloads of one day: `editions/2026-11-21`."""
    return release / "editions" / day.isoformat()


def downloads_folder(release: Path, day: date) -> Path:
    """Zips of one day, by product."""
    return edition_folder(release, day) / "downloads"


def coordinates_file(release: Path, qualified: str, columns: str) -> Path:
    """Coordinates (n, 2) or extents (n, 4), float64, in one of the stored sets `l72`, `l08`, `lonlat`, `merc`."""
    return table_folder(release, qualified) / f"coordinates.{columns}.npy"


def catalogue_folder(release: Path, day: date) -> Path:
    """Documents of the catalogue of one day: ISO, DCAT and Atom."""
    return edition_folder(release, day) / "catalogue"
