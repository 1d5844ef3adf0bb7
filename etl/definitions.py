"""Dataset definitions: one TOML file per dataset drives checks, disclosure, schema, texts and cadence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from etl.errors import BadDefinition
from release.schema import Code, FieldType, Geometry, Symbol, Text

DIRECTORY = Path(__file__).parent / "datasets"

_UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordType(StrEnum):
    """Type of a field of a delivered record."""

    TEXT = "text"
    LINK = "link"  # a web address; a fault drops it and nothing more
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    OBJECT = "object"
    LIST = "list"  # of objects; its fields have paths `name[].field`
    ANY = "any"  # personal: never parsed


class RecordField(_Part):
    """One field that may occur in a record. `personal` fields (⚠ in the contract) are dropped unparsed unless `used`."""

    path: str
    type: RecordType = RecordType.TEXT
    required: bool = False
    personal: bool = False
    used: bool = False  # a personal field that CONTRACT B.1 needs
    codes: tuple[str, ...] = ()
    code_list: str | None = None  # name of an Excel attachment with the codes (MAGDA documents)
    pattern: str | None = None
    max_length: int | None = None
    title: str = ""  # Dutch meaning, for the message specification
    example: str | int | float | bool | None = None


class RecordSpec(_Part):
    """What a delivered record looks like: key, object, change time and every field that may occur."""

    key: str
    object: str  # path of the dwelling or pand: one public feature for each
    changed: str | None = None  # gewijzigdOp
    fields: tuple[RecordField, ...]


class SourceSpec(_Part):
    """Where the records come from: `delivery` follows VLOK_SOURCE, the others name their own address."""

    kind: Literal["delivery", "vector", "wfs", "ogcapi"] = "delivery"
    scope: str | None = None  # OAuth 2 scope, kind delivery over HTTP
    location: str | None = None  # path or URL; a relative path counts from the definition file
    layer: str | None = None
    encoding: str = "UTF-8"
    max_bytes: int = 2_000_000_000
    timeout_seconds: float = 60.0


class Validity(_Part):
    """When a record is public on day D (CONTRACT B.1): all dates are paths of the record."""

    start: str | None = None  # public from this day
    last: tuple[str, ...] = ()  # public until and including this day
    ended: tuple[str, ...] = ()  # no longer public from this day
    never: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # path -> values that are never public


class Wait(_Part):
    """A record waits while another dataset has a current record of the same object that started later."""

    dataset: str
    code: str


class AddressSpec(_Part):
    """Where the address is: paths within the record, or below `many` for a list of addresses."""

    many: str | None = None
    id: str | None = None
    street: str
    house: str
    box: str | None = None
    postcode: str
    municipality: str | None = None
    niscode: str | None = None
    niscode_constant: str | None = None
    neutral_words: tuple[str, ...] = ()


class PositionSpec(_Part):
    """Where the position is: `crs` is a path, `default_crs` the CRS when none is stated."""

    x: str
    y: str
    crs: str | None = None
    default_crs: str = "EPSG:31370"


class GateSpec(_Part):
    """Limits of the gate, as fractions of yesterday, and the age at which the dataset withdraws itself (days)."""

    fewer: float = 0.1
    more: float = 0.25
    withdraw_after_days: int


class Derived(StrEnum):
    """Public values that are worked out, not copied."""

    UIDN = "uidn"
    OIDN = "oidn"
    TITLE = "title"
    STREET = "street"
    HOUSE = "house"
    BOX = "box"
    POSTCODE = "postcode"
    MUNICIPALITY = "municipality"
    NISCODE = "niscode"
    ADDRESS_ID = "address_id"
    ADDRESS_COUNT = "address_count"
    POSITION_SOURCE = "position_source"
    POLICY = "policy"  # parameters: worked out from the rules by etl.policy, under the field's own name


class PublicField(_Part):
    """One public field: exactly one of `path`, `constant`, `derived`; `ground` is the article of law that allows it."""

    name: str = Field(max_length=10, pattern=r"^[A-Z][A-Z0-9]*$")
    type: FieldType = FieldType.TEXT
    length: int | None = None
    required: bool = False
    title: Text
    ground: str = Field(min_length=4)
    path: str | None = None
    constant: str | None = None
    derived: Derived | None = None
    prefix: str = ""  # of an identifier URI
    identifies: bool = False  # counts for UIDN: address, identifiers, position
    code_list: str | None = None  # name of one of the definition's code lists
    classes: tuple[float, ...] = ()  # limits between the classes of a choropleth, in rising order

    @model_validator(mode="after")
    def _one_origin(self) -> PublicField:
        if sum(origin is not None for origin in (self.path, self.constant, self.derived)) != 1:
            raise ValueError(f"{self.name}: give exactly one of path, constant, derived")
        return self


class PublicTableSpec(_Part):
    """An attribute table that goes with the product (`addresses`: every address of an object; `rules`: every rule)."""

    name: str
    kind: Literal["addresses", "rules"]
    title: Text
    abstract: Text
    fields: tuple[PublicField, ...]


class FeatureTypeSpec(_Part):
    """The feature type that the public rows belong to; datasets that share one state the same."""

    prefix: str
    name: str
    namespace: str
    geometry: Geometry
    title: Text
    abstract: Text
    product: str  # id of the download product that holds every row of the type
    uuid: str = Field(pattern=_UUID)  # of that product's metadata record


class ProductSpec(_Part):
    """The product: its id is the value of PRODUCT in a shared feature type."""

    id: str
    title: Text
    abstract: Text
    keywords: tuple[str, ...] = ()
    symbol: Symbol | None = None  # of a point; an area has the classes of its fields
    item_pages: bool = True  # whether each object may have an HTML page of its own


class DatasetDefinition(_Part):
    """Everything that the system knows of one dataset."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    cadence: Literal["daily", "monthly"]
    projection: Literal["dwelling", "policy"] = "dwelling"
    legal_ground: str
    licence: str
    uuid: str = Field(pattern=_UUID)  # of the metadata record
    inspire: bool = False
    source: SourceSpec = SourceSpec()
    record: RecordSpec
    validity: Validity = Validity()
    waits: tuple[Wait, ...] = ()
    address: AddressSpec | None = None
    position: PositionSpec | None = None
    gate: GateSpec
    feature_type: FeatureTypeSpec
    product: ProductSpec
    public: tuple[PublicField, ...]
    code_lists: dict[str, tuple[Code, ...]] = Field(default_factory=dict)
    tables: tuple[PublicTableSpec, ...] = ()
    retention: str = ""  # sentence for the data-protection page

    @model_validator(mode="after")
    def _known_code_lists(self) -> DatasetDefinition:
        fields = (*self.public, *(field for table in self.tables for field in table.fields))
        for field in fields:
            if field.code_list is not None and field.code_list not in self.code_lists:
                raise ValueError(f"{field.name}: the definition has no code list {field.code_list}")
            if list(field.classes) != sorted(set(field.classes)):
                raise ValueError(f"{field.name}: classes rise, and none is there twice")
        return self


