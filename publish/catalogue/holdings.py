"""The records of the catalogue as Dublin Core, the least common form of CSW 2.0.2 and OGC API Records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from exports import iso19139, online, thesauri
from exports.notice import Notice, notice
from exports.resources import FLANDERS, DatasetResource, Resources, Service
from exports.thesauri import Keywords

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""


@dataclass(frozen=True)
class Entry:
    """One record: `properties` are pairs of a qualified name (`dc:title`) and a text; `document` is its ISO 19139 form."""

    identifier: str
    properties: tuple[tuple[str, str], ...]
    box: Box | None = None
    document: Path | None = None
    source: DatasetResource | Service | None = field(default=None, compare=False)

    def values(self, name: str) -> tuple[str, ...]:
        """The texts of a property by its qualified name, in order."""
        return tuple(text for known, text in self.properties if known == name)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every text, for a search in all of them."""
        return tuple(text for _, text in self.properties)

    @property
    def title(self) -> str:
        """The first title, or nothing."""
        return next(iter(self.values("dc:title")), "")

    @property
    def modified(self) -> date | None:
        """The day of the record."""
        return next((date.fromisoformat(text) for text in self.values("dct:modified")), None)


@dataclass(frozen=True)
class Holdings:
    """Every record, in a fixed order; `catalogues` are the ISO 19110 documents by UUID, which Dublin Core cannot describe."""

    entries: tuple[Entry, ...] = ()
    catalogues: tuple[tuple[str, Path], ...] = ()

    def entry(self, identifier: str) -> Entry | None:
        """The record of this identifier; null when there is none."""
        return next((entry for entry in self.entries if entry.identifier == identifier), None)


def held(resources: Resources, folder: Path) -> Holdings:
    """The records of what is described; `folder` holds the documents that the run wrote."""
    datasets = [_dataset(dataset, resources, folder) for dataset in resources.datasets]
    services = [_service(service, resources, folder) for service in resources.services]
    catalogues = [(each.feature_catalogue, folder / iso19139.path(each.feature_catalogue)) for each in resources.datasets]
    return Holdings((*datasets, *services), tuple(catalogues))


def _dataset(dataset: DatasetResource, resources: Resources, folder: Path) -> Entry:
    product, entry = dataset.product, dataset.entry
    words = notice(product, resources.schema, entry.state, resources.environment)
    properties = (
        *_common(product.uuid, "dataset", words, entry.since, resources),
        *_subjects(thesauri.of_dataset(dataset, resources)),
        *(("dc:format", format_.title) for format_ in dataset.formats),
        *(("dct:references", link.url) for link in online.of_dataset(dataset, resources)),
        *(("dc:relation", service.uuid) for service in resources.services_of(dataset)),
    )
    return Entry(product.uuid, properties, FLANDERS, folder / iso19139.path(product.uuid), dataset)


def _service(service: Service, resources: Resources, folder: Path) -> Entry:
    words = iso19139.service_notice(service, resources)
    properties = (
        *_common(service.uuid, "service", words, service.since, resources),
        *_subjects(thesauri.of_service(service, resources)),
        ("dc:format", service.kind.value),
        ("dct:references", service.description_url),
        *(("dc:relation", dataset.product.uuid) for dataset in service.datasets),
    )
    return Entry(service.uuid, properties, FLANDERS, folder / iso19139.path(service.uuid), service)


def _common(identifier: str, kind: str, words: Notice, since: date, resources: Resources) -> Iterator[tuple[str, str]]:
    yield "dc:identifier", identifier
    yield "dc:title", words.title
    yield "dc:type", kind
    yield "dct:abstract", f"{words.abstract} {words.state} {words.reuse}"
    yield "dct:modified", since.isoformat()
    yield "dc:date", since.isoformat()
    yield "dc:language", "dut"
    yield "dc:publisher", words.publisher
    yield "dc:creator", words.publisher
    yield "dc:rights", words.licence
    yield "dct:spatial", "Vlaams Gewest"
    yield "dct:references", resources.record_url(identifier)


def _subjects(groups: Iterator[Keywords]) -> Iterator[tuple[str, str]]:
    for word in dict.fromkeys(concept.label for group in groups for concept in group.concepts):
        yield "dc:subject", word
