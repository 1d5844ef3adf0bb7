"""DCAT-AP Vlaanderen: one graph in three forms, the tables of the profile as shapes, and what must not change without a reason."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from exports.catalogue import dcat
from exports.catalogue.vocabulary import licence
from exports.formats import FORMATS
from exports.resources import ServiceKind
from tests.exports.catalogue.example import SCHEMA, SINCE, URL, resources, small

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
MDCAT = Namespace("https://data.vlaanderen.be/ns/metadata-dcat#")
FORMS = {"dcat.ttl": "turtle", "dcat.rdf": "xml", "dcat.jsonld": "json-ld"}
MODEL_LICENCE = "data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0"


@cache
def shapes() -> Graph:
    return Graph().parse(Path(__file__).with_name("shapes.ttl"))


def faults(graph: Graph) -> str:
    """What the shapes find wrong; nothing when all is well."""
    conforms, _, report = validate(graph, shacl_graph=shapes(), inference="none")
    return "" if conforms else report


def made(environment: str = "production", contact: str | None = None) -> Graph:
    return dcat.graph(resources(environment, contact=contact))


def test_the_three_documents_are_the_same_graph() -> None:
    documents = dict(dcat.documents(resources()))
    assert documents.keys() == FORMS.keys()
    for path, form in FORMS.items():
        assert isomorphic(Graph().parse(documents[path], format=form), made()), path


def test_reading_them_needs_no_context_from_elsewhere() -> None:
    context = json.loads(dict(dcat.documents(resources()))["dcat.jsonld"])["@context"]
    assert isinstance(context, dict)
    assert set(context) >= {"dcat", "dct", "mdcat"}


@pytest.mark.parametrize(("environment", "contact"), [("production", "opendata@example.org"), ("test", "https://example.org/contact")])
def test_the_tables_of_the_profile_are_met(environment: str, contact: str) -> None:
    assert faults(made(environment, contact)) == ""


@dataclass(frozen=True)
class Damage:
    """What is done to one node of a class: a property taken away, put beside, or put in its place."""

    kind: URIRef
    predicate: URIRef
    value: URIRef | Literal | None = None
    beside: bool = False

    def __call__(self, graph: Graph) -> None:
        node = min(node for node in graph.subjects(RDF.type, self.kind) if isinstance(node, URIRef))
        if not self.beside:
            graph.remove((node, self.predicate, None))
        if self.value is not None:
            graph.add((node, self.predicate, self.value))

    def __str__(self) -> str:
        kind, predicate = (re.split("[#/]", name)[-1] for name in (self.kind, self.predicate))
        return f"{kind}-{predicate}-{'without' if self.value is None else 'second' if self.beside else 'wrong'}"


MISSING = {
    DCAT.Catalog: (DCTERMS.license, DCTERMS.title, DCTERMS.identifier, DCTERMS.publisher, DCAT.contactPoint),
    DCAT.CatalogRecord: (DCTERMS.identifier, FOAF.primaryTopic, DCTERMS.modified),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.accessRights, DCAT.distribution, DCAT.keyword, DCAT.theme, MDCAT.statuut),
    DCAT.Distribution: (DCTERMS.title, DCTERMS.license, DCTERMS.identifier, DCAT.accessURL),
    DCAT.DataService: (DCTERMS.title, DCAT.endpointURL, DCAT.endpointDescription, DCTERMS.accessRights, DCTERMS.publisher),
    FOAF.Agent: (FOAF.name,),
    VCARD.Organization: (VCARD.hasEmail,),
}
WRONG = (
    Damage(VCARD.Organization, VCARD.hasEmail, URIRef("https://example.org/opendata@example.org")),
    Damage(VCARD.Organization, VCARD.hasEmail, Literal("opendata@example.org")),
    Damage(DCAT.Catalog, DCTERMS.license, URIRef(f"https://{MODEL_LICENCE}")),
    Damage(DCAT.Distribution, DCTERMS.license, Literal("gratis hergebruik")),
    Damage(DCAT.Distribution, DCTERMS.license, URIRef(f"http://{MODEL_LICENCE}")),
    Damage(DCAT.Dataset, DCTERMS.accessRights, URIRef("http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC")),
    Damage(DCAT.Dataset, DCTERMS.title, Literal("zonder taal")),
    Damage(DCAT.CatalogRecord, DCTERMS.modified, Literal("2026-11-21T00:00:00", datatype=XSD.dateTime)),
    Damage(DCAT.DataService, DCAT.endpointURL, URIRef("/POI/wfs")),
)
SECOND = (
    Damage(DCAT.Dataset, DCTERMS.identifier, Literal("een tweede"), beside=True),
    Damage(DCAT.Dataset, DCTERMS.title, Literal("een tweede titel", lang="nl"), beside=True),
    Damage(DCAT.Distribution, DCAT.accessURL, URIRef("https://example.org/een-tweede"), beside=True),
    Damage(DCAT.Dataset, DCAT.theme, URIRef("http://example.org/geen-begrip"), beside=True),
)
EVERY = (*(Damage(kind, predicate) for kind, predicates in MISSING.items() for predicate in predicates), *WRONG, *SECOND)


def test_the_small_graph_is_whole() -> None:
    assert faults(dcat.graph(small())) == ""


@pytest.mark.parametrize("damage", EVERY, ids=str)
def test_a_graph_that_breaks_the_tables_is_seen(damage: Damage) -> None:
    graph = dcat.graph(small())
    damage(graph)
    assert faults(graph) != ""


def test_every_product_file_and_service_is_in_it() -> None:
    graph, described = made(), resources()
    identifiers = {str(value) for value in graph.objects(None, DCTERMS.identifier)}
    assert {product.uuid for product in SCHEMA.products} | {service.uuid for service in described.services} <= identifiers
    files = {str(value) for value in graph.objects(None, DCAT.downloadURL)}
    assert files == {f"{URL}/downloads/{form.path(d.product)}" for d in described.datasets for form in d.formats}
    assert len(files) == len(FORMATS) * len(SCHEMA.products) - 1, "one was left out"


def test_services_serve_what_they_give_and_catalogues_nothing() -> None:
    graph, described = made(), resources()
    for service in described.services:
        node = URIRef(f"{URL}/catalogus/dcat#{service.uuid}")
        given = {str(value).partition("#")[2] for value in graph.objects(node, DCAT.servesDataset)}
        catalogue = service.kind in (ServiceKind.CSW, ServiceKind.RECORDS)
        assert given == (set() if catalogue else {dataset.product.uuid for dataset in service.datasets}), service.kind
        assert bool(list(graph.subjects(DCAT.accessService, node))) is not catalogue


def test_a_record_leads_to_its_iso_form() -> None:
    graph, product = made(), SCHEMA.products[0]
    record = URIRef(f"{URL}/catalogus/dcat#record-{product.uuid}")
    assert graph.value(record, DCTERMS.source) == URIRef(f"{URL}/catalogus/iso/{product.uuid}.xml")
    assert str(graph.value(record, DCTERMS.modified)) == "2026-11-21T00:00:00+01:00"


def test_the_fixed_sentences_and_the_attribution_go_with_every_data_set() -> None:
    graph = made()
    for dataset in graph.subjects(RDF.type, DCAT.Dataset):
        (dutch,) = (
            str(text) for text in graph.objects(dataset, DCTERMS.description) if isinstance(text, Literal) and text.language == "nl"
        )
        assert "Toestand op 21 november 2026. Staat een adres er niet op, dan bewijst dat niets." in dutch
        assert SCHEMA.words.reuse in dutch
    assert b"Bron: Wonen in Vlaanderen \xe2\x80\x93 Woningen met een conformiteitsattest, toestand 21 november 2026" in graph.serialize(
        encoding="utf-8"
    )


def test_outside_production_every_title_says_test() -> None:
    graph = made("test")
    kinds = (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService)
    titles = [str(title) for kind in kinds for node in graph.subjects(RDF.type, kind) for title in graph.objects(node, DCTERMS.title)]
    assert len(titles) > 50
    assert all(title.startswith("TEST – ") for title in titles)
    assert not any("TEST" in str(title) for title in made().objects(None, DCTERMS.title))


def test_nothing_is_blank_so_that_the_same_content_gives_the_same_bytes() -> None:
    graph = made()
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    assert dict(dcat.documents(resources())) == dict(dcat.documents(resources()))


def test_the_bytes_do_not_depend_on_the_order_of_sets() -> None:
    program = (
        "import hashlib; from exports.catalogue import dcat; from tests.exports.catalogue.example import small; "
        "print([hashlib.sha256(text).hexdigest() for _, text in dcat.documents(small())])"
    )
    seeded = os.environ | {"PYTHONHASHSEED": "1"}
    command, root = [sys.executable, "-c", program], Path(__file__).parents[3]
    other = subprocess.run(command, cwd=root, env=seeded, capture_output=True, text=True, check=True).stdout
    assert other.strip() == str([hashlib.sha256(text).hexdigest() for _, text in dcat.documents(small())])


def test_only_the_date_of_the_content_moves_the_dates() -> None:
    before, after = made(), dcat.graph(resources(since=date(2026, 12, 1)))
    moved = {predicate for _, predicate, _ in before - after}
    assert moved == {DCTERMS.modified, DCTERMS.description, RDFS.label}
    assert str(SINCE) not in after.serialize()


def test_in_xml_a_contact_a_theme_and_a_licence_are_inside_what_has_them() -> None:
    """The schematron of the Flemish catalogue looks there."""
    root = etree.fromstring(dict(dcat.documents(resources()))["dcat.rdf"])
    names = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    for kind in ("Dataset", "DataService"):
        for element in root.iterfind(f".//dcat:{kind}", names):
            assert element.find("dcat:contactPoint/vcard:Organization/vcard:hasEmail", names) is not None
            assert element.find("dcat:theme/skos:Concept", names) is not None
            assert element.find("dct:accessRights/skos:Concept", names) is not None
    for element in root.iterfind(".//dcat:Distribution", names):
        assert element.find("dct:license/dct:LicenseDocument", names) is not None
    assert [child.tag for child in root] == [f"{{{DCAT}}}Catalog"]


def test_a_flemish_licence_is_written_with_https() -> None:
    assert licence(f"http://{MODEL_LICENCE}") == licence(f"https://{MODEL_LICENCE}") == f"https://{MODEL_LICENCE}"
    assert licence("http://example.org/licentie") == "http://example.org/licentie"
