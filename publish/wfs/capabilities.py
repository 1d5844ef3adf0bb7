"""Capabilities of WFS 2.0.0, made from the very objects that answer: schema, formats, operators and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from lxml import etree

from exports import gml
from publish.answer import Answer, document
from publish.wfs import inspire
from publish.wfs.documents import FES, OWS, WFS, XLINK, XSI, Element
from publish.wfs.filter_capabilities import filter_capabilities
from publish.wfs.markup import LANG, Maker, serialised
from publish.wfs.offer import Offer
from publish.wfs.operations_metadata import operations_metadata
from publish.wfs.requests import GetCapabilities
from publish.wfs.versions import OFFERED
from publish.wording import attribution, state_sentence
from release.crs import CRS84, LAMBERT72, SERVED, Crs
from release.errors import Withdrawn
from release.schema import FeatureType

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

Sections = Mapping[str, Callable[[Element, Offer], None]]
"""What adds each section to a document, by its name, in the order of the document."""

FLANDERS: Bounds = (2.5, 50.6, 6.0, 51.6)
"""Around every place where a feature can be (DOMAIN 6.3): for versions that want a box even when there is no feature."""

_WFS, _OWS = Maker(WFS), Maker(OWS)


def get_capabilities_20(request: GetCapabilities, offer: Offer) -> Answer:
    """`wfs:WFS_Capabilities` of 2.0.0, whole or the sections asked for."""
    prefixes = {"wfs": WFS, "ows": OWS, "fes": FES, "gml": gml.GML, "xlink": XLINK, "xsi": XSI} | inspire.namespaces(offer)
    root = etree.Element(_WFS("WFS_Capabilities"), nsmap=prefixes | {kind.prefix: kind.namespace for kind in offer.kinds})
    root.set("version", request.version)
    root.set(f"{{{XSI}}}schemaLocation", f"{WFS} {gml.WFS_SCHEMA}{inspire.schema_location(offer)}")
    return with_sections(root, request, offer, _SECTIONS)


def with_sections(root: Element, request: GetCapabilities, offer: Offer, sections: Sections) -> Answer:
    """The document with all of the sections, or with those asked for."""
    wanted = {name.lower() for name in request.sections} or {"all"}
    for name, section in sections.items():
        if wanted & {"all", name.lower()}:
            section(root, offer)
    return document(serialised(root))


def _service_identification(root: Element, offer: Offer) -> None:
    section = _OWS.add(root, "ServiceIdentification")
    test = "TEST: " if offer.settings.test else ""
    for language in ("nl", "en"):
        titles = ", ".join(getattr(kind.title, language) for kind in offer.kinds)
        _OWS.add(section, "Title", f"{test}WFS {titles}", {LANG: language})
    for kind in offer.kinds:
        for language in ("nl", "en"):
            _OWS.add(section, "Abstract", f"{test}{getattr(kind.abstract, language)} {sources(kind, offer)}", {LANG: language})
    add_keywords(_OWS, section, {word for kind in offer.kinds for word in words(kind, offer)})
    _OWS.add(section, "ServiceType", "WFS", {"codeSpace": "http://www.opengis.net/def/serviceType/ogc"})
    for version in OFFERED:
        _OWS.add(section, "ServiceTypeVersion", version)
    _OWS.add(section, "Fees", "NONE")
    _OWS.add(section, "AccessConstraints", f"{offer.schema.words.licence} {offer.schema.words.reuse}")


def sources(kind: FeatureType, offer: Offer) -> str:
    """The source with its state, and the sentence that goes with every answer (CONTRACT B.3)."""
    products = offer.schema.products_of(kind)
    whole = [product for product in products if product.value is None] or products
    return " ".join([*(f"{attribution(offer.view, product)}." for product in whole), state_sentence(offer.view, whole)])


def _service_provider(root: Element, offer: Offer) -> None:
    service_provider(_OWS, root, offer)


def service_provider(ows: Maker, root: Element, offer: Offer) -> None:
    """`ows:ServiceProvider`, the same in OWS Common 1.0 and 1.1."""
    words = offer.schema.words
    section = ows.add(root, "ServiceProvider")
    ows.add(section, "ProviderName", words.publisher)
    info = ows.add(ows.add(section, "ServiceContact"), "ContactInfo")
    if "@" in words.contact:
        ows.add(ows.add(info, "Address"), "ElectronicMailAddress", words.contact)
    else:
        ows.add(info, "OnlineResource", None, {f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": words.contact})


def _feature_type_list(root: Element, offer: Offer) -> None:
    section = _WFS.add(root, "FeatureTypeList")
    for kind in offer.kinds:
        _feature_type(section, kind, offer)


def _feature_type(section: Element, kind: FeatureType, offer: Offer) -> None:
    item = _WFS.add(section, "FeatureType")
    _WFS.add(item, "Name", kind.qualified)
    for language in ("nl", "en"):
        _WFS.add(item, "Title", getattr(kind.title, language), {LANG: language})
    for language in ("nl", "en"):
        _WFS.add(item, "Abstract", f"{getattr(kind.abstract, language)} {sources(kind, offer)}", {LANG: language})
    add_keywords(_OWS, item, words(kind, offer))
    _WFS.add(item, "DefaultCRS", LAMBERT72.urn)
    for crs in SERVED:
        if crs != LAMBERT72:
            _WFS.add(item, "OtherCRS", crs.urn)
    if (box := bounds(kind, offer)) is not None:
        add_bounds(_OWS, item, box)
    for product in offer.schema.products_of(kind):
        _WFS.add(item, "MetadataURL", None, {f"{{{XLINK}}}href": offer.record_url(product), "about": product.id})


def words(kind: FeatureType, offer: Offer) -> set[str]:
    """Keywords of a feature type."""
    return {word for product in offer.schema.products_of(kind) for word in product.keywords}


def add_keywords(ows: Maker, parent: Element, found: set[str]) -> None:
    """`ows:Keywords`, when there are any."""
    if found:
        keywords = ows.add(parent, "Keywords")
        for word in sorted(found):
            ows.add(keywords, "Keyword", word)


def add_bounds(ows: Maker, parent: Element, box: Bounds) -> None:
    """`ows:WGS84BoundingBox`: longitude first in both corners."""
    element = ows.add(parent, "WGS84BoundingBox")
    ows.add(element, "LowerCorner", f"{box[0]:.7f} {box[1]:.7f}")
    ows.add(element, "UpperCorner", f"{box[2]:.7f} {box[3]:.7f}")


def bounds(kind: FeatureType, offer: Offer, crs: Crs = CRS84) -> Bounds | None:
    """Around today's features, x or longitude first; null when none has a position, or when a dataset of them is withdrawn."""
    try:
        offer.view.release.require_public(kind, None, offer.view.day)
    except Withdrawn:
        return None  # the corners would be those of objects that are not shown
    table = offer.view.release.table(kind.qualified)
    extents = table.coordinates(crs)[table.rows(offer.view.day)]
    west, south = (float(np.fmin.reduce(extents[:, axis], initial=np.nan)) for axis in (0, 1))
    east, north = (float(np.fmax.reduce(extents[:, axis], initial=np.nan)) for axis in (-2, -1))
    return (west, south, east, north) if np.isfinite(west) else None


_SECTIONS: Sections = {
    "ServiceIdentification": _service_identification,
    "ServiceProvider": _service_provider,
    "OperationsMetadata": operations_metadata,
    "FeatureTypeList": _feature_type_list,
    "Filter_Capabilities": filter_capabilities,
}
