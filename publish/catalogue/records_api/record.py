"""A record as OGC API Records writes it: a GeoJSON feature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from exports import iso19139, online, thesauri
from exports.iso19139 import service_notice
from exports.notice import Notice, notice
from exports.resources import DatasetResource, Resources, Service
from exports.thesauri import Keywords
from publish.catalogue.holdings import Box, Entry

Json = dict[str, object]
"""A part of a JSON document."""

RECORD_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"
_PROFILE = "http://www.opengis.net/def/profile/OGC/0/ogc-record"


def record(entry: Entry, resources: Resources, api: str) -> Json:
    """The feature; `api` is the address of the collection."""
    about = _about(entry.source, resources)
    words, groups = about.words, about.groups
    properties: Json = {
        "type": entry.values("dc:type")[0],
        "title": words.title,
        "description": f"{words.abstract} {words.state} {words.reuse}",
        "keywords": [concept.label for group in groups for concept in group.concepts],
        "themes": list(_themes(groups)),
        "language": {"code": "nl", "name": "Nederlands"},
        "contacts": [_contact(words)],
        "license": words.licence,
        "rights": words.attribution,
        "updated": f"{about.since}T00:00:00Z",
        "formats": about.formats,
        "externalIds": [{"scheme": "urn:uuid", "value": entry.identifier}],
    }
    return {
        "id": entry.identifier,
        "type": "Feature",
        "conformsTo": [RECORD_CORE],
        "time": {"date": about.since.isoformat()},
        "geometry": None if entry.box is None else _polygon(entry.box),
        "properties": properties,
        "links": [
            _link(resources.record_url(entry.identifier), "describedby", iso19139.MEDIA_TYPE, "ISO 19139"),
            _link(words.licence, "license", "text/html", words.licence_name),
            *about.links,
            _link(f"{api}/items/{entry.identifier}?f=json", "self", "application/geo+json", words.title),
            _link(f"{api}/items/{entry.identifier}?f=html", "alternate", "text/html", words.title),
            _link(api, "collection", "application/json", "Catalogus"),
            _link(_PROFILE, "profile", "text/html", "OGC API Records"),
        ],
    }


@dataclass(frozen=True)
class _About:
    """What is said of a data set or a service."""

    words: Notice
    groups: list[Keywords]
    since: date
    links: list[Json]
    formats: list[Json]


def _about(source: DatasetResource | Service | None, resources: Resources) -> _About:
    assert source is not None, "records of ours have a source"
    if isinstance(source, DatasetResource):
        words = notice(source.product, resources.schema, source.entry.state, resources.environment)
        formats: list[Json] = [{"name": form.title, "mediaType": form.media_type} for form in source.formats]
        groups = list(thesauri.of_dataset(source, resources))
        return _About(words, groups, source.entry.since, list(_of_dataset(source, resources)), formats)
    described = online.of_service(source)
    links = [_link(described.url, "service-desc", described.media_type, source.title.nl)]
    if "?" not in described.url:  # an API; a service of keywords says nothing without them
        links.append(_link(source.url, "related", "text/html", source.title.nl))
    groups = list(thesauri.of_service(source, resources))
    return _About(service_notice(source, resources), groups, source.since, links, [{"name": source.kind.value}])


def _of_dataset(dataset: DatasetResource, resources: Resources) -> Iterator[Json]:
    """Files as enclosures, services and APIs as what they are."""
    for each in online.of_dataset(dataset, resources):
        yield _link(each.url, "enclosure" if each.download else "related", each.media_type, each.title.nl)
    catalogue = resources.record_url(dataset.feature_catalogue)
    yield _link(catalogue, "describedby", "application/xml", "ISO 19110 (objectencatalogus)")


def _link(href: str, rel: str, media_type: str, title: str) -> Json:
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def _themes(groups: list[Keywords]) -> Iterator[Json]:
    for group in groups:
        if group.thesaurus is not None:
            concepts = [
                {"id": concept.uri or concept.label, "title": concept.label, **({"url": concept.uri} if concept.uri else {})}
                for concept in group.concepts
            ]
            yield {"scheme": group.thesaurus.uri, "concepts": concepts}


def _contact(words: Notice) -> Json:
    contact: Json = {"name": words.publisher, "organization": words.publisher, "roles": ["pointOfContact", "publisher"]}
    if "@" in words.contact:
        return contact | {"emails": [{"value": words.contact}]}
    return contact | {"links": [_link(words.contact, "about", "text/html", words.publisher)]}


def _polygon(box: Box) -> Json:
    west, south, east, north = box
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}
