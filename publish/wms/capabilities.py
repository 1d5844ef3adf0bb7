"""GetCapabilities: the service, its operations and its layers, made from the very objects that answer."""

from __future__ import annotations

from exports.notice import licence_name
from publish.answer import Answer, document
from publish.wms import get_feature_info, images, legend
from publish.wms.capabilities_layers import add_layers, keywords, sources
from publish.wms.keywords import MAX_LAYERS, MAX_SIDE
from publish.wms.markup import Element, Maker
from publish.wms.offer import Offer
from publish.wms.reports import Manner
from publish.wms.requests import GetCapabilities
from publish.wms.versions import Version

MEDIA_TYPES = {Version.V1_3_0: "text/xml", Version.V1_1_1: "application/vnd.ogc.wms_xml"}
"""WMS 1.3.0 §7.2.3.1, WMS 1.1.1 §7.1.3.1."""


def get_capabilities(request: GetCapabilities, offer: Offer) -> Answer:
    """The document of the version; there is no updateSequence, so that a client always gets it (WMS 1.3.0 table 4)."""
    make = Maker(request.version)
    root = make.root()
    _service(make, root, offer)
    capability = make.add(root, "Capability")
    _operations(make, capability, offer)
    exceptions = make.add(capability, "Exception")
    for manner in Manner:
        make.add(exceptions, "Format", manner.name_in(request.version))
    add_layers(make, capability, offer)
    media_type = MEDIA_TYPES[request.version]
    return document(make.serialised(root), f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type)


def _service(make: Maker, root: Element, offer: Offer) -> None:
    service, words = make.add(root, "Service"), offer.schema.words
    test = "TEST – " if offer.settings.test else ""
    make.add(service, "Name", "WMS" if make.version is Version.V1_3_0 else "OGC:WMS")
    make.add(service, "Title", f"{test}WMS {', '.join(kind.title.nl for kind in offer.kinds)}")
    make.add(service, "Abstract", f"{test}{' '.join(sources(offer))} {words.reuse}")
    keywords(make, service, {word for layer in offer.layers for word in layer.product.keywords})
    make.link(service, offer.settings.public_url + "/")
    _contact(make, service, offer)
    make.add(service, "Fees", "none")  # WMS 1.3.0 §7.2.4.4: the word for no fees
    make.add(service, "AccessConstraints", f"{licence_name(words.licence)} ({words.licence}). {words.reuse}")
    if make.version is Version.V1_3_0:
        make.add(service, "LayerLimit", str(MAX_LAYERS))
        make.add(service, "MaxWidth", str(MAX_SIDE))
        make.add(service, "MaxHeight", str(MAX_SIDE))


def _contact(make: Maker, service: Element, offer: Offer) -> None:
    words = offer.schema.words
    contact = make.add(service, "ContactInformation")
    person = make.add(contact, "ContactPersonPrimary")
    make.add(person, "ContactPerson", words.publisher)  # both schemas want one
    make.add(person, "ContactOrganization", words.publisher)
    if "@" in words.contact:
        make.add(contact, "ContactElectronicMailAddress", words.contact)


def _operations(make: Maker, capability: Element, offer: Offer) -> None:
    request = make.add(capability, "Request")
    operations = {
        "GetCapabilities": (MEDIA_TYPES[make.version],),
        "GetMap": images.FORMATS,
        "GetFeatureInfo": get_feature_info.FORMATS,
    }
    if make.version is Version.V1_1_1:  # WMS 1.3.0 has it as LegendURL alone
        operations["GetLegendGraphic"] = legend.FORMATS
    for name, formats in operations.items():
        operation = make.add(request, name)
        for format_ in formats:
            make.add(operation, "Format", format_)
        # WMS 1.3.0 §6.3.3: a prefix to which a client adds its query
        make.link(make.add(make.add(make.add(operation, "DCPType"), "HTTP"), "Get"), f"{offer.url}?")
