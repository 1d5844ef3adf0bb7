"""Every format, written by us from the columns of a release and by ogr2ogr from our GeoPackage, side by side."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import click

from benchmarks.figures import FileFigures, Writing
from exports import formats
from exports.formats import Format
from exports.members import Export, members
from exports.notice import notice
from release.reader import Release

OTHER = "ogr2ogr"
PRODUCT = "POI"


@dataclass(frozen=True, slots=True)
class Case:
    """A format, the driver of GDAL that writes it, and the options that make it the same kind of file."""

    format: Format
    driver: str
    extension: str
    options: tuple[str, ...] = ()


CASES = (
    Case(formats.GEOPACKAGE, "GPKG", "gpkg"),  # first: the others are read from it
    Case(formats.GML, "GML", "gml", ("-dsco", "FORMAT=GML3.2")),
    Case(formats.SHAPEFILE, "ESRI Shapefile", "shp", ("-lco", "ENCODING=UTF-8")),
    Case(formats.CSV, "CSV", "csv", ("-lco", "GEOMETRY=AS_XY")),
    Case(formats.GEOPARQUET, "Parquet", "parquet"),
    Case(formats.FLATGEOBUF, "FlatGeobuf", "fgb", ("-where", "SHAPE IS NOT NULL")),
    Case(formats.XLSX, "XLSX", "xlsx"),
)


def measure(release: Release, day: date, folder: Path) -> Iterator[FileFigures]:
    """Write the product with all points in every format below `folder`, each twice: by us, by ogr2ogr where it can."""
    export = _export(release, day)
    drivers = _drivers()
    source = folder / formats.GEOPACKAGE.name / f"{PRODUCT}.gpkg"
    for case in CASES:
        work = folder / case.format.name
        work.mkdir(parents=True)
        ours = _writing(work, partial(_write, export, case, work))
        other = None
        if case.driver in drivers:
            theirs = folder / OTHER / case.format.name
            theirs.mkdir(parents=True)
            other = _writing(theirs, partial(_convert, source, case, theirs))
            shutil.rmtree(theirs)
        yield FileFigures(format=case.format.name, ours=ours, other=other)


def _export(release: Release, day: date) -> Export:
    """The points alone: ogr2ogr gets one layer too."""
    product = release.schema.product(PRODUCT)
    table = release.table(product.feature_type).table.on(day)
    return Export(PRODUCT, table, (), day, notice(product, release.schema, day, "test"), "http://127.0.0.1:8080/wfs")


def _write(export: Export, case: Case, work: Path) -> None:
    """The files as they are before they are zipped; of CSV the plain one."""
    for name, chunks in members(export, case.format, work):
        path = work / name
        if path.exists() or name.endswith("-excel.csv"):  # GDAL, Arrow and XlsxWriter have written theirs
            continue
        with path.open("wb") as file:
            file.writelines(chunks)


def _convert(source: Path, case: Case, work: Path) -> None:
    target = work / f"{PRODUCT}.{case.extension}"
    command = [OTHER, "-f", case.driver, *case.options, str(target), str(source), PRODUCT]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise click.ClickException(f"{OTHER} could not write {case.format.name}: {ended.stderr.strip()[:200]}")


def _writing(folder: Path, write: Callable[[], None]) -> Writing:
    began, used = time.perf_counter(), _processor_time()
    write()
    seconds, cpu = time.perf_counter() - began, _processor_time() - used
    return Writing(seconds=seconds, cpu_seconds=cpu, bytes=sum(path.stat().st_size for path in folder.iterdir()))


def _processor_time() -> float:
    """Seconds of this process and of children that have ended."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in used)


def _drivers() -> frozenset[str]:
    """What the installed ogr2ogr can write; nothing without it."""
    if shutil.which(OTHER) is None:
        return frozenset()
    listed = subprocess.run([OTHER, "--formats"], capture_output=True, text=True, check=True).stdout
    lines = (line.strip().partition(" -") for line in listed.splitlines())
    return frozenset(name for name, _, rest in lines if "w" in rest.partition("(")[2].partition(")")[0])
