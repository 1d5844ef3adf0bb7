"""What a catalogue describes: the products with their files, and the services that give them. Every record and page derives from it.

::

    Schema + counts and files of an edition ─► Resources ─► ISO 19139 · ISO 19110 · DCAT-AP VL · Atom · CSW · OGC API Records
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from exports.formats import FORMATS, Format
from exports.notice import PRODUCTION
from release.manifest import ProductEntry
from release.schema import FeatureType, Product, Schema, Text

FLANDERS = (2.53, 50.67, 5.92, 51.51)
"""West, south, east, north in degrees: the box of the template of the GDI-Vlaanderen (DOMAIN 5.2)."""

WITHDRAWN = Text(
    nl="TIJDELIJK INGETROKKEN: deze dataset is nu niet beschikbaar; diensten en bestanden antwoorden met 503 tot ze terug is. ",
    en="TEMPORARILY WITHDRAWN: this data set is not available now; services and files answer 503 until it is back. ",
)
"""Before the abstract of a product that is not public now."""


class ServiceKind(StrEnum):
    """A service by its standard."""

    WFS = "WFS"
    WMS = "WMS"
    FEATURES = "OGC API Features"
    TILES = "OGC API Tiles"
    ATOM = "Atom"
    CSW = "CSW"
    RECORDS = "OGC API Records"


@dataclass(frozen=True)
class DatasetResource:
    """A product as a data set: counts, the date from which its content holds, and the formats that were written.

    Of one that is `withdrawn` there are no files, its abstract says so, and its counts are not told.
    """

    product: Product
    feature_type: FeatureType
    entry: ProductEntry
    formats: tuple[Format, ...]
    withdrawn: bool = False

    @property
    def feature_catalogue(self) -> str:
        """UUID of the ISO 19110 record of the data set."""
        return str(uuid5(UUID(self.product.uuid), "ISO 19110"))

    @property
    def described(self) -> date:
        """The day from which the feature catalogue holds: it stays while rows come and go."""
        return self.entry.described or self.entry.since


@dataclass(frozen=True)
class Service:
    """A service: where it answers, where it describes itself, and what it gives."""

    kind: ServiceKind
    uuid: str
    title: Text
    abstract: Text
    url: str
    description_url: str
    datasets: tuple[DatasetResource, ...]

    @property
    def since(self) -> date:
        """The day from which everything that it gives holds."""
        return max(dataset.entry.since for dataset in self.datasets)

    @property
    def state(self) -> date:
        """The date of its sentences: the oldest register of all that it gives."""
        return min(dataset.entry.state for dataset in self.datasets)


@dataclass(frozen=True)
class Resources:
    """Everything that is described; links start at `public_url` (no slash at its end), an `environment` other than production is TEST."""

    schema: Schema
    public_url: str
    environment: str
    datasets: tuple[DatasetResource, ...]
    services: tuple[Service, ...]

    @classmethod
    def of(
        cls, schema: Schema, products: Mapping[str, ProductEntry], withdrawn: Mapping[str, date | None], public_url: str, environment: str
    ) -> Resources:
        """Those of an edition; `products` are the entries of its manifest, `withdrawn` those that are not public, and since when."""
        shown = (_dataset(schema, product, products[product.id]) for product in schema.products)
        datasets = tuple(_withdrawn(one, withdrawn[one.product.id]) if one.product.id in withdrawn else one for one in shown)
        return cls.about(schema, datasets, public_url, environment)

    @classmethod
    def about(cls, schema: Schema, datasets: tuple[DatasetResource, ...], public_url: str, environment: str) -> Resources:
        """Those of some data sets alone (a file that is being written); the services have the same names and identifiers."""
        url = public_url.rstrip("/")
        return cls(schema, url, environment, datasets, tuple(_services(schema, datasets, url)))

    @property
    def test(self) -> bool:
        """Whether everything must say TEST (DESIGN decision 16)."""
        return self.environment != PRODUCTION

    @property
    def uuid(self) -> str:
        """UUID of the catalogue itself."""
        return str(uuid5(_CATALOGUE, "/catalogus/"))

    @property
    def since(self) -> date:
        """The day from which all of it holds."""
        return max(dataset.entry.since for dataset in self.datasets)

    def services_of(self, dataset: DatasetResource) -> tuple[Service, ...]:
        """The services that give a data set."""
        return tuple(service for service in self.services if dataset in service.datasets)

    def record_url(self, uuid: str) -> str:
        """Where the ISO record of this UUID is."""
        return f"{self.public_url}/catalogus/iso/{uuid}.xml"


def _dataset(schema: Schema, product: Product, entry: ProductEntry) -> DatasetResource:
    written = {file.format for file in entry.files if file.bytes}
    formats = tuple(format_ for format_ in FORMATS if format_.name in written)
    return DatasetResource(product, schema.feature_type(product.feature_type), entry, formats)


def _withdrawn(dataset: DatasetResource, since: date | None) -> DatasetResource:
    """CONTRACT A.4: the record stays and says why there is nothing; its date is that of the withdrawal, where that is known."""
    product, entry = dataset.product, dataset.entry
    said = Text(nl=WITHDRAWN.nl + product.abstract.nl, en=WITHDRAWN.en + product.abstract.en)
    dates = {} if since is None else {"since": since, "state": min(since, entry.state)}
    return replace(
        dataset,
        product=product.model_copy(update={"abstract": said}),
        entry=entry.model_copy(update={"files": (), **dates}),
        formats=(),
        withdrawn=True,
    )


def _services(schema: Schema, datasets: tuple[DatasetResource, ...], url: str) -> Iterator[Service]:
    for theme in dict.fromkeys(dataset.feature_type.prefix for dataset in datasets):
        members = tuple(dataset for dataset in datasets if dataset.feature_type.prefix == theme)
        yield from _of_theme(theme, _whole(schema, theme), members, url)
    for kind, path, description in _SHARED:
        title = Text(nl=f"{kind} Woningkwaliteit", en=f"{kind} Housing quality")
        yield _service(kind, str(uuid5(_CATALOGUE, path)), title, url + path, url + description, datasets)


_CATALOGUE = uuid5(NAMESPACE_URL, "https://www.wonenvlaanderen.be/lokale-besturen/vlok-publieke-data")
"""Of the page that announces the data: the same wherever the services stand."""

_SHARED = (
    (ServiceKind.FEATURES, "/ogc/features/v1", "/ogc/features/v1/openapi"),
    (ServiceKind.TILES, "/ogc/tiles/v1", "/ogc/tiles/v1/openapi"),
    (ServiceKind.ATOM, "/catalogus/atom/", "/catalogus/atom/opensearch.xml"),
    (ServiceKind.CSW, "/catalogus/csw", "/catalogus/csw?service=CSW&version=2.0.2&request=GetCapabilities"),
    (ServiceKind.RECORDS, "/ogc/records/v1", "/ogc/records/v1/openapi"),
)
_THEMED = (
    (ServiceKind.WFS, "wfs", "service=WFS&version=2.0.0&request=GetCapabilities"),
    (ServiceKind.WMS, "wms", "service=WMS&version=1.3.0&request=GetCapabilities"),
)


def _whole(schema: Schema, theme: str) -> Product:
    """The product that holds every row of a theme."""
    members = [product for product in schema.products if product.feature_type.partition(":")[0] == theme]
    return next((product for product in members if product.value is None), members[0])


def service_uuid(schema: Schema, theme: str, kind: ServiceKind) -> str:
    """UUID of the record of a service of one theme; it follows from that of the product that holds every row."""
    return str(uuid5(UUID(_whole(schema, theme).uuid), kind))


def _of_theme(theme: str, whole: Product, members: tuple[DatasetResource, ...], url: str) -> Iterator[Service]:
    for kind, name, query in _THEMED:
        title = Text(nl=f"{kind} {whole.title.nl}", en=f"{kind} {whole.title.en}")
        address = f"{url}/{theme}/{name}"
        yield _service(kind, str(uuid5(UUID(whole.uuid), kind)), title, address, f"{address}?{query}", members)


def _service(kind: ServiceKind, uuid: str, title: Text, url: str, description: str, datasets: tuple[DatasetResource, ...]) -> Service:
    words = _ABSTRACTS[kind]
    return Service(kind, uuid, title, words, url, description, datasets)


_ABSTRACTS = {
    ServiceKind.WFS: Text(
        nl="Web Feature Service 2.0.0, 1.1.0 en 1.0.0: de objecten opvragen en filteren.",
        en="Web Feature Service 2.0.0, 1.1.0 and 1.0.0: the features, with filters.",
    ),
    ServiceKind.WMS: Text(
        nl="Web Map Service 1.3.0 en 1.1.1: de objecten met een positie als kaartbeeld.",
        en="Web Map Service 1.3.0 and 1.1.1: the features that have a position, as map images.",
    ),
    ServiceKind.FEATURES: Text(
        nl="OGC API Features: de objecten als GeoJSON en meer.", en="OGC API Features: the features as GeoJSON and more."
    ),
    ServiceKind.TILES: Text(
        nl="OGC API Tiles: de objecten met een positie als vectortegels.",
        en="OGC API Tiles: the features that have a position, as vector tiles.",
    ),
    ServiceKind.ATOM: Text(nl="Downloads als Atom-feed met OpenSearch.", en="Downloads as an Atom feed with OpenSearch."),
    ServiceKind.CSW: Text(
        nl="Catalogus (CSW 2.0.2) van de datasets en diensten.", en="Catalogue (CSW 2.0.2) of the data sets and services."
    ),
    ServiceKind.RECORDS: Text(
        nl="OGC API Records: catalogus van de datasets en diensten als GeoJSON.",
        en="OGC API Records: catalogue of the data sets and services as GeoJSON.",
    ),
}
