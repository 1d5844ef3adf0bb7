"""`ows:OperationsMetadata`: operations, parameters and conformance, each from what answers it."""

from __future__ import annotations

from collections.abc import Sequence

from publish.wfs import inspire
from publish.wfs.documents import OWS, XLINK, Element
from publish.wfs.formats import GML32, OWN, offered
from publish.wfs.markup import Maker
from publish.wfs.offer import Offer
from publish.wfs.versions import OFFERED, Version

SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities")

CONFORMANCE: dict[str, bool] = {
    "ImplementsSimpleWFS": True,
    "ImplementsBasicWFS": True,
    "ImplementsTransactionalWFS": False,
    "ImplementsLockingWFS": False,
    "KVPEncoding": True,
    "XMLEncoding": True,
    "SOAPEncoding": False,
    "ImplementsInheritance": False,
    "ImplementsRemoteResolve": False,
    "ImplementsResultPaging": True,
    "ImplementsStandardJoins": False,
    "ImplementsSpatialJoins": False,
    "ImplementsTemporalJoins": False,
    "ImplementsFeatureVersioning": False,
    "ManageStoredQueries": False,
    "PagingIsTransactionSafe": False,
}
"""WFS 2.0 table 13: what is true, and what is not; clients read TRUE in capitals (QGIS, the suite of the OGC)."""

PAGING = (
    "The next and previous links read the release that they were made from, less the objects that the law took away since; "
    "without RELEASE, STARTINDEX counts in the current release."
)
"""What does hold, though not all that WFS 2.0 §7.7.4.4.1 promises (docs/decisions/0010-next-links-name-their-release.md)."""

_OWS = Maker(OWS)


def operations_metadata(root: Element, offer: Offer) -> None:
    """Add the section."""
    section = _OWS.add(root, "OperationsMetadata")
    formats = offered(Version.V2_0_0)
    gml = tuple(GML32.spellings)
    schemas = tuple(spelling for form in OWN.values() for spelling in form.spellings)
    count = str(offer.settings.count_default)
    _operation(section, "GetCapabilities", offer, {"AcceptVersions": OFFERED, "AcceptFormats": ("text/xml",), "Sections": SECTIONS})
    _operation(section, "DescribeFeatureType", offer, {"outputFormat": schemas})
    _operation(section, "ListStoredQueries", offer, {})
    _operation(section, "DescribeStoredQueries", offer, {})
    _operation(section, "GetFeature", offer, {"resultType": ("results", "hits"), "outputFormat": formats, "resolve": ("local",)}, count)
    _operation(section, "GetPropertyValue", offer, {"resolve": ("local",), "outputFormat": gml}, count)
    _parameter(section, "version", OFFERED)
    for name, true in CONFORMANCE.items():
        _constraint(section, name, "TRUE" if true else "FALSE", meaning=PAGING if name == "PagingIsTransactionSafe" else None)
    _constraint(section, "QueryExpressions", "wfs:Query", ("wfs:Query", "wfs:StoredQuery"))
    inspire.extended_capabilities(section, offer)


def add_operation(ows: Maker, section: Element, name: str, offer: Offer) -> Element:
    """`ows:Operation` with its addresses, the same in OWS Common 1.0 and 1.1."""
    operation = ows.add(section, "Operation", None, {"name": name})
    http = ows.add(ows.add(operation, "DCP"), "HTTP")
    link = {f"{{{XLINK}}}type": "simple"}
    ows.add(http, "Get", None, link | {f"{{{XLINK}}}href": f"{offer.url}?"})
    ows.add(http, "Post", None, link | {f"{{{XLINK}}}href": offer.url})
    return operation


def _operation(section: Element, name: str, offer: Offer, parameters: dict[str, Sequence[str]], count: str | None = None) -> None:
    operation = add_operation(_OWS, section, name, offer)
    for parameter, values in parameters.items():
        _parameter(operation, parameter, values)
    if count is not None:
        _constraint(operation, "CountDefault", count)
        _constraint(operation, "ResponseCacheTimeout", str(int(offer.shelf.overlap.total_seconds())))


def _parameter(parent: Element, name: str, values: Sequence[str]) -> None:
    allowed = _OWS.add(_OWS.add(parent, "Parameter", None, {"name": name}), "AllowedValues")
    for value in values:
        _OWS.add(allowed, "Value", value)


def _constraint(parent: Element, name: str, default: str, values: Sequence[str] = (), meaning: str | None = None) -> None:
    constraint = _OWS.add(parent, "Constraint", None, {"name": name})
    if values:
        allowed = _OWS.add(constraint, "AllowedValues")
        for value in values:
            _OWS.add(allowed, "Value", value)
    else:
        _OWS.add(constraint, "NoValues")
    _OWS.add(constraint, "DefaultValue", default)
    if meaning is not None:
        _OWS.add(constraint, "Meaning", meaning)
