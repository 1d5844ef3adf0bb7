"""Codes of the vocabularies that DCAT-AP Vlaanderen asks for (DOMAIN 5.3, 5.4), each with its labels and its list."""

from __future__ import annotations

from dataclasses import dataclass

from exports import formats, thesauri
from exports.formats import Format
from exports.resources import ServiceKind
from release.crs import Crs
from release.schema import Text

PROFILE = "https://data.vlaanderen.be/doc/applicatieprofiel/DCAT-AP-VL/erkendestandaard/2026-02-12"
"""The version of DCAT-AP Vlaanderen that the documents follow."""

CC0 = "https://data.vlaanderen.be/id/licentie/creative-commons-zero-verklaring/v1.0"
"""DOMAIN 5.3: the licence of every catalogue, whatever that of its data sets."""

FLEMISH_REGION = "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Vlaamse-Administratieve-Eenheden/2025/gewest/vlaanderen"

_EU = "http://publications.europa.eu/resource/authority"
_VL = "https://data.vlaanderen.be/id"
_OGC = "http://www.opengis.net/spec"
_IANA = "https://www.iana.org/assignments/media-types"


@dataclass(frozen=True)
class Code:
    """A concept of a list; `scheme` is the list."""

    uri: str
    label: Text
    scheme: str


@dataclass(frozen=True)
class Standard:
    """Something to conform to; `kind` says what sort of thing it is, where readers ask for that."""

    uri: str
    title: str
    kind: Code | None = None


def _code(scheme: str, name: str, nl: str, en: str) -> Code:
    return Code(f"{scheme}/{name}", Text(nl=nl, en=en), scheme)


def _concept(concept: thesauri.Concept, scheme: str, en: str) -> Code:
    return Code(concept.uri or "", Text(nl=concept.label, en=en), scheme)


PUBLIC = _code(f"{_EU}/access-right", "PUBLIC", "publiek", "public")
DUTCH = _code(f"{_EU}/language", "NLD", "Nederlands", "Dutch")
REGIONAL_AUTHORITY = Code(
    "http://purl.org/adms/publishertype/RegionalAuthority",
    Text(nl="Regionaal bestuur", en="Regional authority"),
    "http://purl.org/adms/publishertype/1.0",
)
FREQUENCIES = {
    "daily": _code(f"{_EU}/frequency", "DAILY", "dagelijks", "daily"),
    "monthly": _code(f"{_EU}/frequency", "MONTHLY", "maandelijks", "monthly"),
}
"""How often the data is looked at anew, by the cadence of a dataset."""

THEMES = (
    _concept(thesauri.SOCIETY, thesauri.DATA_THEMES, "Population and society"),
    _code(f"{_EU}/data-theme", "SOCI", "Bevolking en samenleving", "Population and society"),
)
OPEN_DATA = _code(thesauri.GDI, "VLOPENDATA", "Vlaamse Open data", "Flemish open data")
OPEN_DATA_SERVICE = _code(thesauri.GDI, "VLOPENDATASERVICE", "Vlaamse Open data Service", "Flemish open data service")

LIVE = Code(f"{_VL}/concept/levensfase/live", Text(nl="live", en="live"), f"{_VL}/conceptscheme/levensfase")
_STATES = f"{_VL}/conceptscheme/ontwikkelingstoestand"
IN_PRODUCTION = Code(f"{_VL}/concept/ontwikkelingstoestand/PROD", Text(nl="productie", en="production"), _STATES)
IN_TEST = Code(f"{_VL}/concept/ontwikkelingstoestand/TEST", Text(nl="test", en="test"), _STATES)

_FILE_TYPES = f"{_EU}/file-type"
FILE_TYPES: dict[Format, Code] = {
    formats.GML: _code(_FILE_TYPES, "GML", "GML", "GML"),
    formats.SHAPEFILE: _code(_FILE_TYPES, "SHP", "Esri Shapefile", "Esri Shapefile"),
    formats.CSV: _code(_FILE_TYPES, "CSV", "CSV", "CSV"),
    formats.GEOPACKAGE: _code(_FILE_TYPES, "GPKG", "GeoPackage", "GeoPackage"),
    formats.GEOPARQUET: _code(_FILE_TYPES, "PARQUET", "Parquet", "Parquet"),
    formats.XLSX: _code(_FILE_TYPES, "XLSX", "Excel XLSX", "Excel XLSX"),
}
"""File types of the European list; FlatGeobuf is not in it."""

SERVICE_TYPES: dict[ServiceKind, Code] = {
    ServiceKind.WFS: _code(_FILE_TYPES, "WFS_SRVC", "WFS", "WFS"),
    ServiceKind.WMS: _code(_FILE_TYPES, "WMS_SRVC", "WMS", "WMS"),
    ServiceKind.FEATURES: _code(_FILE_TYPES, "GEOJSON", "GeoJSON", "GeoJSON"),
    ServiceKind.ATOM: _code(_FILE_TYPES, "ATOM", "Atom-feed", "Atom feed"),
}
"""What a service gives, as a file type of the same list; tiles are not in it."""

_PROTOCOL = f"{_VL}/concept/dataserviceprotocol"
PROTOCOLS: dict[ServiceKind, Standard] = {
    ServiceKind.WFS: Standard(f"{_PROTOCOL}/OGC:WFS", "OGC Web Feature Service"),
    ServiceKind.WMS: Standard(f"{_PROTOCOL}/OGC:WMS", "OGC Web Map Service"),
    ServiceKind.FEATURES: Standard(f"{_PROTOCOL}/OGC:OGC-API-Features", "OGC API Features"),
    ServiceKind.TILES: Standard(f"{_OGC}/ogcapi-tiles-1/1.0/conf/core", "OGC API Tiles"),
    ServiceKind.ATOM: Standard(f"{_PROTOCOL}/WWW:LINK-1.0-http--atom", "Atom Syndication Format"),
    ServiceKind.CSW: Standard(f"{_PROTOCOL}/OGC:CSW", "OGC Catalogue Service for the Web"),
    ServiceKind.RECORDS: Standard(f"{_OGC}/ogcapi-records-1/1.0/conf/records-api", "OGC API Records"),
}
"""What a service speaks: the Flemish list of protocols, or a class of the standard where that list has none."""

_REFERENCE_SYSTEM = Code(
    "http://inspire.ec.europa.eu/glossary/SpatialReferenceSystem",
    Text(nl="Ruimtelijk referentiesysteem", en="Spatial reference system"),
    "http://inspire.ec.europa.eu/glossary",
)


def reference_system(crs: Crs) -> Standard:
    """A CRS as a standard that data conforms to (GeoDCAT-AP)."""
    return Standard(crs.url, crs.name, _REFERENCE_SYSTEM)


def media_type(media_type: str) -> str | None:
    """The address of a media type in the register of IANA, or in that of INSPIRE; null where it is in neither."""
    bare = media_type.partition(";")[0]
    if bare == formats.SHAPEFILE.media_type:
        return f"http://inspire.ec.europa.eu/media-types/{bare}"
    return None if bare == formats.FLATGEOBUF.media_type else f"{_IANA}/{bare}"


def licence(uri: str) -> str:
    """DOMAIN 5.4: the Flemish licences are printed with http and with https; https is what we write."""
    host = "data.vlaanderen.be/id/licentie/"
    return f"https://{host}{uri.removeprefix(f'http://{host}')}" if uri.startswith(f"http://{host}") else uri
