"""An RDF graph, filled with what every part of a DCAT document shares: texts, codes, standards, licences, who publishes.

Every node has a name of its own (`…/catalogus/dcat#<part>`), none is blank, so that the same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from exports.catalogue import vocabulary
from exports.catalogue.dates import midnight
from exports.catalogue.vocabulary import Code, Standard
from exports.notice import PRODUCTION, licence_name
from exports.resources import Resources
from exports.thesauri import Keywords
from release.schema import Text, Words

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
MDCAT = Namespace("https://data.vlaanderen.be/ns/metadata-dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
GEOSPARQL = Namespace("http://www.opengis.net/ont/geosparql#")

PREFIXES = {
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "foaf": str(FOAF),
    "geosparql": str(GEOSPARQL),
    "mdcat": str(MDCAT),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "vcard": str(VCARD),
    "xsd": str(XSD),
}

Property = tuple[URIRef, Node | None]
"""A predicate and its value; null where there is none."""

_TEST = "TEST – "


class Description:
    """The graph of a catalogue while it is being filled; `part` names its nodes."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.graph = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)
        self._publisher()
        self._contact()

    @property
    def words(self) -> Words:
        """The fixed sentences."""
        return self.resources.schema.words

    def part(self, name: str) -> URIRef:
        """The name of a node: it leads to the document that describes it."""
        return URIRef(f"{self.resources.public_url}/catalogus/dcat#{name}")

    def node(self, name: str | URIRef, kind: URIRef, properties: Iterable[Property]) -> URIRef:
        """Describe a node of a class; properties without a value are left out."""
        node = name if isinstance(name, URIRef) else self.part(name)
        self.graph.add((node, RDF.type, kind))
        for predicate, value in properties:
            if value is not None:
                self.graph.add((node, predicate, value))
        return node

    @property
    def publisher(self) -> URIRef:
        """Who publishes all of it."""
        return self.part("uitgever")

    @property
    def contact(self) -> URIRef:
        """Where questions go."""
        return self.part("contact")

    def _publisher(self) -> None:
        name = Literal(self.words.publisher, lang="nl")
        self.node(self.publisher, FOAF.Agent, [(FOAF.name, name), (DCTERMS.type, self.code(vocabulary.REGIONAL_AUTHORITY))])

    def _contact(self) -> None:
        # DOMAIN 5.3: an e-mail address is a mailto: URI; there is an address or a page.
        at, name = self.words.contact, Literal(self.words.publisher)
        email = f"mailto:{at.removeprefix('mailto:')}" if "@" in at else None
        page = None if email else URIRef(at)
        properties: list[Property] = [(VCARD.hasEmail, URIRef(email) if email else None), (VCARD.hasURL, page), (FOAF.page, page)]
        self.node(self.contact, VCARD.Organization, [(VCARD.fn, name), (VCARD["organization-name"], name), *properties])

    def code(self, code: Code, *kinds: URIRef) -> URIRef:
        """A concept, also of the classes that other profiles ask for."""
        labels: list[Property] = [(SKOS.prefLabel, label) for label in texts(code.label)]
        node = self.node(URIRef(code.uri), SKOS.Concept, [*labels, (SKOS.inScheme, URIRef(code.scheme))])
        for kind in kinds:
            self.graph.add((node, RDF.type, kind))
        return node

    def standard(self, standard: Standard) -> URIRef:
        """What something conforms to."""
        kind = None if standard.kind is None else self.code(standard.kind)
        return self.node(
            URIRef(standard.uri), DCTERMS.Standard, [(DCTERMS.title, Literal(standard.title, lang="nl")), (DCTERMS.type, kind)]
        )

    def licence(self, uri: str) -> URIRef:
        """A licence, by its https address (DOMAIN 5.4)."""
        address = vocabulary.licence(uri)
        name = Literal(licence_name(address), lang="nl")
        return self.node(URIRef(address), DCTERMS.LicenseDocument, [(DCTERMS.title, name), (DCTERMS.identifier, Literal(address))])

    def titles(self, title: Text) -> list[Property]:
        """A title in both languages; DESIGN decision 16: outside production it says TEST."""
        test = "" if self.resources.environment == PRODUCTION else _TEST
        return [(DCTERMS.title, value) for value in texts(Text(nl=test + title.nl, en=test + title.en))]

    def record(self, uuid: str, topic: URIRef, since: date, source: str | None = None) -> URIRef:
        """The record of something in the catalogue; `source` is where it is in ISO 19139."""
        profile = Standard(vocabulary.PROFILE, "DCAT-AP Vlaanderen")
        return self.node(
            f"record-{uuid}",
            DCAT.CatalogRecord,
            [
                (DCTERMS.identifier, Literal(uuid)),
                (FOAF.primaryTopic, topic),
                (DCTERMS.modified, moment(since)),
                (DCTERMS.conformsTo, self.standard(profile)),
                (DCTERMS.language, self.language()),
                (DCTERMS.source, None if source is None else URIRef(source)),
            ],
        )

    def language(self) -> URIRef:
        """Dutch."""
        return self.code(vocabulary.DUTCH, DCTERMS.LinguisticSystem)

    def rights(self, name: str, attribution: str) -> URIRef:
        """How to name the source, and what a reuser is responsible for (CONTRACT B.3)."""
        words: list[Property] = [(RDFS.label, Literal(attribution, lang="nl")), (DCTERMS.description, Literal(self.words.reuse, lang="nl"))]
        return self.node(f"{name}-rechten", DCTERMS.RightsStatement, words)

    def access(self) -> URIRef:
        """Public."""
        return self.code(vocabulary.PUBLIC, DCTERMS.RightsStatement)


def texts(text: Text) -> tuple[Literal, Literal]:
    """A text with its languages."""
    return Literal(text.nl, lang="nl"), Literal(text.en, lang="en")


def day(day: date) -> Literal:
    """The date of a content."""
    return Literal(day.isoformat(), datatype=XSD.date, normalize=False)


def moment(since: date) -> Literal:
    """The same as a time, which records have: its first moment in Brussels."""
    return Literal(midnight(since), datatype=XSD.dateTime, normalize=False)


def keywords(groups: Iterable[Keywords]) -> list[Property]:
    """Every keyword once."""
    labels = dict.fromkeys(concept.label for group in groups for concept in group.concepts)
    return [(DCAT.keyword, Literal(label, lang="nl")) for label in labels]
