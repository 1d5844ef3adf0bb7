"""The download files of every product: one zip per format, as CONTRACT B.4 lays them out."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path

import pyarrow as pa
import pyogrio
import shapely
import xlsxwriter

from exports import formats, xlsx
from exports.archive import Archive
from exports.catalogue import documents as catalogue
from exports.csv_table import Csv
from exports.formats import FORMATS, Format
from exports.geojson import GeoJson, GeoJson84
from exports.gml import Gml32
from exports.iso19139 import record
from exports.members import Export, members
from exports.notice import notice
from exports.readme import licence, readme
from exports.resources import DatasetResource, Resources
from release.content import Content
from release.fragments import Encoder
from release.manifest import FileEntry, ProductEntry, digest
from release.schema import Product, Schema
from release.transform import transformation_name

_COMPRESSED = frozenset({formats.GEOPARQUET, formats.XLSX})
_TOO_MANY_ROWS = (
    f"weggelaten: een blad van Excel houdt hoogstens {xlsx.MAX_ROWS} rijen / left out: a sheet holds at most {xlsx.MAX_ROWS} rows"
)


@dataclass(frozen=True)
class DownloadSuite:
    """The `release.content.Suite` that publishes: links start at `public_url`; outside `production` every document says TEST.

    `formats` are those that are written (benchmarks measure them apart).
    """

    public_url: str
    environment: str = "test"
    formats: tuple[Format, ...] = FORMATS

    @property
    def version(self) -> str:
        """Names the code, libraries and settings on which the bytes depend besides the content."""
        libraries = f"GDAL {pyogrio.__gdal_version_string__}, pyarrow {pa.__version__}, shapely {shapely.__version__}"
        writers = f"XlsxWriter {xlsxwriter.__version__}, zlib {zlib.ZLIB_RUNTIME_VERSION}"
        settings = formats.made_for(self.public_url, self.environment, self.formats)
        return f"code {_code_digest()[:16]}, {libraries}, {writers}, {transformation_name()}, {settings}"

    @property
    def encoders(self) -> tuple[Encoder, ...]:
        """GML 3.2, GeoJSON in EPSG:31370 and in CRS84, and CSV."""
        return Gml32(), GeoJson(), GeoJson84(), Csv()

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        """Write `<folder>/<product>/<product>_<format>.zip` for every format; raises `ExportError`."""
        export = Export(
            name=product.id,
            table=content.table(product.feature_type).of(product),
            attributes=tuple(content.table(name) for name in product.tables),
            since=entry.since,
            words=notice(product, content.schema, entry.state, self.environment),
            wfs_url=f"{self.public_url.rstrip('/')}/wfs",
        )
        written = tuple(f for f in FORMATS if f in self.formats and (f is not formats.XLSX or xlsx.fits(export.tables(f))))
        metadata = self._record(DatasetResource(product, export.table.feature_type, entry, written), content.schema)
        (folder / product.id).mkdir(parents=True, exist_ok=True)
        return tuple(
            _write(export, format_, metadata, folder, format_.path(product)) if format_ in written else _left_out(format_, product)
            for format_ in self.formats
        )

    def _record(self, dataset: DatasetResource, schema: Schema) -> bytes:
        """The same bytes as the record of the catalogue, which is made when the files of every product are there."""
        return record(dataset, Resources.about(schema, (dataset,), self.public_url, self.environment))

    def documents(
        self, schema: Schema, products: Mapping[str, ProductEntry], withdrawn: Mapping[str, date | None]
    ) -> Iterator[tuple[str, bytes]]:
        """The documents of the catalogue: the ISO records (each of the same bytes as `metadata.xml`), DCAT, Atom."""
        yield from catalogue.documents(Resources.of(schema, products, withdrawn, self.public_url, self.environment))


def _write(export: Export, format_: Format, metadata: bytes, folder: Path, path: str) -> FileEntry:
    target, names = folder / path, []
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as work, Archive(target, export.since) as archive:
        for name, chunks in members(export, format_, Path(work)):
            archive.add(f"{format_.name}/{name}", chunks, stored=format_ in _COMPRESSED)
            names.append(name)
        for name, document in _documents(export, format_, metadata, names):
            archive.add(name, [document])
    return FileEntry(path=path, format=format_.name, bytes=target.stat().st_size, sha256=digest(target))


def _documents(export: Export, format_: Format, metadata: bytes, names: Sequence[str]) -> tuple[tuple[str, bytes], ...]:
    kinds = [table.feature_type for table in export.tables(format_)]
    return (
        ("LICENTIE.txt", licence(export.words)),
        ("LEESMIJ.html", readme(export.words, format_, kinds, [f"{format_.name}/{name}" for name in names])),
        ("metadata.xml", metadata),
    )


def _left_out(format_: Format, product: Product) -> FileEntry:
    return FileEntry(path=format_.path(product), format=format_.name, bytes=0, sha256="", note=_TOO_MANY_ROWS)


@cache
def _code_digest() -> str:
    """SHA-256 of the sources that decide about bytes, so that a changed encoder never reuses a file of the one before."""
    whole = hashlib.sha256()
    for package in ("exports", "release"):
        for source in _sources(package_files(package)):
            whole.update(source.name.encode() + b"\0" + source.read_bytes())
    return whole.hexdigest()


def _sources(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry)
        elif entry.name.endswith((".py", ".j2")):
            found.append(entry)
    return found
