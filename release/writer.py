"""Seal a release: columns, fragments, the editions of today and tomorrow, digests. Only jobs import this."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from release import fragments, layout
from release.content import Candidate, Content, Suite
from release.crs import SERVED, Crs
from release.manifest import FileEntry, Manifest, Parity, ProductEntry, digest
from release.pointer import sync_folder, write_durably
from release.reader import Release, read_arrow
from release.schema import Geometry, Product
from release.table import WKB, PublicTable, X, Y, to_day
from release.transform import stored_points, stored_shapes, transformation_name

BATCH = 50_000
"""Rows that are encoded at a time, so that memory does not grow with the table."""

_STORED: tuple[Crs, ...] = tuple({crs.columns: crs for crs in reversed(SERVED)}.values())


@dataclass(frozen=True)
class Writer:
    """Seals releases below `root`. `previous` lends the dates and unchanged files of the release before."""

    root: Path
    suite: Suite
    key: Ed25519PrivateKey
    previous: Release | None = None

    def seal(self, content: Content, day: date, successor: bool = True) -> Candidate:
        """Write and seal `content` for `day` and, from the calendar alone, for the day after. Same input, same seal.

        The tables of `content` are memory-mapped from the release afterwards, without what ended before `day`.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(prefix=".candidate-", dir=self.root))
        try:
            self._write_state(folder, content, day)
            since = self._known_content(day)
            for edition in (day, day + timedelta(days=1))[: 2 if successor else 1]:
                since = self._write_edition(folder, content, edition, since)
            return _seal(folder, self.root)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _write_state(self, folder: Path, content: Content, day: date) -> None:
        """Columns and fragments; from then on the tables of `content` are the written ones, so that memory holds them once."""
        (folder / layout.SCHEMA).write_text(content.schema.model_dump_json(indent=1), "utf-8")
        freshness = [entry.model_dump(mode="json") for entry in sorted(content.freshness, key=lambda entry: entry.dataset)]
        (folder / layout.FRESHNESS).write_text(json.dumps(freshness, indent=1), "utf-8")
        for name in content.tables:
            place = layout.table_folder(folder, name)
            place.mkdir(parents=True)
            _write_arrow(place / layout.COLUMNS, _from_day_on(content.tables[name], day).arrow)
            table = content.tables[name] = replace(content.tables[name], arrow=read_arrow(place / layout.COLUMNS))
            write_coordinates(folder, table)
            for encoder in self.suite.encoders:
                fragments.write(place, encoder, batches(table))

    def _known_content(self, day: date) -> Mapping[str, ProductEntry]:
        """What held before: the newest edition of the previous release that is not after `day`."""
        if self.previous is None:
            return {}
        days = [known for known in self.previous.days if known <= day]
        return self.previous.edition(days[-1]).products if days else {}

    def _write_edition(self, folder: Path, content: Content, day: date, before: Mapping[str, ProductEntry]) -> Mapping[str, ProductEntry]:
        release, today = Release.open(folder), content.on(day)
        downloads = layout.downloads_folder(folder, day)
        downloads.mkdir(parents=True)
        entries: dict[str, ProductEntry] = {}
        for product in content.schema.products:
            entry = _count(product, today, content_id(release, product, day))
            known = before.get(product.id)
            since = known.since if known is not None and known.content_id == entry.content_id else day
            entry = entry.model_copy(update={"since": since})
            files = self._reuse(product, entry, downloads) or self.suite.files(product, today, since, downloads)
            entries[product.id] = entry.model_copy(update={"files": files})
        for path, document in self.suite.documents(content.schema, entries):
            target = layout.catalogue_folder(folder, day) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(document)
        whole = hashlib.sha256("".join(entries[name].content_id for name in sorted(entries)).encode()).hexdigest()
        manifest = Manifest(content_id=whole, day=day, transformation=transformation_name(), software=self.suite.version, products=entries)
        text = manifest.signed(self.key).model_dump_json(indent=1)
        (layout.edition_folder(folder, day) / layout.MANIFEST).write_text(text, "utf-8")
        return entries

    def _reuse(self, product: Product, entry: ProductEntry, downloads: Path) -> tuple[FileEntry, ...]:
        """Link the files of the release before when content, date and software are the same; else nothing."""
        for source in self._lenders(downloads):
            known = source.products.get(product.id)
            same = known is not None and (known.content_id, known.since) == (entry.content_id, entry.since)
            if known is None or not same or source.manifest.software != self.suite.version:
                continue
            for file in known.files:
                if file.bytes:
                    (downloads / file.path).parent.mkdir(parents=True, exist_ok=True)
                    os.link(source.downloads / file.path, downloads / file.path)
            return known.files
        return ()

    def _lenders(self, downloads: Path) -> Iterator[_Lender]:
        """Editions that may lend files: those of the release before, and today's for tomorrow's."""
        if self.previous is not None:
            for day in self.previous.days:
                yield _Lender(self.previous.edition(day), layout.downloads_folder(self.previous.folder, day))
        for sibling in sorted(downloads.parent.parent.iterdir()):
            if (sibling / layout.MANIFEST).exists():
                yield _Lender(Manifest.model_validate_json((sibling / layout.MANIFEST).read_bytes()), sibling / "downloads")


@dataclass(frozen=True)
class _Lender:
    manifest: Manifest
    downloads: Path

    @property
    def products(self) -> Mapping[str, ProductEntry]:
        return self.manifest.products


def batches(table: PublicTable) -> Iterator[PublicTable]:
    """The table in parts of `BATCH` rows; one empty part for an empty table."""
    for start in range(0, max(len(table), 1), BATCH):
        yield replace(table, arrow=table.arrow.slice(start, BATCH))


