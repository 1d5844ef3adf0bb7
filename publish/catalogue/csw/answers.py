"""What each operation answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from lxml import etree

from exports.resources import Resources
from publish.catalogue.csw import documents
from publish.catalogue.csw.capabilities import capabilities, domains
from publish.catalogue.csw.errors import InvalidParameter
from publish.catalogue.csw.requests import (
    CSW,
    GFC,
    GMD,
    SCHEMA_LANGUAGES,
    TYPE_NAMES,
    VERSION,
    DescribeRecord,
    GetCapabilities,
    GetDomain,
    GetRecordById,
    GetRecords,
    Request,
    ResultType,
)
from publish.catalogue.holdings import Entry, Holdings
from publish.catalogue.search import ANY_TEXT, BOUNDING_BOX, PROPERTIES, fits, ordered, queryable, values


@dataclass(frozen=True)
class Offer:
    """What is answered from: the records that a client may have, and the service itself; `moment` is the time of the content."""

    holdings: Holdings
    resources: Resources
    url: str
    moment: str


@singledispatch
def answer(request: Request, offer: Offer) -> bytes:
    """The document; raises `CswError`."""
    raise TypeError(type(request).__name__)


@answer.register
def _(request: GetCapabilities, offer: Offer) -> bytes:
    return documents.serialised(capabilities(request.sections, offer.resources, offer.url))


@answer.register
def _(request: DescribeRecord, offer: Offer) -> bytes:
    root = documents.root("csw:DescribeRecordResponse")
    for type_name in request.type_names or TYPE_NAMES:
        ours = type_name == TYPE_NAMES[0]
        attributes = {"targetNamespace": CSW if ours else GMD, "schemaLanguage": SCHEMA_LANGUAGES[0]}
        component = documents.add(root, "csw:SchemaComponent", None, attributes)
        component.append(documents.schema_of_record(PROPERTIES.values()) if ours else documents.schema_of_metadata())
    return documents.serialised(root)


@answer.register
def _(request: GetRecords, offer: Offer) -> bytes:
    if request.result is ResultType.VALIDATE:
        return _acknowledgement(request, offer)
    found = _found(request, offer.holdings)
    shown = [] if request.result is ResultType.HITS else found[request.start - 1 :][: request.count]
    root = documents.root("csw:GetRecordsResponse", {"version": VERSION})
    documents.add(root, "csw:SearchStatus", None, {"timestamp": offer.moment})
    following = request.start + len(shown)
    results = {
        "numberOfRecordsMatched": str(len(found)),
        "numberOfRecordsReturned": str(len(shown)),
        # CSW 2.0.2 §10.8.4.6: zero when there are no more
        "nextRecord": str(following if following <= len(found) else 0),
        "recordSchema": request.schema,
    }
    if not request.names:
        results["elementSet"] = request.elements
    searched = documents.add(root, "csw:SearchResults", None, results)
    for entry in shown:
        _add(searched, entry, request)
    return documents.serialised(root)


def _found(request: GetRecords, holdings: Holdings) -> list[Entry]:
    metadata = request.schema == GMD or request.type_names == (TYPE_NAMES[1],)
    among = [entry for entry in holdings.entries if entry.document is not None or not metadata]
    predicate = request.predicate
    return ordered([entry for entry in among if predicate is None or fits(entry, predicate)], request.sort)


def _add(parent: etree._Element, entry: Entry, request: GetRecords | GetRecordById) -> None:
    """ISO records are given whole: what has to be in one by its schema is more than a summary."""
    if request.schema == GMD and entry.document is not None:
        documents.add_document(parent, entry.document)
    else:
        documents.add_record(parent, entry, request.elements, request.names if isinstance(request, GetRecords) else ())


def _acknowledgement(request: GetRecords, offer: Offer) -> bytes:
    root = documents.root("csw:Acknowledgement", {"timeStamp": offer.moment})
    echoed = documents.add(root, "csw:EchoedRequest")
    if request.echo:
        echoed.append(etree.fromstring(request.echo))
    else:
        asked = documents.add(echoed, "csw:GetRecords", None, {"service": "CSW", "version": VERSION, "resultType": request.result})
        query = documents.add(asked, "csw:Query", None, {"typeNames": " ".join(request.type_names)})
        documents.add(query, "csw:ElementSetName", request.elements)
    return documents.serialised(root)


@answer.register
def _(request: GetRecordById, offer: Offer) -> bytes:
    root = documents.root("csw:GetRecordByIdResponse")
    for identifier in dict.fromkeys(request.identifiers):
        if request.schema == GFC:
            found = dict(offer.holdings.catalogues).get(identifier)
            if found is not None:
                documents.add_document(root, found)
        elif (entry := offer.holdings.entry(identifier)) is not None:
            _add(root, entry, request)
    return documents.serialised(root)


@answer.register
def _(request: GetDomain, offer: Offer) -> bytes:
    if not (request.parameter or request.property or "").isprintable():
        raise InvalidParameter("a name has letters, digits and punctuation", "parameterName")
    root = documents.root("csw:GetDomainResponse")
    domain = documents.add(root, "csw:DomainValues", None, {"type": TYPE_NAMES[0]})
    if request.parameter is not None:
        documents.add(domain, "csw:ParameterName", request.parameter)
        listed = domains().get(request.parameter.lower(), ())
    else:
        documents.add(domain, "csw:PropertyName", request.property)
        listed = _values(request.property or "", offer.holdings)
    if listed:
        values_ = documents.add(domain, "csw:ListOfValues")
        for value in listed:
            documents.add(values_, "csw:Value", value)
    return documents.serialised(root)


def _values(name: str, holdings: Holdings) -> tuple[str, ...]:
    field = queryable(name)
    if field is None or field in (ANY_TEXT, BOUNDING_BOX):
        raise InvalidParameter(f"{name[:40]!r} is no property with a list of values", "propertyName")
    return tuple(sorted({str(value) for entry in holdings.entries for value in values(entry, field)}))
