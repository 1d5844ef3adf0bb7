"""DCAT-AP Vlaanderen: the catalogue with its records, as Turtle, RDF/XML and JSON-LD (DOMAIN 5.3).

::

    dcat:Catalog ─ record ─► CatalogRecord ─ primaryTopic ─► Dataset | DataService
                 ─ dataset ─► Dataset ─ distribution ─► Distribution ─ accessService ─► DataService
                 ─ service ─► DataService ─ servesDataset ─► Dataset
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import DCAT, DCTERMS, Graph, Literal

from exports import online
from exports.catalogue import vocabulary
from exports.catalogue.dcat_datasets import dataset_node
from exports.catalogue.dcat_services import service_node
from exports.catalogue.description import Description, Property, day, texts
from exports.catalogue.rdf import json_ld, rdf_xml, turtle
from exports.resources import Resources
from release.schema import Text

_TITLE = Text(nl="Catalogus Woningkwaliteit", en="Catalogue of housing quality")
_ABOUT = Text(
    nl="De open data over woningkwaliteit in Vlaanderen: datasets, bestanden en diensten.",
    en="The open data about housing quality in Flanders: data sets, files and services.",
)


def documents(resources: Resources) -> Iterator[tuple[str, bytes]]:
    """The same graph three times; no context is fetched from anywhere."""
    described = graph(resources)
    yield "dcat.ttl", turtle(described)
    yield "dcat.rdf", rdf_xml(described)
    yield "dcat.jsonld", json_ld(described)


def graph(resources: Resources) -> Graph:
    """Everything that there is, as one graph without blank nodes; every date in it is that of the content."""
    description = Description(resources)
    description.node(
        "catalogus",
        DCAT.Catalog,
        [
            *description.titles(_TITLE),
            *((DCTERMS.description, words) for words in texts(_ABOUT)),
            (DCTERMS.identifier, Literal(resources.uuid)),
            (DCTERMS.publisher, description.publisher),
            (DCAT.contactPoint, description.contact),
            (DCTERMS.license, description.licence(vocabulary.CC0)),
            (DCTERMS.language, description.language()),
            (DCTERMS.modified, day(resources.since)),
            *_members(description),
        ],
    )
    return description.graph


def _members(description: Description) -> Iterator[Property]:
    resources = description.resources
    for dataset in resources.datasets:
        node, uuid = dataset_node(description, dataset), dataset.product.uuid
        yield DCAT.dataset, node
        yield DCAT.record, description.record(uuid, node, dataset.entry.since, resources.record_url(uuid))
    for service in resources.services:
        served = [each for each in service.datasets if any(link.service == service for link in online.of_dataset(each, resources))]
        node = service_node(description, service, served)
        yield DCAT.service, node
        yield DCAT.record, description.record(service.uuid, node, service.since, resources.record_url(service.uuid))
