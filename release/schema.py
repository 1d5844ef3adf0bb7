"""The public schema: feature types, fields, products and words, as they travel inside a release.

`etl` derives a `Schema` from the dataset definitions; exports, capabilities, collections, pages and the catalogue derive
from the `Schema`. It is public: it holds no rule, no source field and no limit.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from release.errors import UnknownFeatureType, UnknownField


class _Public(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Public):
    """A text in Dutch and English."""

    nl: str
    en: str


class FieldType(StrEnum):
    """Type of a public field; every encoding derives its own name for it."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"  # decimal, two places
    DATE = "date"
    URI = "uri"


class Geometry(StrEnum):
    """Geometry of a feature type, always stored in EPSG:31370."""

    POINT = "Point"
    MULTIPOLYGON = "MultiPolygon"


class Code(_Public):
    """One value of a code list, and what it means."""

    value: str
    title: Text


class Shape(StrEnum):
    """Shape of the symbol of a point, so that products are told apart without colour too."""

    CIRCLE = "circle"
    TRIANGLE = "triangle"
    SQUARE = "square"
    DIAMOND = "diamond"


class Symbol(_Public):
    """How a product looks on every map: `colour` is `#rrggbb`; where two meet, the one of the higher `order` is drawn over the other."""

    colour: str
    shape: Shape = Shape.CIRCLE
    order: int = 0


class Field(_Public):
    """One public field: name of at most 10 characters, so that WFS and Shapefile agree (CONTRACT B.2).

    `codes` are the values that it can have; `classes` are the limits between the classes of a choropleth, in rising order.
    """

    name: str
    type: FieldType
    title: Text
    ground: str
    length: int | None = None
    required: bool = False
    codes: tuple[Code, ...] = ()
    classes: tuple[float, ...] = ()


class FeatureType(_Public):
    """A feature type (or, with `geometry` null, an attribute table), e.g. `POI:POI`."""

    prefix: str
    name: str
    namespace: str
    title: Text
    abstract: Text
    fields: tuple[Field, ...]
    geometry: Geometry | None = None
    geometry_name: str = "SHAPE"

    @property
    def qualified(self) -> str:
        """`POI:POI`."""
        return f"{self.prefix}:{self.name}"

    def field(self, name: str) -> Field:
        """The field of this exact name; raises `UnknownField`."""
        for field in self.fields:
            if field.name == name:
                return field
        raise UnknownField(f"{self.qualified} has no field {name[:40]!r}; it has {', '.join(f.name for f in self.fields)}")

    def only(self, names: frozenset[str]) -> FeatureType:
        """The feature type with these fields alone; without its geometry when the geometry's name is not among them."""
        fields = tuple(field for field in self.fields if field.name in names)
        return self.model_copy(update={"fields": fields, "geometry": self.geometry if self.geometry_name in names else None})


class Product(_Public):
    """What can be downloaded and listed under one name, e.g. `Conformiteitsattest`: all or one PRODUCT of a feature type."""

    id: str
    title: Text
    abstract: Text
    feature_type: str  # qualified name
    datasets: tuple[str, ...]  # the datasets it is made of
    uuid: str  # of the metadata record
    keywords: tuple[str, ...] = ()
    value: str | None = None  # the PRODUCT it is limited to; null means every row
    tables: tuple[str, ...] = ()  # qualified names of the attribute tables that go with it
    symbol: Symbol | None = None  # null where several products, or classes, are told apart
    item_pages: bool = True  # whether each object may have an HTML page of its own


class Dataset(_Public):
    """What the public may know of a dataset: words, cadence, licence, and after how many days it withdraws itself."""

    id: str
    title: Text
    cadence: str  # daily or monthly
    withdraw_after_days: int
    legal_ground: str
    inspire: bool = False


class Words(_Public):
    """The fixed sentences of CONTRACT B.3, with `{dataset}` and `{datum}` to be filled in."""

    attribution: str
    state: str
    reuse: str
    licence: str
    publisher: str
    contact: str


class FormerCode(_Public):
    """A NIS code that a merger ended, and the code that the whole municipality has now."""

    code: str
    now: str


class Schema(_Public):
    """Everything that serving needs of the definitions.

    `former_codes` is empty in a release from before it was written down.
    """

    feature_types: tuple[FeatureType, ...]
    products: tuple[Product, ...]
    datasets: tuple[Dataset, ...]
    words: Words
    former_codes: tuple[FormerCode, ...] = ()

    def feature_type(self, name: str) -> FeatureType:
        """By qualified or by local name; raises `UnknownFeatureType`."""
        for feature_type in self.feature_types:
            if name in (feature_type.qualified, feature_type.name):
                return feature_type
        raise UnknownFeatureType(f"no feature type {name[:60]!r}")

    def product(self, name: str) -> Product:
        """The product of this id; raises `UnknownFeatureType`."""
        for product in self.products:
            if product.id == name:
                return product
        raise UnknownFeatureType(f"no product {name[:60]!r}")

    def today_code(self, code: str) -> str:
        """The code of the municipality that a NIS code of any time leads to; a code that is unknown stays as it is (DOMAIN 4.4)."""
        return next((former.now for former in self.former_codes if former.code == code), code)

    def products_of(self, feature_type: FeatureType) -> tuple[Product, ...]:
        """The products that are rows of this feature type."""
        return tuple(p for p in self.products if p.feature_type == feature_type.qualified)

    def whole(self, feature_type: FeatureType) -> Product:
        """The product that holds every row of a feature type, else its first; raises `ValueError` for a table that goes with others."""
        return min(self.products_of(feature_type), key=lambda product: product.value is not None)


class Freshness(_Public):
    """How old the data of one dataset is: `peildatum` of the register that was last accepted."""

    dataset: str
    peildatum: date
    held: bool = False
    withdrawn: bool = False  # by hand; by age the server works it out itself
    withdrawn_on: date | None = None  # the day of the withdrawal by hand; null in a release from before it was written down


class DatasetState(StrEnum):
    """State of a dataset on a day, as `vlok status` shows it."""

    CURRENT = "current"
    HELD = "held"
    STALE = "stale"
    WITHDRAWN = "withdrawn"
