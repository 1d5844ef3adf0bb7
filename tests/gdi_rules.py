"""The rules of the GDI-Vlaanderen for metadata records (DOMAIN 5.2), as code of ours: what they find wrong in a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from lxml import etree

Element = etree._Element

NS = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "srv": "http://www.isotc211.org/2005/srv",
    "gfc": "http://www.isotc211.org/2005/gfc",
    "xlink": "http://www.w3.org/1999/xlink",
}
HREF = "{http://www.w3.org/1999/xlink}href"
TREFWOORDEN = "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Trefwoorden"
NO_LIMITATIONS = "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations"
SERVICE_TYPE = "http://inspire.ec.europa.eu/metadata-codelist/SpatialDataServiceType"
PROTOCOLS = {
    "OGC:WMS-1.3.0-http-get-map",
    "OGC:WFS-2.0.0-http-get-feature",
    "WWW:DOWNLOAD-1.0-http--download",
    "WWW:LINK-1.0-http--link",
}
THESAURI = {
    TREFWOORDEN: "2014-02-26",
    "http://www.eionet.europa.eu/gemet/concept": "2010-01-13",
    "http://inspire.ec.europa.eu/theme": "2008-06-01",
    "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Vlaamse-Administratieve-Eenheden": "2013-04-18",
    "http://vocab.belgif.be/auth/datatheme": "2019-01-31",
    "http://inspire.ec.europa.eu/metadata-codelist/SpatialScope": "2019-05-22",
    "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Service-Types": "2016-03-11",
    "http://data.europa.eu/eli/reg/2008/1205": "2008-12-03",
}


def faults(record: Element) -> list[str]:
    """What is wrong with an ISO 19139 record, by the code of the rule; nothing for a good one."""
    return [f"{code}: {fault}" for code, rule in RULES.items() for fault in rule(record)]


def _all(element: Element, path: str) -> list[Element]:
    return element.xpath(path, namespaces=NS)


def _text(element: Element, path: str) -> str:
    return " ".join("".join(found.itertext()) for found in _all(element, path)).strip()


def _level(record: Element) -> str:
    return "".join(_all(record, "gmd:hierarchyLevel/*/@codeListValue"))


def _file_identifier(record: Element) -> Iterator[str]:
    if not _text(record, "gmd:fileIdentifier"):
        yield "no fileIdentifier"


def _reference_system(record: Element) -> Iterator[str]:
    if _level(record) in ("dataset", "series", ""):
        systems = _all(record, "gmd:referenceSystemInfo")
        if not systems:
            yield "no referenceSystemInfo"
        for system in systems:
            if not _text(system, "gmd:MD_ReferenceSystem/gmd:referenceSystemIdentifier/gmd:RS_Identifier/gmd:code"):
                yield "no code of the reference system"


def _organisations(record: Element) -> Iterator[str]:
    for party in _all(record, "//gmd:CI_ResponsibleParty"):
        if not _text(party, "gmd:organisationName"):
            yield f"line {party.sourceline}: no organisationName"


def _feature_catalogue(record: Element) -> Iterator[str]:
    for description in _all(record, "//gmd:MD_FeatureCatalogueDescription"):
        included = _text(description, "gmd:includedWithDataset") == "true"
        if included and not "".join(_all(description, "gmd:featureCatalogueCitation/@uuidref")).strip():
            yield "the feature catalogue is included and has no identifier"


def _periods(record: Element) -> Iterator[str]:
    for period in _all(record, "//*[local-name()='TimePeriod']"):
        begin, end = (_text(period, f".//*[local-name()='{name}']") for name in ("beginPosition", "endPosition"))
        if begin and end and begin > end:
            yield f"a period ends on {end}, before it begins on {begin}"


def _profile(record: Element) -> Iterator[str]:
    if _text(record, "gmd:metadataStandardName") != "ISO 19115/2003/Cor.1:2006/INSPIRE-TG2.0":
        yield "metadataStandardName"
    if _text(record, "gmd:metadataStandardVersion") != "GDI-Vlaanderen Best Practices – versie 2.0":
        yield "metadataStandardVersion"
    (code,) = _all(record, "gmd:language/gmd:LanguageCode") or [record]
    if (code.get("codeList"), code.get("codeListValue")) != ("http://www.loc.gov/standards/iso639-2/", "dut"):
        yield "language"
    if _text(record, "gmd:hierarchyLevelName") != _level(record).capitalize():
        yield "hierarchyLevelName"
    if not _all(record, "gmd:contact//gmd:organisationName"):
        yield "no contact for the metadata"


def _constraints(record: Element) -> Iterator[str]:
    access = _all(record, "//gmd:MD_LegalConstraints[gmd:accessConstraints]/gmd:otherConstraints/gmx:Anchor/@xlink:href")
    if access != [NO_LIMITATIONS]:
        yield "no access constraint: the data is shown as not public"
    use = _all(record, "//gmd:MD_LegalConstraints[gmd:useConstraints]/gmd:otherConstraints/gmx:Anchor/@xlink:href")
    if len(use) != 1 or not re.fullmatch(r"https://data\.vlaanderen\.be/id/licentie/.+", use[0]):
        yield "the licence is not an anchor to its URI"


def _keywords(record: Element) -> Iterator[str]:
    words = set(_all(record, "//gmd:keyword/gmx:Anchor/@xlink:href"))
    needed = {"dataset": ("VLOPENDATA", "KOSTELOOS"), "service": ("VLOPENDATASERVICE", "KOSTELOOS")}
    yield from (f"keyword {name} is missing" for name in needed.get(_level(record), ()) if f"{TREFWOORDEN}/{name}" not in words)
    for citation in _all(record, "//gmd:thesaurusName/gmd:CI_Citation"):
        (name,) = _all(citation, "gmd:title/gmx:Anchor/@xlink:href") or [""]
        if THESAURI.get(name) != _text(citation, "gmd:date//gmd:date/gco:Date"):
            yield f"thesaurus {name!r} with the date {_text(citation, 'gmd:date//gco:Date')}"
    if not any(word.startswith("http://vocab.belgif.be/auth/datatheme/") for word in words):
        yield "no theme of data.gov.be"
    if not any("Woningkwaliteit" in _text(found, ".") for found in _all(record, "//gmd:keyword | //gmd:citation//gmd:title")):
        yield "the word Woningkwaliteit does not find it"


def _online(record: Element) -> Iterator[str]:
    for resource in _all(record, "//gmd:distributionInfo//gmd:CI_OnlineResource"):
        protocol = _text(resource, "gmd:protocol")
        if protocol not in PROTOCOLS:
            yield f"protocol {protocol!r}"
        if not urlsplit(_text(resource, "gmd:linkage")).netloc:
            yield "a linkage that is no absolute address"


def _dates(record: Element) -> Iterator[str]:
    if not _all(record, "gmd:identificationInfo/*/gmd:citation//gmd:CI_Date[gmd:date/gco:Date and gmd:dateType/*/@codeListValue]"):
        yield "no date of creation, publication or revision"
    if not _text(record, "//gmd:lineage//gmd:statement"):
        yield "no lineage"
    if _level(record) == "dataset" and not _text(record, "//gmd:topicCategory"):
        yield "no topic category"
    box = [float(text) for text in _all(record, "//gmd:EX_GeographicBoundingBox/*/gco:Decimal/text()")]
    if len(box) != 4 or not (box[0] < box[1] and box[2] < box[3]):
        yield "no bounding box"


def _service(record: Element) -> Iterator[str]:
    for service in _all(record, "//srv:SV_ServiceIdentification"):
        (kind,) = _all(service, "srv:serviceType/gco:LocalName") or [service]
        if kind.get("codeSpace") != SERVICE_TYPE or kind.text not in ("view", "download", "discovery", "other"):
            yield "serviceType"
        if _all(service, "srv:couplingType/*/@codeListValue") != ["tight"]:
            yield "couplingType"
        if not _all(service, "srv:operatesOn"):
            yield "operatesOn"
        if any(not coupled.get("uuidref") or not coupled.get(HREF) for coupled in _all(service, "srv:operatesOn")):
            yield "operatesOn has uuidref and xlink:href"
        if not _all(service, "srv:containsOperations//srv:connectPoint//gmd:URL"):
            yield "containsOperations"


RULES: dict[str, Callable[[Element], Iterator[str]]] = {
    "SC-1": _file_identifier,
    "SC-2": _reference_system,
    "SC-3": _organisations,
    "SC-4": _feature_catalogue,
    "periods": _periods,
    "profile": _profile,
    "constraints": _constraints,
    "keywords": _keywords,
    "online": _online,
    "dates": _dates,
    "service": _service,
}
