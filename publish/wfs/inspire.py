"""INSPIRE's extended capabilities, where a definition says `inspire = true` (DESIGN decision 17; TG Download Services 3.1, Req 49-60)."""

from __future__ import annotations

from exports.resources import ServiceKind, service_uuid
from publish.wfs.documents import OWS, Element
from publish.wfs.markup import Maker
from publish.wfs.offer import Offer
from release.schema import Product

DLS = "http://inspire.ec.europa.eu/schemas/inspire_dls/1.0"
COMMON = "http://inspire.ec.europa.eu/schemas/common/1.0"
LANGUAGE = "dut"
"""ISO 639-2/B, the only language of the answers."""

_OWS, _DLS, _COMMON = Maker(OWS), Maker(DLS), Maker(COMMON)


def products(offer: Offer) -> tuple[Product, ...]:
    """The products offered that are wholly made of data sets reported to INSPIRE."""
    reported = {dataset.id for dataset in offer.schema.datasets if dataset.inspire}
    every = dict.fromkeys(product for kind in offer.kinds for product in offer.schema.products_of(kind))
    return tuple(product for product in every if set(product.datasets) <= reported)


def namespaces(offer: Offer) -> dict[str, str]:
    """Prefixes for the root, when there is something to say."""
    return {"inspire_dls": DLS, "inspire_common": COMMON} if products(offer) else {}


def schema_location(offer: Offer) -> str:
    """What xsi:schemaLocation has to add."""
    return f" {DLS} {DLS}/inspire_dls.xsd" if products(offer) else ""


def extended_capabilities(section: Element, offer: Offer) -> None:
    """Add `inspire_dls:ExtendedCapabilities` with the identifiers of the data sets; nothing when none is reported."""
    reported = products(offer)
    if not reported:
        return
    extended = _DLS.add(_OWS.add(section, "ExtendedCapabilities"), "ExtendedCapabilities")
    metadata = _COMMON.add(extended, "MetadataUrl")
    _COMMON.add(metadata, "URL", _service_record(reported[0], offer))
    _COMMON.add(metadata, "MediaType", "application/vnd.iso.19139+xml")
    default = _COMMON.add(_COMMON.add(extended, "SupportedLanguages"), "DefaultLanguage")
    _COMMON.add(default, "Language", LANGUAGE)
    _COMMON.add(_COMMON.add(extended, "ResponseLanguage"), "Language", LANGUAGE)
    for product in reported:
        identifier = _DLS.add(extended, "SpatialDataSetIdentifier")
        _COMMON.add(identifier, "Code", offer.record_url(product))


def _service_record(product: Product, offer: Offer) -> str:
    """Where the record of the service is. TG Download Services 3.1, Req 50: the metadata of the service, not of a data set."""
    uuid = service_uuid(offer.schema, product.feature_type.partition(":")[0], ServiceKind.WFS)
    return f"{offer.settings.public_url.rstrip('/')}/catalogus/iso/{uuid}.xml"
