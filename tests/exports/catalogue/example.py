"""What a catalogue describes, of our definitions: every product with every file, some left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from etl.definitions import load_all
from etl.schema import schema
from exports import formats
from exports.formats import FORMATS
from exports.resources import Resources
from release.manifest import FileEntry, ProductEntry
from release.schema import Product, Schema

URL = "https://example.org/vlok"
SINCE = date(2026, 11, 21)
SCHEMA: Schema = schema(load_all(), publisher="Wonen in Vlaanderen", contact="opendata@example.org", withdraw_after={})
LEFT_OUT = ("POI", formats.XLSX)


def resources(environment: str = "production", since: date = SINCE, contact: str | None = None) -> Resources:
    """Of an edition in which every product has this date; a sheet cannot hold the rows of `POI`."""
    words = SCHEMA.words.model_copy(update={} if contact is None else {"contact": contact})
    entries = {product.id: _entry(product, since) for product in SCHEMA.products}
    return Resources.of(SCHEMA.model_copy(update={"words": words}), entries, {}, f"{URL}/", environment)


def _entry(product: Product, since: date) -> ProductEntry:
    files = (
        FileEntry(path=form.path(product), format=form.name, bytes=0 if (product.id, form) == LEFT_OUT else 1234, sha256="ab" * 32)
        for form in FORMATS
    )
    return ProductEntry(content_id="a", since=since, public=3, located=2, files=tuple(files))


def small() -> Resources:
    """Of one product with two files, for tests that look at it often; one of the formats is not in the European list."""
    whole = resources()
    first = replace(whole.datasets[0], formats=(formats.GML, formats.FLATGEOBUF))
    return Resources.about(whole.schema, (first,), whole.public_url, whole.environment)
