"""Capabilities of WFS 1.1.0 (OGC 04-094 §13): the same objects in the words of OWS Common 1.0 and Filter 1.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from exports import gml31
from publish.answer import Answer
from publish.wfs.capabilities import FLANDERS, Sections, add_bounds, add_keywords, bounds, service_provider, sources, with_sections, words
from publish.wfs.documents import OGC, OWS10, WFS1, XLINK, XSI, Element
from publish.wfs.filter_capabilities import filter_capabilities_11
from publish.wfs.formats import GML31, offered
from publish.wfs.markup import Maker
from publish.wfs.offer import Offer
from publish.wfs.operations_metadata import SECTIONS, add_operation
from publish.wfs.requests import GetCapabilities
from publish.wfs.versions import OFFERED, Version
from release.crs import LAMBERT72, SERVED
from release.schema import FeatureType

_WFS, _OWS = Maker(WFS1), Maker(OWS10)


def get_capabilities_11(request: GetCapabilities, offer: Offer) -> Answer:
    """`wfs:WFS_Capabilities` of 1.1.0, whole or the sections asked for."""
    prefixes = {"wfs": WFS1, "ows": OWS10, "ogc": OGC, "gml": gml31.GML, "xlink": XLINK, "xsi": XSI}
    root = etree.Element(_WFS("WFS_Capabilities"), nsmap=prefixes | {kind.prefix: kind.namespace for kind in offer.kinds})
    root.set("version", request.version)
    root.set(f"{{{XSI}}}schemaLocation", f"{WFS1} {gml31.WFS_SCHEMA}")
    return with_sections(root, request, offer, _SECTIONS)


def _service_identification(root: Element, offer: Offer) -> None:
    section = _OWS.add(root, "ServiceIdentification")
    test = "TEST: " if offer.settings.test else ""
    _OWS.add(section, "Title", f"{test}WFS {', '.join(kind.title.nl for kind in offer.kinds)}")
    _OWS.add(section, "Abstract", " ".join(f"{test}{kind.abstract.nl} {sources(kind, offer)}" for kind in offer.kinds))
    add_keywords(_OWS, section, {word for kind in offer.kinds for word in words(kind, offer)})
    _OWS.add(section, "ServiceType", "WFS")
    for version in sorted(OFFERED, key=Version.V1_1_0.__ne__):  # its own first: clients take the first for the version of the document
        _OWS.add(section, "ServiceTypeVersion", version)
    _OWS.add(section, "Fees", "NONE")
    _OWS.add(section, "AccessConstraints", f"{offer.schema.words.licence} {offer.schema.words.reuse}")


def _service_provider(root: Element, offer: Offer) -> None:
    service_provider(_OWS, root, offer)


def _operations_metadata(root: Element, offer: Offer) -> None:
    section = _OWS.add(root, "OperationsMetadata")
    _operation(section, "GetCapabilities", offer, {"AcceptVersions": OFFERED, "AcceptFormats": ("text/xml",), "Sections": SECTIONS})
    _operation(section, "DescribeFeatureType", offer, {"outputFormat": GML31.spellings})
    _operation(section, "GetFeature", offer, {"resultType": ("results", "hits"), "outputFormat": offered(Version.V1_1_0)})


def _operation(section: Element, name: str, offer: Offer, parameters: Mapping[str, Sequence[str]]) -> None:
    operation = add_operation(_OWS, section, name, offer)
    for parameter, values in parameters.items():
        element = _OWS.add(operation, "Parameter", None, {"name": parameter})
        for value in values:
            _OWS.add(element, "Value", value)


def _feature_type_list(root: Element, offer: Offer) -> None:
    """Without `Operations`, which may be left out: the Geopunt plugin of ArcGIS takes every child for a feature type (DOMAIN 1.2)."""
    section = _WFS.add(root, "FeatureTypeList")
    for kind in offer.kinds:
        _feature_type(section, kind, offer)


def _feature_type(section: Element, kind: FeatureType, offer: Offer) -> None:
    item = _WFS.add(section, "FeatureType")
    _WFS.add(item, "Name", kind.qualified)
    _WFS.add(item, "Title", kind.title.nl)
    _WFS.add(item, "Abstract", f"{kind.abstract.nl} {sources(kind, offer)}")
    add_keywords(_OWS, item, words(kind, offer))
    _WFS.add(item, "DefaultSRS", LAMBERT72.urn)
    for crs in SERVED:
        if crs != LAMBERT72:
            _WFS.add(item, "OtherSRS", crs.urn)
    add_bounds(_OWS, item, bounds(kind, offer) or FLANDERS)


def _filter_capabilities(root: Element, _: Offer) -> None:
    filter_capabilities_11(root)


_SECTIONS: Sections = {
    "ServiceIdentification": _service_identification,
    "ServiceProvider": _service_provider,
    "OperationsMetadata": _operations_metadata,
    "FeatureTypeList": _feature_type_list,
    "Filter_Capabilities": _filter_capabilities,
}
