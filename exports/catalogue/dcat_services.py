"""A service in DCAT-AP Vlaanderen."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import DCAT, DCTERMS, Literal, URIRef

from exports import thesauri
from exports.catalogue import vocabulary
from exports.catalogue.description import MDCAT, Description, day, keywords
from exports.iso19139 import service_notice
from exports.resources import DatasetResource, Service


def service_node(description: Description, service: Service, served: Iterable[DatasetResource]) -> URIRef:
    """Describe a service; `served` are the data sets that it gives (none for a catalogue). Gives its name, after its UUID."""
    resources = description.resources
    words = service_notice(service, resources)
    state = vocabulary.IN_TEST if resources.test else vocabulary.IN_PRODUCTION
    about = Literal(f"{words.abstract} {words.state} {words.reuse}", lang="nl")
    return description.node(
        service.uuid,
        DCAT.DataService,
        [
            *description.titles(service.title),
            (DCTERMS.description, about),
            (DCTERMS.description, Literal(service.abstract.en, lang="en")),
            (DCTERMS.identifier, Literal(service.uuid)),
            (DCTERMS.publisher, description.publisher),
            (DCAT.contactPoint, description.contact),
            (DCTERMS.accessRights, description.access()),
            (DCTERMS.rights, description.rights(service.uuid, words.attribution)),
            (DCTERMS.license, description.licence(words.licence)),
            (DCTERMS.modified, day(service.since)),
            (DCAT.endpointURL, URIRef(service.url)),
            (DCAT.endpointDescription, URIRef(service.description_url)),
            (DCTERMS.conformsTo, description.standard(vocabulary.PROTOCOLS[service.kind])),
            (DCAT.landingPage, URIRef(f"{resources.public_url}/catalogus/")),
            (MDCAT.statuut, description.code(vocabulary.OPEN_DATA_SERVICE)),
            (MDCAT.levensfase, description.code(vocabulary.LIVE)),
            (MDCAT.ontwikkelingstoestand, description.code(state)),
            *((DCAT.theme, description.code(theme)) for theme in vocabulary.THEMES),
            *keywords(thesauri.of_service(service, resources)),
            *((DCAT.servesDataset, description.part(dataset.product.uuid)) for dataset in served),
        ],
    )
