"""What a release is made from: the schema, the public tables with their calendar, and how fresh the data is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from release.fragments import Encoder
from release.manifest import FileEntry, ProductEntry
from release.schema import Freshness, Product, Schema
from release.table import PublicTable


@dataclass(frozen=True)
class Content:
    """Schema, tables by qualified name of their feature type, and freshness by dataset."""

    schema: Schema
    tables: dict[str, PublicTable]
    freshness: tuple[Freshness, ...]

    def table(self, name: str) -> PublicTable:
        """The table of a feature type (qualified or local name); raises `UnknownFeatureType`."""
        return self.tables[self.schema.feature_type(name).qualified]

    def on(self, day: date) -> Content:
        """Only the rows that hold on this day."""
        return Content(self.schema, {name: table.on(day) for name, table in self.tables.items()}, self.freshness)


@dataclass(frozen=True)
class Candidate:
    """A sealed release that no pointer names yet.

    `mended`: its folder has taken the place of a damaged one of the same name. `warnings` say what was wrong with the release before.
    """

    folder: Path
    mended: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def seal(self) -> str:
        """The seal id: what every byte that the server reads hashes to."""
        return self.folder.name


class Suite(Protocol):
    """What `exports` offers to the writer of a release."""

    @property
    def version(self) -> str:
        """Changes when the same content may give other bytes (versions of the software and its libraries)."""

    @property
    def encoders(self) -> tuple[Encoder, ...]:
        """The encodings that are pre-rendered as fragments."""

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        """Write the download files of a product into `folder`; `content` holds one day's rows, `entry` their counts and dates.

        Same content and dates, same bytes.
        """

    def documents(
        self, schema: Schema, products: Mapping[str, ProductEntry], withdrawn: Mapping[str, date | None]
    ) -> Iterator[tuple[str, bytes]]:
        """The documents of the catalogue by their path below its folder; same schema, entries and withdrawals, same bytes.

        `withdrawn` are the products that are not public, and since when: nothing of their rows and files may be in a document.
        """
