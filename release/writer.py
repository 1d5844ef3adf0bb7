"""Seal a release: columns, fragments, the editions of today and tomorrow, digests. Only jobs import this."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
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
from release.freshness import withdrawals
from release.manifest import FileEntry, Manifest, ProductEntry, digest
from release.pointer import sync_folder, write_durably
from release.reader import Release, read_arrow
from release.schema import Freshness, Geometry, Product, Schema
from release.soundness import damage, seal_of
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
            since = self._known_content(content, day)
            for edition in (day, day + timedelta(days=1))[: 2 if successor else 1]:
                since = self._write_edition(folder, content, edition, since)
            return seal_folder(folder, self.root)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _write_state(self, folder: Path, content: Content, day: date) -> None:
        """Columns and fragments; from then on the tables of `content` are the written ones, so that memory holds them once."""
        (folder / layout.SCHEMA).write_text(content.schema.model_dump_json(indent=1), "utf-8")
        write_freshness(folder, content.freshness)
        for name in content.tables:
            place = layout.table_folder(folder, name)
            place.mkdir(parents=True)
            _write_arrow(place / layout.COLUMNS, _from_day_on(content.tables[name], day).arrow)
            table = content.tables[name] = replace(content.tables[name], arrow=read_arrow(place / layout.COLUMNS))
            write_coordinates(folder, table)
            for encoder in self.suite.encoders:
                fragments.write(place, encoder, batches(table))

    def _known_content(self, content: Content, day: date) -> Mapping[str, ProductEntry]:
        """What held before: the newest edition of the previous release that is not after `day`. What was withdrawn then begins anew."""
        days = [] if self.previous is None else [known for known in self.previous.days if known <= day]
        if self.previous is None or not days:
            return {}
        now = withdrawals(content.schema, {entry.dataset: entry for entry in content.freshness}, day)
        returned = self.previous.withdrawals(days[-1]).keys() - now.keys()
        return {name: entry for name, entry in self.previous.edition(days[-1]).products.items() if name not in returned}

    def _write_edition(self, folder: Path, content: Content, day: date, before: Mapping[str, ProductEntry]) -> Mapping[str, ProductEntry]:
        release, today = Release.open(folder), content.on(day)
        downloads = layout.downloads_folder(folder, day)
        downloads.mkdir(parents=True)
        entries: dict[str, ProductEntry] = {}
        for product in content.schema.products:
            entry = _entry(product, today, content_id(release, product, day), day, before.get(product.id))
            files = self._reuse(product, entry, downloads) or self.suite.files(product, today, entry, downloads)
            entries[product.id] = entry.model_copy(update={"files": files})
        write_documents(release, day, entries, self.suite)
        whole = hashlib.sha256("".join(entries[name].content_id for name in sorted(entries)).encode()).hexdigest()
        manifest = Manifest(content_id=whole, day=day, transformation=transformation_name(), software=self.suite.version, products=entries)
        text = manifest.signed(self.key).model_dump_json(indent=1)
        (layout.edition_folder(folder, day) / layout.MANIFEST).write_text(text, "utf-8")
        return entries

    def _reuse(self, product: Product, entry: ProductEntry, downloads: Path) -> tuple[FileEntry, ...]:
        """Link the files of the release before when content, dates and software are the same; else nothing."""
        for source in self._lenders(downloads):
            known = source.products.get(product.id)
            if known is None or _dates(known) != _dates(entry) or source.manifest.software != self.suite.version:
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


def write_freshness(folder: Path, freshness: Iterable[Freshness]) -> None:
    """How fresh each dataset is, and whether it is withdrawn; in one order."""
    entries = [entry.model_dump(mode="json") for entry in sorted(freshness, key=lambda entry: entry.dataset)]
    (folder / layout.FRESHNESS).write_text(json.dumps(entries, indent=1), "utf-8")


def write_documents(release: Release, day: date, entries: Mapping[str, ProductEntry], suite: Suite) -> None:
    """The catalogue of a day."""
    for path, document in suite.documents(release.schema, entries, release.withdrawals(day)):
        target = layout.catalogue_folder(release.folder, day) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(document)


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


def schema_id(schema: Schema, product: Product) -> str:
    """SHA-256 over what a feature catalogue says of a product: its types with their fields and codes, and whose it is; over no row."""
    kinds = [schema.feature_type(name) for name in (product.feature_type, *product.tables)]
    titles = [part.title for part in (product, *schema.products_of(kinds[0]))]  # PRODUCT lists the parts
    said = [part.model_dump_json() for part in (*titles, *kinds)]
    return hashlib.sha256("\n".join([schema.words.publisher, schema.words.contact, *said]).encode()).hexdigest()


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


def _entry(product: Product, content: Content, identifier: str, day: date, known: ProductEntry | None) -> ProductEntry:
    """Counts and dates of a product; the dates are those of the entry before while the content is the same."""
    since, state = day, _seen(product, content, day)
    if known is not None and known.content_id == identifier:
        since, state = known.since, min(known.state, state)
    described, digest_ = since, schema_id(content.schema, product)
    if known is not None and known.schema_id == digest_:
        described = known.described or since
    table = content.table(product.feature_type).of(product)
    return ProductEntry(
        content_id=identifier,
        since=since,
        state=state,
        schema_id=digest_,
        described=described,
        public=len(table),
        located=int(table.located.sum()),
    )


def _dates(entry: ProductEntry) -> tuple[str, date, date, date | None]:
    """The content, and every date that is in its files."""
    return entry.content_id, entry.since, entry.state, entry.described


def _seen(product: Product, content: Content, day: date) -> date:
    """The oldest `peildatum` of its datasets: what ended since then is known from the calendar, what came is not. Never after the day."""
    return min([day, *(fresh.peildatum for fresh in content.freshness if fresh.dataset in product.datasets)])


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


def seal_folder(folder: Path, root: Path, known: Mapping[str, str] | None = None) -> Candidate:
    """Digest every file that is not `known`, put all on disk, and give the folder its name: the digest of the digests.

    What is `known` stays in the seal, so that damage done before is seen afterwards. A folder that has this name already stays,
    unless it is damaged.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    stated = dict(known or {})
    digests = stated | {name: digest(path) for name, path in names.items() if name not in stated}
    write_durably(folder / layout.SEAL, json.dumps(digests, indent=1, sort_keys=True).encode())
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    final = root / seal_of(digests)
    mended = final.exists() and next(damage(final), None) is not None
    if final.exists() and not mended:
        shutil.rmtree(folder)
        return Candidate(final)
    if mended:
        final.rename(aside := folder.with_name(f"{folder.name}-damaged"))
    folder.rename(final)
    sync_folder(root)
    if mended:
        shutil.rmtree(aside)
    return Candidate(final, mended)
