"""Read every download back before it is published: counts and ids agree among the formats, and with the manifest."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from exports.formats import FORMATS
from exports.reading import BY_FIONA, LOCATED, MAIN, Depth, Download, Reading, read
from exports.xlsx import sheet_name
from release.manifest import ProductEntry
from release.schema import Product, Schema

_WORTH_PROCESSES = 20_000_000
"""Bytes of downloads from which on several processes are faster than one: starting one takes a second."""

_HOLDING_TABLES = frozenset(format_.name for format_ in FORMATS if format_.tables)

Seen = dict[str, dict[str, dict[str, Reading]]]
"""Readings by product, format and table."""


def check(
    folder: Path,
    products: Mapping[str, ProductEntry],
    schema: Schema,
    workers: int | None = None,
    depth: Callable[[Product, str], Depth] = lambda product, format_: Depth.IDS,
) -> list[str]:
    """Problems in the downloads below `folder` that a manifest lists, empty when all is well.

    `workers` is how many processes read; null is one for little, and one per processor for much. `depth` says how far each
    file is read.
    """
    files = [(name, entry) for name, known in products.items() for entry in known.files if entry.bytes]
    seen, problems = _see(
        [Download(folder / entry.path, name, entry.format, depth(schema.product(name), entry.format)) for name, entry in files], workers
    )
    for product, known in products.items():
        expected = {sheet_name(name) for name in schema.product(product).tables}
        problems += _against_manifest(product, known, seen.get(product, {}))
        problems += _missing_tables(product, expected, seen.get(product, {}))
    return problems + _disagreements(seen)


def foreign(product: Product, format_: str) -> Depth:
    """What another GDAL reads where every row of every file is compared already: ids of what holds every row, counts of its parts."""
    if format_ not in BY_FIONA:
        return Depth.DOCUMENTS
    return Depth.IDS if product.value is None else Depth.COUNTS


def compare(folder: Path, workers: int | None = None) -> list[str]:
    """Problems in downloads at any depth below `folder`, known by their names alone: formats of a product that do not agree."""
    found = sorted(path for path in folder.rglob("*.zip") if _format(path) is not None)
    seen, problems = _see([Download(path, path.stem.rpartition("_")[0], str(_format(path))) for path in found], workers)
    if not found:
        problems.append(f"no download is here: their names end in {', '.join(f'_{format_.name}.zip' for format_ in FORMATS)}")
    return problems + _disagreements(seen)


def _format(path: Path) -> str | None:
    name = path.stem.rpartition("_")[2]
    return name if any(format_.name == name for format_ in FORMATS) else None


def _see(downloads: Sequence[Download], workers: int | None) -> tuple[Seen, list[str]]:
    """What is in the files that can be read, and why the others cannot."""
    seen: Seen = {}
    problems = []
    for download, readings in zip(downloads, _read_all(downloads, workers), strict=True):
        if isinstance(readings, str):
            problems.append(f"{download.path.name}: {readings}")
        elif download.depth is not Depth.DOCUMENTS:
            seen.setdefault(download.product, {})[download.format] = readings
    return seen, problems


def _read_all(downloads: Sequence[Download], workers: int | None) -> list[dict[str, Reading] | str]:
    if workers is None:
        much = sum(download.path.stat().st_size for download in downloads if download.path.exists()) > _WORTH_PROCESSES
        workers = os.cpu_count() or 1 if much else 1
    if workers == 1:
        return [read(download) for download in downloads]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(read, downloads))


def _against_manifest(product: str, entry: ProductEntry, seen: Mapping[str, Mapping[str, Reading]]) -> Iterator[str]:
    for format_, readings in seen.items():
        for table, expected in ((MAIN, entry.public), (LOCATED, entry.located)):
            if table in readings and readings[table].rows != expected:
                yield f"{product}: {format_} has {readings[table].rows} {_words(table)}, the manifest says {expected}"


def _missing_tables(product: str, expected: set[str], seen: Mapping[str, Mapping[str, Reading]]) -> Iterator[str]:
    for format_, readings in seen.items():
        own = expected if format_ in _HOLDING_TABLES else set()
        for table in sorted(own ^ (set(readings) - {MAIN, LOCATED})):
            yield f"{product}: {format_} {'lacks' if table in own else 'should not have'} the table {table}"


def _disagreements(seen: Seen) -> list[str]:
    """Every format against the first one that holds the same table."""
    problems = []
    for product, by_format in seen.items():
        first: dict[str, tuple[str, Reading]] = {}
        for format_, readings in by_format.items():
            for table, reading in readings.items():
                known, other = first.setdefault(table, (format_, reading))
                if reading != other:
                    problems.append(f"{product}: {format_} and {known} differ in their {_words(table)} ({reading.rows} and {other.rows})")
    return problems


def _words(table: str) -> str:
    return {MAIN: "objects", LOCATED: "objects with a position"}.get(table, f"rows of the table {table}")
