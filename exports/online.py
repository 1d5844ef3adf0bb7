"""Where a data set can be had: files, services and pages, with the protocols that Flemish and Belgian portals recognise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports.formats import Format
from exports.resources import DatasetResource, Resources, Service, ServiceKind
from release.schema import Text

# DOMAIN 5.2: downloads become distributions, WMS, WFS, API and CSW become data services, by these exact names.
DOWNLOAD = "WWW:DOWNLOAD-1.0-http--download"
LINK = "WWW:LINK-1.0-http--link"
WFS = "OGC:WFS-2.0.0-http-get-feature"
WMS = "OGC:WMS-1.3.0-http-get-map"

_CATALOGUES = (ServiceKind.CSW, ServiceKind.RECORDS)
"""They describe the data, and give none of it: in a record they would be taken for data services."""

_PROTOCOLS = {ServiceKind.WFS: WFS, ServiceKind.WMS: WMS}
ZIP = "application/zip"


@dataclass(frozen=True)
class Online:
    """An address: `name` is the layer or feature type where the protocol has one; `format` is that of a file."""

    url: str
    protocol: str
    name: str
    title: Text
    media_type: str
    format: Format | None = None
    service: Service | None = None

    @property
    def download(self) -> bool:
        """Whether it is a file; else a service or an API."""
        return self.format is not None


def of_dataset(dataset: DatasetResource, resources: Resources) -> Iterator[Online]:
    """Every file and every service of a data set."""
    product = dataset.product
    for format_ in dataset.formats:
        title = Text(nl=f"{product.title.nl} – {format_.title}", en=f"{product.title.en} – {format_.title}")
        yield Online(
            f"{resources.public_url}/downloads/{format_.path(product)}", DOWNLOAD, f"{product.id} – {format_.title}", title, ZIP, format_
        )
    for service in resources.services_of(dataset):
        if service.kind not in _CATALOGUES:
            yield _of_service(service, dataset)


def entrances(dataset: DatasetResource, resources: Resources) -> Iterator[Online]:
    """Where the OGC API as a whole begins, in the one form by which Geopunt's QGIS plugin knows one: a path that ends in `ogc/features`.

    DOMAIN 1.3. It leads to the versioned address, so that it stands in ISO records beside the collection, and in no other.
    """
    for service in resources.services_of(dataset):
        if service.kind is ServiceKind.FEATURES:
            url = f"{resources.public_url}/{dataset.feature_type.prefix}/ogc/features"
            title = Text(nl=f"{service.kind}: startpunt voor plug-ins", en=f"{service.kind}: entrance for plug-ins")
            yield Online(url, LINK, service.title.nl, title, "application/json", service=service)


def _of_service(service: Service, dataset: DatasetResource) -> Online:
    product = dataset.product
    title = Text(nl=f"{service.kind}: {product.title.nl}", en=f"{service.kind}: {product.title.en}")
    match service.kind:
        case ServiceKind.WFS:
            return Online(service.description_url, WFS, dataset.feature_type.qualified, title, "text/xml", service=service)
        case ServiceKind.WMS:
            return Online(service.description_url, WMS, product.id, title, "text/xml", service=service)
        case ServiceKind.FEATURES | ServiceKind.TILES:
            return Online(f"{service.url}/collections/{product.id}", LINK, product.id, title, "application/json", service=service)
        case _:
            return Online(f"{service.url}{product.id}.xml", LINK, product.id, title, "application/atom+xml", service=service)


def of_service(service: Service) -> Online:
    """Where a service describes itself."""
    protocol = _PROTOCOLS.get(service.kind, LINK)
    media_type = _DESCRIPTIONS.get(service.kind, "application/vnd.oai.openapi+json;version=3.0")
    return Online(service.description_url, protocol, service.title.nl, service.title, media_type, service=service)


_DESCRIPTIONS = {
    ServiceKind.WFS: "text/xml",
    ServiceKind.WMS: "text/xml",
    ServiceKind.CSW: "application/xml",
    ServiceKind.ATOM: "application/opensearchdescription+xml",
}