def content_id(release: Release, product: Product, day: date) -> str:
    """SHA-256 over the public rows of a product on a day, its schema and its words (also those of its datasets); not over the calendar."""
    whole = hashlib.sha256(product.model_dump_json().encode())
    whole.update(release.schema.words.model_dump_json().encode())
    for dataset in release.schema.datasets:  # titles and grounds are in the records; a limit of the operator is not
        if dataset.id in product.datasets:
            whole.update(dataset.model_dump_json(exclude={"withdraw_after_days"}).encode())
    for name in (product.feature_type, *product.tables):
        table = release.table(name)
        whole.update(table.feature_type.model_dump_json().encode())
        rows = table.rows(day)
        if product.value is not None and name == product.feature_type:
            keep = np.asarray(pa.compute.equal(table.table.arrow["PRODUCT"], product.value), dtype=np.bool_)
            rows = rows[keep[rows]]
        for part in fragments.read_copy(table.folder, "geojson", rows):
            whole.update(part)
    return whole.hexdigest()


def write_coordinates(folder: Path, table: PublicTable) -> None:
    """Store points or extents, and multipolygons, in every set of coordinates that is served."""
    name, kind = table.feature_type.qualified, table.feature_type.geometry
    if kind is Geometry.POINT:
        points = np.column_stack([np.asarray(table.arrow[axis], dtype=np.float64) for axis in (X, Y)])
        for crs in _STORED:
            np.save(layout.coordinates_file(folder, name, crs.columns), stored_points(points, crs))
    elif kind is Geometry.MULTIPOLYGON:
        shapes, columns = table.arrow[WKB].to_pylist(), {}
        for crs in _STORED:
            moved = stored_shapes(shapes, crs)
            np.save(layout.coordinates_file(folder, name, crs.columns), shapely.bounds(shapely.from_wkb(np.asarray(moved, dtype=object))))
            columns[crs.columns] = pa.array(moved, pa.binary())
        _write_arrow(layout.table_folder(folder, name) / layout.GEOMETRY, pa.table(columns))


def _from_day_on(table: PublicTable, day: date) -> PublicTable:
    """Without the rows that ended before `day`: there is no public past (DESIGN decision 5)."""
    return table.take(np.asarray(pa.compute.greater_equal(table.arrow["_until"], to_day(day)), dtype=np.bool_))


def _count(product: Product, content: Content, identifier: str) -> ProductEntry:
    table = content.table(product.feature_type).of(product)
    return ProductEntry(content_id=identifier, since=date.min, public=len(table), located=int(table.located.sum()))


def _write_arrow(path: Path, table: pa.Table) -> None:
    columns = {name: _canonical(table.select([name])) for name in table.column_names}
    whole = pa.table(columns)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as writer:
        writer.write_table(whole)


def _canonical(table: pa.Table) -> pa.Array:
    """A column as one chunk, its dictionary sorted and without unused values: same rows, same bytes, and nothing left of what went."""
    column = table.unify_dictionaries().column(0)
    chunk = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return _sorted(chunk) if pa.types.is_dictionary(chunk.type) else chunk


def _sorted(column: pa.DictionaryArray) -> pa.DictionaryArray:
    indices = np.asarray(column.indices.fill_null(-1))
    used = np.zeros(len(column.dictionary) + 1, dtype=np.bool_)
    used[indices] = True  # of null the last one
    order = np.asarray(pa.compute.sort_indices(column.dictionary))
    order = order[used[order]]
    rank = np.full(len(used), -1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    codes = rank[indices]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), column.dictionary.take(pa.array(order)))


def amend(candidate: Candidate, parity: Mapping[date, Mapping[str, Parity]], key: Ed25519PrivateKey) -> Candidate:
    """A candidate with the proof in its manifests, by day and product, sealed anew beside the one without.

    Every other file is linked, so that each of the two folders is whole whenever the program ends.
    """
    root = candidate.folder.parent
    folder = Path(tempfile.mkdtemp(prefix=".candidate-", dir=root))
    try:
        shutil.copytree(candidate.folder, folder, copy_function=os.link, dirs_exist_ok=True)
        sealed = json.loads((folder / layout.SEAL).read_text("utf-8"))
        (folder / layout.SEAL).unlink()
        for day, products in parity.items():
            path = layout.edition_folder(folder, day) / layout.MANIFEST
            manifest = _proven(Manifest.model_validate_json(path.read_bytes()), products).signed(key)
            path.unlink()  # another name of the same file is in the candidate
            path.write_text(manifest.model_dump_json(indent=1), "utf-8")
            del sealed[path.relative_to(folder).as_posix()]
        return _seal(folder, root, sealed)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _proven(manifest: Manifest, parity: Mapping[str, Parity]) -> Manifest:
    """A product without proof has none in the manifest either."""
    products = {name: entry.model_copy(update={"parity": parity.get(name)}) for name, entry in manifest.products.items()}
    return manifest.model_copy(update={"products": products})


def _seal(folder: Path, root: Path, known: Mapping[str, str] | None = None) -> Candidate:
    """Digest every file that is not `known`, put all on disk, and give the folder its name: the digest of the digests."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    digests = {name: (known or {}).get(name) or digest(path) for name, path in names.items()}
    seal = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:32]
    write_durably(folder / layout.SEAL, json.dumps(digests, indent=1, sort_keys=True).encode())
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    final = root / seal
    if final.exists():
        shutil.rmtree(folder)
    else:
        folder.rename(final)
        sync_folder(root)
    return Candidate(final)
