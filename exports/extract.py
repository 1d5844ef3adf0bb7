"""Zipped Shapefiles and GeoPackages of a selection, made on request: what WFS answers to outputFormat `shape-zip`.

Everything is made before the first byte goes out, so that an error is never half an answer; what is sent then has no name on
the disk any more, so that nothing stays behind when a client, or the whole server, goes away.

Measured on one of two busy cores: 100,000 points take 3 s (1.5 s of processor), 40 MB of memory, and 150 MB of temporary disk as a
Shapefile or 60 MB as a GeoPackage.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from exports import formats, geopackage, shapefile
from exports.archive import Archive, chunks
from exports.errors import Busy, TooLarge
from exports.formats import Format
from exports.notice import Notice, notice
from exports.readme import licence, readme
from release.crs import Crs
from release.schema import Geometry, Product, Schema
from release.table import WKB, PublicTable, X, Y

MEDIA_TYPE = "application/zip"
MAX_ROWS = 500_000
"""Rows of all layers together: some 15 s of work, 750 MB of temporary disk (a Shapefile has all widths in full)."""

_PLACES = 8  # that wait hold a thread of the server each
_CHUNK = 1 << 20
_SELECTION = " Dit bestand is een selectie: wat niet aan de vraag voldeed, staat er niet in."
_NO_TABLES = "De bijbehorende tabellen staan er niet in."

_places = threading.BoundedSemaphore(_PLACES)
_turn = threading.Lock()


@dataclass(frozen=True, eq=False)
class Layer:
    """Rows with the fields that are asked for, and their geometry in the CRS of the file.

    `geometry` has a line for every row: points, shape (n, 2), x, y order, NaN where there is none; or multipolygons as WKB;
    null when the feature type has been left without geometry.
    """

    table: PublicTable
    geometry: NDArray[np.float64] | Sequence[bytes | None] | None


@dataclass(frozen=True)
class Origin:
    """Where the sentences of the documents come from: the schema, whether it is real data, and the date that they name by product.

    `day` is that of the answer, which is inside the files.
    """

    schema: Schema
    day: date
    environment: str
    states: Mapping[str, date]


@dataclass(frozen=True)
class _Written:
    """A layer whose data is in the archive, and the documents that go with it."""

    name: str
    licence: bytes
    readme: bytes


def extract(form: Format, layers: Iterable[Layer], crs: Crs, origin: Origin) -> Iterator[bytes]:
    """A zip with `formats.SHAPEFILE` or `formats.GEOPACKAGE` of every layer, with `LICENTIE.txt` and `LEESMIJ.html`; all rows are in it.

    The layers are asked for one at a time, when it is their turn. The same rows on the same day give the same bytes.
    Before the first piece: raises `Busy`, `TooLarge`, `UnfitLayer`, and `OSError` when the disk is full.
    """
    with tempfile.TemporaryFile() as file:
        with _admitted():
            _make(form, layers, crs, origin, file)
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece


@contextmanager
def _admitted() -> Iterator[None]:
    """One is made at a time, a few may wait for it."""
    if not _places.acquire(blocking=False):
        raise Busy(f"{_PLACES} files are being made already; try again in a minute, or take the whole file from the downloads")
    try:
        with _turn:
            yield
    finally:
        _places.release()


def _make(form: Format, layers: Iterable[Layer], crs: Crs, origin: Origin, file: IO[bytes]) -> None:
    written: list[_Written] = []
    rows = 0
    with Archive(file, origin.day) as archive:
        for layer in layers:
            rows += len(layer.table)
            if rows > MAX_ROWS:
                raise TooLarge(f"a file on request holds at most {MAX_ROWS} objects; the downloads hold all of them")
            name = _name(layer.table, [known.name for known in written])
            written.append(_add(archive, form, layer, name, crs, origin))
        for known in written:
            suffix = f"_{known.name}" if len(written) > 1 else ""
            archive.add(f"LICENTIE{suffix}.txt", [known.licence])
            archive.add(f"LEESMIJ{suffix}.html", [known.readme])


def _name(table: PublicTable, taken: Sequence[str]) -> str:
    """The name of the feature type, with a number for a second selection from it."""
    name = table.feature_type.name
    numbered = [name, *(f"{name}_{number}" for number in range(2, len(taken) + 2))]
    return next(candidate for candidate in numbered if candidate not in taken)


def _add(archive: Archive, form: Format, layer: Layer, name: str, crs: Crs, origin: Origin) -> _Written:
    """Write the files of a layer beside the archive, then into it."""
    table = moved(layer)
    with tempfile.TemporaryDirectory(prefix="vlok-extract-") as work:
        _WRITERS[form](table, Path(work), name, origin.day, crs)
        paths = sorted(Path(work).iterdir())
        for path in paths:
            archive.add(path.name, chunks(path))
    sentences = _notice(table, origin)
    bare = replace(form, loss=(*dict.fromkeys((*form.loss, _NO_TABLES)),))
    return _Written(name, licence(sentences), readme(sentences, bare, [table.feature_type], [path.name for path in paths], crs))


def moved(layer: Layer) -> PublicTable:
    """The rows with the geometry of the file in place of the stored one."""
    table, geometry = layer.table, layer.geometry
    match table.feature_type.geometry:
        case Geometry.POINT:
            assert isinstance(geometry, np.ndarray)
            moved = {X: pa.array(geometry[:, 0], from_pandas=True), Y: pa.array(geometry[:, 1], from_pandas=True)}
        case Geometry.MULTIPOLYGON:
            moved = {WKB: pa.array(geometry, pa.binary())}
        case None:
            return table
    arrow = table.arrow
    for column, values in moved.items():
        arrow = arrow.set_column(arrow.schema.get_field_index(column), column, values)
    return replace(table, arrow=arrow)


def _notice(table: PublicTable, origin: Origin) -> Notice:
    product = _product(table, origin.schema)
    sentences = notice(product, origin.schema, origin.states[product.id], origin.environment)
    return replace(sentences, abstract=sentences.abstract + _SELECTION)


def _product(table: PublicTable, schema: Schema) -> Product:
    """The one product that all rows are of, else the one that holds every row."""
    products = schema.products_of(table.feature_type)
    if "PRODUCT" in table.arrow.column_names:
        values = set(pc.unique(table.arrow["PRODUCT"]).to_pylist())
        if own := [product for product in products if {product.value} == values]:
            return own[0]
    return schema.whole(table.feature_type)


def _shapefile(table: PublicTable, folder: Path, name: str, day: date, crs: Crs) -> None:
    shapefile.write(table, folder, name, day, crs=crs)


def _geopackage(table: PublicTable, folder: Path, name: str, day: date, crs: Crs) -> None:
    geopackage.write(table, (), folder / f"{name}.gpkg", name, day, crs)


_WRITERS: Mapping[Format, Callable[[PublicTable, Path, str, date, Crs], None]] = {
    formats.SHAPEFILE: _shapefile,
    formats.GEOPACKAGE: _geopackage,
}
