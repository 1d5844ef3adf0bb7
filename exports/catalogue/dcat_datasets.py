"""A data set and its distributions in DCAT-AP Vlaanderen: every file, and every service that gives it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid5

from rdflib import DCAT, DCTERMS, RDFS, XSD, Literal, URIRef

from exports import online, thesauri
from exports.catalogue import vocabulary
from exports.catalogue.description import GEOSPARQL, MDCAT, SPDX, Description, Property, day, keywords, texts
from exports.catalogue.vocabulary import Code
from exports.formats import Format
from exports.notice import Notice, notice
from exports.online import Online
from exports.resources import FLANDERS, DatasetResource, Service
from release.crs import LAMBERT72
from release.schema import Product, Text
from release.transform import transformation_name

_FREQUENCIES = tuple(vocabulary.FREQUENCIES)
"""Cadences, the most frequent first."""


def dataset_node(description: Description, dataset: DatasetResource) -> URIRef:
    """Describe a data set; gives its name, which follows from its UUID."""
    resources, product = description.resources, dataset.product
    words = notice(product, resources.schema, dataset.entry.state, resources.environment)
    return description.node(
        product.uuid,
        DCAT.Dataset,
        [
            *description.titles(product.title),
            *_descriptions(product, words),
            (DCTERMS.identifier, Literal(product.uuid)),
            (DCTERMS.publisher, description.publisher),
            (DCAT.contactPoint, description.contact),
            (DCTERMS.accessRights, description.access()),
            (DCTERMS.rights, description.rights(product.uuid, words.attribution)),
            (DCTERMS.language, description.language()),
            (DCTERMS.modified, day(dataset.entry.since)),
            (DCTERMS.accrualPeriodicity, description.code(_frequency(description, product), DCTERMS.Frequency)),
            (DCTERMS.provenance, _provenance(description, product)),
            (DCTERMS.conformsTo, description.standard(vocabulary.reference_system(LAMBERT72))),
            (DCAT.landingPage, URIRef(f"{resources.public_url}/downloads#{product.id}")),
            (MDCAT.statuut, description.code(vocabulary.OPEN_DATA)),
            *((DCAT.theme, description.code(theme)) for theme in vocabulary.THEMES),
            *keywords(thesauri.of_dataset(dataset, resources)),
            *((DCTERMS.spatial, place) for place in _places(description)),
            *((DCAT.distribution, node) for node in _distributions(description, dataset, words)),
        ],
    )


def _descriptions(product: Product, words: Notice) -> Iterator[Property]:
    # CONTRACT B.3: the fixed sentences go with every metadata record; they are in Dutch.
    yield DCTERMS.description, Literal(f"{words.abstract} {words.state} {words.reuse}", lang="nl")
    yield DCTERMS.description, Literal(product.abstract.en, lang="en")


def _frequency(description: Description, product: Product) -> Code:
    cadences = [each.cadence for each in description.resources.schema.datasets if each.id in product.datasets]
    return vocabulary.FREQUENCIES[min(cadences, key=_FREQUENCIES.index)]


def _provenance(description: Description, product: Product) -> URIRef:
    sources = [each for each in description.resources.schema.datasets if each.id in product.datasets]
    named = Text(
        nl="; ".join(f"{source.title.nl} ({source.legal_ground})" for source in sources),
        en="; ".join(f"{source.title.en} ({source.legal_ground})" for source in sources),
    )
    kept, transformation = LAMBERT72.short, transformation_name()
    words = Text(
        nl=f"Uittreksel uit: {named.nl}. Alleen de velden die de wet openbaar maakt zijn overgenomen; persoonsgegevens zijn weggelaten. "
        f"Posities zijn bewaard in {kept}; andere coördinatenstelsels zijn berekend met de transformatie {transformation}.",
        en=f"Extract of: {named.en}. Only the fields that the law makes public; data about persons is left out. "
        f"Positions are stored in {kept}; other coordinate systems are computed with the transformation {transformation}.",
    )
    return description.node(f"{product.uuid}-herkomst", DCTERMS.ProvenanceStatement, [(RDFS.label, label) for label in texts(words)])


def _places(description: Description) -> Iterator[URIRef]:
    """The Flemish Region by its name, and its box (DOMAIN 5.3: geometry states its CRS)."""
    west, south, east, north = FLANDERS
    ring = ", ".join(f"{x} {y}" for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south)))
    box = Literal(f"<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON(({ring}))", datatype=GEOSPARQL.wktLiteral)
    name = (RDFS.label, Literal("Vlaams Gewest", lang="nl"))
    yield description.node(URIRef(vocabulary.FLEMISH_REGION), DCTERMS.Location, [name])
    yield description.node("vlaanderen", DCTERMS.Location, [name, (DCAT.bbox, box)])


def _distributions(description: Description, dataset: DatasetResource, words: Notice) -> Iterator[URIRef]:
    product = dataset.product
    shared: list[Property] = [
        (DCTERMS.license, description.licence(words.licence)),
        (DCTERMS.rights, description.rights(product.uuid, words.attribution)),
        (DCTERMS.modified, day(dataset.entry.since)),
    ]
    for link in online.of_dataset(dataset, description.resources):
        if link.format is not None:
            part, how = link.format.name, _file(description, dataset, link, link.format)
        elif link.service is not None:
            part, how = link.service.uuid, _service(description, link.service)
        else:
            continue
        own = [
            *description.titles(link.title),
            (DCTERMS.identifier, Literal(str(uuid5(UUID(product.uuid), part)))),
            (DCAT.accessURL, URIRef(link.url)),
        ]
        yield description.node(f"{product.uuid}-{part}", DCAT.Distribution, [*own, *how, *shared])


def _file(description: Description, dataset: DatasetResource, link: Online, format_: Format) -> Iterator[Property]:
    (file,) = (entry for entry in dataset.entry.files if entry.format == format_.name)
    kind = vocabulary.FILE_TYPES.get(format_) or _unlisted(description, format_.name)
    digest = Literal(file.sha256, datatype=XSD.hexBinary, normalize=False)
    checksum: list[Property] = [(SPDX.algorithm, SPDX.checksumAlgorithm_sha256), (SPDX.checksumValue, digest)]
    yield DCAT.downloadURL, URIRef(link.url)
    yield DCTERMS["format"], description.code(kind, DCTERMS.MediaTypeOrExtent)
    yield DCAT.mediaType, _media_type(description, format_.media_type)
    yield DCAT.packageFormat, _media_type(description, link.media_type)
    yield DCAT.byteSize, Literal(file.bytes, datatype=XSD.nonNegativeInteger)
    yield SPDX.checksum, description.node(f"{dataset.product.uuid}-{format_.name}-sha256", SPDX.Checksum, checksum)


def _unlisted(description: Description, name: str) -> Code:
    """A format that the European list of file types lacks."""
    return Code(str(description.part(f"formaat-{name}")), Text(nl=name, en=name), str(description.part("formaten")))


def _media_type(description: Description, media_type: str) -> URIRef | None:
    address = vocabulary.media_type(media_type)
    return None if address is None else description.node(URIRef(address), DCTERMS.MediaType, [])


def _service(description: Description, service: Service) -> Iterator[Property]:
    yield DCAT.accessService, description.part(service.uuid)
    if kind := vocabulary.SERVICE_TYPES.get(service.kind):
        yield DCTERMS["format"], description.code(kind, DCTERMS.MediaTypeOrExtent)
    yield DCTERMS.conformsTo, description.standard(vocabulary.PROTOCOLS[service.kind])
