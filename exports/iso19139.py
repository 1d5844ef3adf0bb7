"""ISO 19139 records of data sets and services, after the GDI-Vlaanderen Best Practices 2.0 (DOMAIN 5.2).

::

    iso/<uuid>.xml   the record of a data set (also `metadata.xml` in each of its zips: the same bytes) or of a service
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports import online, thesauri
from exports.iso19110 import feature_catalogue, version
from exports.notice import Notice, dutch, named, notice
from exports.readme import templates
from exports.resources import FLANDERS, DatasetResource, Resources, Service, ServiceKind
from release.crs import LAMBERT72
from release.schema import Geometry
from release.transform import transformation_name

MEDIA_TYPE = "application/vnd.iso.19139+xml"

_FREQUENCIES = ("daily", "monthly")
_OBJECT_TYPES = {Geometry.POINT: "point", Geometry.MULTIPOLYGON: "surface", None: "complex"}


def documents(resources: Resources) -> Iterator[tuple[str, bytes]]:
    """`iso/<uuid>.xml` for every data set, feature catalogue (ISO 19110) and service."""
    for dataset in resources.datasets:
        yield path(dataset.product.uuid), record(dataset, resources)
        yield path(dataset.feature_catalogue), feature_catalogue(dataset, resources)
    for service in resources.services:
        yield path(service.uuid), service_record(service, resources)


def path(uuid: str) -> str:
    """Where the record of a UUID is, below the folder of the catalogue."""
    return f"iso/{uuid}.xml"


def record(dataset: DatasetResource, resources: Resources) -> bytes:
    """The record of a data set as UTF-8 XML; its dates are those of the content. Of `resources`, only the services are named."""
    product, state = dataset.product, dataset.entry.state
    sources = [each for each in resources.schema.datasets if each.id in product.datasets]
    return _rendered(
        "iso19139.xml.j2",
        resources,
        dataset=dataset,
        product=product,
        notice=notice(product, resources.schema, state, resources.environment),
        since=dataset.entry.since.isoformat(),
        day=dutch(state),
        address=resources.record_url(product.uuid),
        catalogue=resources.record_url(dataset.feature_catalogue),
        described=dataset.described.isoformat(),
        version=version(dataset),
        kinds=[resources.schema.feature_type(name) for name in (product.feature_type, *product.tables)],
        object_type=_OBJECT_TYPES[dataset.feature_type.geometry],
        frequency=min((source.cadence for source in sources), key=_FREQUENCIES.index),
        sources=sources,
        keywords=list(thesauri.of_dataset(dataset, resources)),
        online=[*online.of_dataset(dataset, resources), *online.entrances(dataset, resources)],
        inspire=thesauri.inspire(product, resources),
        transformation=transformation_name(),
    )


@dataclass(frozen=True)
class _Profile:
    """What ISO 19119 says of a service by its standard: type of the INSPIRE code list, versions, operations (its description first)."""

    type: str
    versions: tuple[str, ...]
    operations: tuple[str, ...]
    get: str | None = None  # the operation that gives one data set by its name


_PROFILES = {
    ServiceKind.WFS: _Profile(
        "download", ("2.0.0", "1.1.0", "1.0.0"), ("GetCapabilities", "DescribeFeatureType", "GetFeature", "GetPropertyValue"), "GetFeature"
    ),
    ServiceKind.WMS: _Profile("view", ("1.3.0", "1.1.1"), ("GetCapabilities", "GetMap", "GetFeatureInfo", "GetLegendGraphic"), "GetMap"),
    ServiceKind.FEATURES: _Profile("download", ("1.0",), ("openapi", "items"), "items"),
    ServiceKind.TILES: _Profile("view", ("1.0",), ("openapi", "tiles"), "tiles"),
    ServiceKind.ATOM: _Profile("download", ("INSPIRE Atom 3.1",), ("OpenSearch", "Get Download Service Metadata"), None),
    ServiceKind.CSW: _Profile("discovery", ("2.0.2",), ("GetCapabilities", "DescribeRecord", "GetRecords", "GetRecordById"), None),
    ServiceKind.RECORDS: _Profile("discovery", ("1.0",), ("openapi", "items"), None),
}


@dataclass(frozen=True)
class _Coupled:
    """How an operation names a data set."""

    operation: str
    identifier: str
    name: str


def service_record(service: Service, resources: Resources) -> bytes:
    """The record of a service as UTF-8 XML; it is dated by the newest content that it gives, its sentences by the oldest register."""
    profile = _PROFILES[service.kind]
    return _rendered(
        "iso19119.xml.j2",
        resources,
        service=service,
        notice=service_notice(service, resources),
        since=service.since.isoformat(),
        day=dutch(service.state),
        address=resources.record_url(service.uuid),
        record_url=resources.record_url,
        profile=profile,
        coupled=list(_coupled(service, profile, resources)),
        keywords=list(thesauri.of_service(service, resources)),
        online=online.of_service(service),
        inspire=thesauri.inspire_service(service, resources),
    )


def service_notice(service: Service, resources: Resources) -> Notice:
    """The words that go with a service."""
    given = "; ".join(dataset.product.title.nl for dataset in service.datasets)
    return named(service.title.nl, f"{service.abstract.nl} Datasets: {given}.", resources.schema, service.state, resources.environment)


def _coupled(service: Service, profile: _Profile, resources: Resources) -> Iterator[_Coupled]:
    if profile.get is None:
        return
    for dataset in service.datasets:
        name = dataset.feature_type.qualified if service.kind is ServiceKind.WFS else dataset.product.id
        yield _Coupled(profile.get, resources.record_url(dataset.product.uuid), name)


def _rendered(template: str, resources: Resources, **context: object) -> bytes:
    text = templates().get_template(template).render(**context, public_url=resources.public_url, box=FLANDERS, crs=LAMBERT72)
    return text.lstrip().encode()
