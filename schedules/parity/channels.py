"""What a channel is: its name, which part of a product it carries, and how its own bytes become rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from release.manifest import Part, PartDigest
from release.reader import Release
from release.schema import Geometry, Product, Schema
from schedules.parity import places
from schedules.parity.known import Library
from schedules.parity.rows import Row, Rows, Shape, id_rows
from schedules.parity.sealed import Sealed
from schedules.parity.served import Served


@dataclass(frozen=True)
class Place:
    """Where the bytes of channels are: a sealed release on a day, and the application that serves it; `library` saves hashing."""

    release: Release
    day: date
    served: Served
    library: Library | None = None

    def sealed(self, product: Product) -> Sealed:
        """The product according to the sealed table."""
        return Sealed.of(self.release, product, self.day, self.library)

    def attribute(self, product: Product, name: str) -> Sealed:
        """An attribute table of the product according to the sealed table."""
        return Sealed.attribute(self.release, product, name, self.day)

    def seed(self, product: Product) -> str:
        """What the sample of a product is drawn by: the same content, the same sample."""
        return self.release.edition(self.day).products[product.id].content_id


def _every(_: Schema, __: Product) -> bool:
    return True


Read = Callable[[Place, Sealed], Iterator[Row]]
"""The rows of a product (or of an attribute table) that the bytes of a channel hold; raises whatever a decoder raises."""


@dataclass(frozen=True)
class Channel:
    """One way in which a product leaves the house.

    `points_only`: it has places for points, and none for areas. `tables`: it carries the attribute tables too. `longest` is how
    many bytes of a text it can hold. `shared`: products that are parts of another leave it in the same bytes. `offers`: whether it
    carries a product.
    """

    name: str
    part: Part
    read: Read
    points_only: bool = False
    tables: bool = False
    longest: int | None = None
    shared: bool = False
    offers: Callable[[Schema, Product], bool] = _every

    def carries(self, sealed: Sealed) -> Part:
        """The part of a product, or of an attribute table, that is compared."""
        geometry = sealed.kind.geometry
        if geometry is None or (self.points_only and geometry is Geometry.MULTIPOLYGON):
            return Part.ATTRIBUTES
        if self.part is Part.LOCATED_IDS and sealed.product.value is not None:
            return Part.SAMPLE_IDS  # the tiles of the whole are all read; those of a part are the same code, and as many
        return self.part

    def label(self, sealed: Sealed) -> str:
        """What is compared, as the manifest names it: the part, where texts are too long for it how long they may be, or the table."""
        if sealed.kind.geometry is None:
            return sealed.kind.name
        part = self.carries(sealed).value
        return f"{part}, texts of {self.longest} bytes" if self.longest is not None and sealed.longest > self.longest else part

    def given(self, place: Place, sealed: Sealed, parts: tuple[str, ...] = ()) -> list[Rows]:
        """The rows that it gives: of the product, and apart those of the products that are parts of it."""
        rows, shape = self.read(place, sealed), Shape(sealed.kind)
        if parts:
            return Rows.apart(rows, shape, parts, sealed.find)
        return [Rows.of(rows) if self.carries(sealed) in _IDS else Rows.of(rows, shape.key, sealed.find)]

    def expected(self, place: Place, sealed: Sealed) -> Rows:
        """The rows that it must give."""
        key = Shape(sealed.kind).key
        match self.carries(sealed):
            case Part.ALL | Part.ATTRIBUTES:
                return Rows.of(sealed.rows(self.longest), key, sealed.find)
            case Part.DEGREES:
                return Rows.of(sealed.rows(self.longest, places.DEGREES), key, sealed.find)
            case Part.LOCATED:
                return Rows.of(sealed.rows(self.longest), key, sealed.find).located
            case Part.SAMPLE:
                return Rows.of(sealed.sample(place.seed(sealed.product)).rows(self.longest), key)
            case Part.IDS:
                return Rows.of(id_rows(sealed.ids.tolist()))
            case Part.LOCATED_IDS:
                return Rows.of(id_rows(sealed.ids[sealed.table.located].tolist()))
            case Part.SAMPLE_IDS:
                return Rows.of(id_rows(sealed.sample(place.seed(sealed.product)).ids.tolist()))

    def digest(self, rows: Rows, sealed: Sealed) -> PartDigest:
        """What is compared of rows."""
        return rows.digest(places=self.carries(sealed) is not Part.ATTRIBUTES)


_IDS = frozenset({Part.IDS, Part.LOCATED_IDS, Part.SAMPLE_IDS})
