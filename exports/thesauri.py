"""Keywords from the thesauri that the GDI-Vlaanderen asks for (DOMAIN 5.2), as every metadata record has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports.resources import DatasetResource, Resources, Service, ServiceKind
from release.schema import Product

GDI = "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Trefwoorden"
SERVICE_TYPES = "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Service-Types"
DATA_THEMES = "http://vocab.belgif.be/auth/datatheme"


@dataclass(frozen=True)
class Concept:
    """A keyword; `uri` null where its thesaurus is known to us by its labels alone."""

    label: str
    uri: str | None = None


@dataclass(frozen=True)
class Thesaurus:
    """Where keywords are from: `kind` is theme or place, `published` an ISO date."""

    title: str
    uri: str
    published: str
    kind: str = "theme"


@dataclass(frozen=True)
class Keywords:
    """Keywords of one thesaurus; of none where it is null."""

    thesaurus: Thesaurus | None
    concepts: tuple[Concept, ...]


SOCIETY = Concept("Bevolking en samenleving", f"{DATA_THEMES}/SOCI")
"""The theme under which Belgian and European portals list the data."""

_OPEN = (
    Concept("Vlaamse Open data", f"{GDI}/VLOPENDATA"),  # DOMAIN 5.3: without it the Flemish open-data portal does not show the record
    Concept("Kosteloos", f"{GDI}/KOSTELOOS"),
    Concept("Herbruikbaar", f"{GDI}/HERBRUIKBAAR"),
    Concept("Geografische gegevens", f"{GDI}/GEODATA"),
)
_OPEN_SERVICE = (Concept("Vlaamse Open data Service", f"{GDI}/VLOPENDATASERVICE"), *_OPEN[1:])
_REPORTED = (
    Concept("Lijst M&R INSPIRE", f"{GDI}/LIJSTMRINSPIRE"),
    Concept("Metadata INSPIRE-conform", f"{GDI}/MDINSPIRECONFORM"),
)
"""Not `TOEGEVOEGDGDIVL` and `MDGDICONFORM`: those are the GDI-Vlaanderen's to give."""

_GDI = Thesaurus("GDI-Vlaanderen Trefwoorden", GDI, "2014-02-26")
_GEMET = Thesaurus("GEMET - Concepten, versie 2.4", "http://www.eionet.europa.eu/gemet/concept", "2010-01-13")
_THEMES = Thesaurus("Data.gov.be themas", DATA_THEMES, "2019-01-31")
_SCOPE = Thesaurus("INSPIRE - Spatial scope", "http://inspire.ec.europa.eu/metadata-codelist/SpatialScope", "2019-05-22")
_REGIONS = Thesaurus(
    "Vlaamse regio's",
    "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Vlaamse-Administratieve-Eenheden",
    "2013-04-18",
    kind="place",
)
_TYPES = Thesaurus("GDI-Vlaanderen Service Types", SERVICE_TYPES, "2016-03-11")
_INSPIRE = Thesaurus("GEMET - INSPIRE themes, version 1.0", "http://inspire.ec.europa.eu/theme", "2008-06-01")
_SERVICES = Thesaurus(
    "Verordening (EG) nr. 1205/2008 van de Commissie van 3 december 2008 ter uitvoering van Richtlijn 2007/2/EG van het Europees Parlement "
    "en de Raad betreffende metagegevens",
    "http://data.europa.eu/eli/reg/2008/1205",
    "2008-12-03",
)

_PLACES = (
    Keywords(_GEMET, (Concept("huisvesting"),)),
    Keywords(_REGIONS, (Concept("Vlaams Gewest", f"{_REGIONS.uri}/2025/gewest/vlaanderen"),)),
    Keywords(_THEMES, (SOCIETY,)),
    Keywords(_SCOPE, (Concept("Regionaal", f"{_SCOPE.uri}/regional"),)),
)
_SERVICE_TYPES = {
    ServiceKind.WFS: Concept("OGC:WFS", f"{SERVICE_TYPES}/OGCWFS"),
    ServiceKind.WMS: Concept("OGC:WMS", f"{SERVICE_TYPES}/OGCWMS"),
    ServiceKind.CSW: Concept("OGC:CSW", f"{SERVICE_TYPES}/OGCCSW"),
    ServiceKind.ATOM: Concept("INSPIRE:ATOM - Opensearch", f"{SERVICE_TYPES}/INSPIREATOMOPENSEARCH"),
}
_CATEGORIES = {
    ServiceKind.WFS: "infoFeatureAccessService",
    ServiceKind.WMS: "infoMapAccessService",
    ServiceKind.CSW: "infoCatalogueService",
    ServiceKind.ATOM: "infoFeatureAccessService",
}


def inspire(product: Product, resources: Resources) -> bool:
    """Whether a product is wholly made of data sets that are reported to INSPIRE (DESIGN decision 17)."""
    reported = {dataset.id for dataset in resources.schema.datasets if dataset.inspire}
    return set(product.datasets) <= reported


def inspire_service(service: Service, resources: Resources) -> bool:
    """Whether everything that a service gives is reported to INSPIRE."""
    return all(inspire(dataset.product, resources) for dataset in service.datasets)


def of_dataset(dataset: DatasetResource, resources: Resources) -> Iterator[Keywords]:
    """The keywords of a data set, by thesaurus; INSPIRE's only where it is reported."""
    reported = inspire(dataset.product, resources)
    yield Keywords(_GDI, (*_OPEN, *(_REPORTED if reported else ())))
    yield from _PLACES
    if reported:  # these registers are about buildings
        yield Keywords(_INSPIRE, (Concept("Gebouwen", f"{_INSPIRE.uri}/bu"),))
    yield Keywords(None, tuple(Concept(word) for word in dataset.product.keywords))


def of_service(service: Service, resources: Resources) -> Iterator[Keywords]:
    """The keywords of a service: of its standard, and those of the data sets that it gives."""
    reported = inspire_service(service, resources)
    yield Keywords(_GDI, (*_OPEN_SERVICE, *(_REPORTED if reported else ())))
    if service.kind in _SERVICE_TYPES:
        yield Keywords(_TYPES, (_SERVICE_TYPES[service.kind],))
    if reported and service.kind in _CATEGORIES:
        yield Keywords(_SERVICES, (Concept(_CATEGORIES[service.kind]),))
    yield from _PLACES
    words = dict.fromkeys(word for dataset in service.datasets for word in dataset.product.keywords)
    yield Keywords(None, tuple(Concept(word) for word in words))