def load(path: Path) -> DatasetDefinition:
    """Read one definition; raises `BadDefinition` naming file and key."""
    try:
        definition = DatasetDefinition.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadDefinition(f"{path.name}: {error}") from error
    if definition.id != path.stem:
        raise BadDefinition(f"{path.name}: id is {definition.id!r}; the file must be named after it")
    return definition


def load_all(folders: Iterable[Path] = (DIRECTORY,)) -> tuple[DatasetDefinition, ...]:
    """Every definition of the folders, in order of file name; raises `BadDefinition` naming both files that use one name for two things."""
    paths = sorted({path for folder in folders for path in folder.glob("*.toml")}, key=lambda path: (path.name, path))
    definitions = tuple(load(path) for path in paths)
    known: dict[tuple[str, str], tuple[Path, str]] = {}
    for path, definition in zip(paths, definitions, strict=True):
        for what, name, thing in _names(path, definition):
            first, same = known.setdefault((what, name.casefold()), (path, thing))
            if same != thing:
                files = f"twice in {path}" if path == first else f"in {first} and in {path}, for two things"
                raise BadDefinition(f"{what} {name} is {files}; {_REMEDIES.get(what, 'give one of them another')}")
    return definitions


_REMEDIES = {
    "uuid": 'a new one comes from python -c "import uuid; print(uuid.uuid4())"',
    "feature type": "give one of them another, or state the same of it (prefix, namespace, geometry, texts, product, uuid) in both",
}


def _names(path: Path, definition: DatasetDefinition) -> Iterator[tuple[str, str, str]]:
    """Every name that may stand for one thing alone: what it is, the name, and the thing.

    A record has its UUID, a file, layer and collection its product, and an XML element its namespace and local name; of two things with one
    name the last one would take the place of the first.
    """
    kind, own = definition.feature_type, str(path)
    shared = kind.model_dump_json()
    yield "dataset", definition.id, own
    yield "uuid", definition.uuid, own
    yield "uuid", kind.uuid, shared
    yield "product", definition.product.id, own
    if kind.product != definition.product.id:
        yield "product", kind.product, shared
    if kind.name not in (kind.product, definition.product.id):
        yield "product", kind.name, shared
    yield "feature type", kind.name, shared
    for table in definition.tables:  # a collection too, as products are
        yield "feature type", table.name, f"{own} {table.name}"
        yield "product", table.name, f"{own} {table.name}"
    yield "prefix", kind.prefix, kind.namespace
    yield "namespace", kind.namespace, kind.prefix
