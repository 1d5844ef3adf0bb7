"""Capabilities of WFS 1.0.0 (OGC 02-058 §12): the same objects in its own words and those of Filter 1.0."""

from __future__ import annotations

from lxml import etree

from publish.answer import Answer, document
from publish.wfs.capabilities import Bounds, bounds, sources, words
from publish.wfs.documents import OGC, WFS1, XSI, Element
from publish.wfs.filter_capabilities import filter_capabilities_10
from publish.wfs.markup import Maker, serialised
from publish.wfs.offer import Offer
from publish.wfs.requests import GetCapabilities
from release.crs import LAMBERT72
from release.schema import FeatureType

SCHEMA = "http://schemas.opengis.net/wfs/1.0.0/WFS-capabilities.xsd"

_WFS = Maker(WFS1)


def get_capabilities_10(request: GetCapabilities, offer: Offer) -> Answer:
    """`WFS_Capabilities` of 1.0.0, always whole: this version has no sections."""
    prefixes = {"wfs": WFS1, "ogc": OGC, "xsi": XSI} | {kind.prefix: kind.namespace for kind in offer.kinds}
    root = etree.Element(_WFS("WFS_Capabilities"), nsmap=prefixes)
    root.set("version", request.version)
    root.set(f"{{{XSI}}}schemaLocation", f"{WFS1} {SCHEMA}")
    _service(root, offer)
    requests = _WFS.add(_WFS.add(root, "Capability"), "Request")
    _operation(requests, "GetCapabilities", offer)
    _operation(requests, "DescribeFeatureType", offer, "SchemaDescriptionLanguage", "XMLSCHEMA")
    _operation(requests, "GetFeature", offer, "ResultFormat", "GML2")
    types = _WFS.add(root, "FeatureTypeList")
    for kind in offer.kinds:
        _feature_type(types, kind, offer)
    filter_capabilities_10(root)
    return document(serialised(root))


def _service(root: Element, offer: Offer) -> None:
    section = _WFS.add(root, "Service")
    test = "TEST: " if offer.settings.test else ""
    _WFS.add(section, "Name", "WFS")
    _WFS.add(section, "Title", f"{test}WFS {', '.join(kind.title.nl for kind in offer.kinds)}")
    _WFS.add(section, "Abstract", " ".join(f"{test}{kind.abstract.nl} {sources(kind, offer)}" for kind in offer.kinds))
    _keywords(section, {word for kind in offer.kinds for word in words(kind, offer)})
    _WFS.add(section, "OnlineResource", offer.url)
    _WFS.add(section, "Fees", "NONE")
    _WFS.add(section, "AccessConstraints", f"{offer.schema.words.licence} {offer.schema.words.reuse}")


def _operation(parent: Element, name: str, offer: Offer, choice: str | None = None, value: str = "") -> None:
    operation = _WFS.add(parent, name)
    if choice is not None:
        _WFS.add(_WFS.add(operation, choice), value)
    for method, address in (("Get", f"{offer.url}?"), ("Post", offer.url)):
        _WFS.add(_WFS.add(_WFS.add(operation, "DCPType"), "HTTP"), method, None, {"onlineResource": address})


def _feature_type(section: Element, kind: FeatureType, offer: Offer) -> None:
    """One SRS is all that this version can name; the others are answered too."""
    item = _WFS.add(section, "FeatureType")
    _WFS.add(item, "Name", kind.qualified)
    _WFS.add(item, "Title", kind.title.nl)
    _WFS.add(item, "Abstract", f"{kind.abstract.nl} {sources(kind, offer)}")
    _keywords(item, words(kind, offer))
    _WFS.add(item, "SRS", LAMBERT72.short)
    # WFS 1.0.0 §12.3.3: in the SRS of the feature type, whatever the name says
    box = bounds(kind, offer, LAMBERT72) or _FLANDERS
    _WFS.add(item, "LatLongBoundingBox", None, {name: f"{value:.2f}" for name, value in zip(_SIDES, box, strict=True)})


_FLANDERS: Bounds = (21_000.0, 152_000.0, 260_000.0, 245_000.0)
"""Around every place where a feature can be, in EPSG:31370 (DOMAIN 6.3)."""

_SIDES = ("minx", "miny", "maxx", "maxy")


def _keywords(parent: Element, found: set[str]) -> None:
    if found:
        _WFS.add(parent, "Keywords", ", ".join(sorted(found)))
