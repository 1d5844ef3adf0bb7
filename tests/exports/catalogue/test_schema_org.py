"""A data set for search engines: what it says, and that a page can hold it as it is."""

from __future__ import annotations

import json
from dataclasses import replace

from lxml import html
from rdflib import RDF, Graph, Namespace, URIRef

from exports.catalogue.schema_org import dataset_jsonld
from exports.resources import Resources
from release.schema import Text
from tests.exports.catalogue.example import SCHEMA, URL, resources

SCHEMA_ORG = Namespace("https://schema.org/")


def test_a_data_set_has_what_search_engines_ask() -> None:
    described = resources()
    for dataset in described.datasets:
        found = json.loads(dataset_jsonld(dataset, described))
        assert found["@type"] == "Dataset"
        assert 50 <= len(found["description"]) <= 5000
        assert found["identifier"] == [dataset.product.uuid, f"{URL}/catalogus/iso/{dataset.product.uuid}.xml"]
        assert found["license"] == "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0"
        assert found["isAccessibleForFree"] is True
        assert {"Woningkwaliteit", "Vlaamse Open data"} <= set(found["keywords"])
        assert found["creditText"] == f"Bron: Wonen in Vlaanderen – {dataset.product.title.nl}, toestand 21 november 2026"
        assert found["spatialCoverage"]["geo"]["box"] == "50.67 2.53 51.51 5.92"
        assert [file["contentUrl"] for file in found["distribution"]] == [
            f"{URL}/downloads/{form.path(dataset.product)}" for form in dataset.formats
        ]
        assert all(file["sha256"] == "ab" * 32 for file in found["distribution"])


def test_it_has_the_same_name_as_in_dcat() -> None:
    described = resources()
    text = dataset_jsonld(described.datasets[0], described)
    local = json.loads(text) | {"@context": {"@vocab": str(SCHEMA_ORG)}}
    graph = Graph().parse(data=json.dumps(local), format="json-ld")
    assert (URIRef(f"{URL}/catalogus/dcat#{described.datasets[0].product.uuid}"), RDF.type, SCHEMA_ORG.Dataset) in graph


def test_no_text_ends_the_element_that_it_stands_in() -> None:
    described, hostile = resources(), Text(nl="</script><script>alert(1)</script> <!-- & ", en="x")
    first = described.datasets[0]
    dataset = replace(first, product=first.product.model_copy(update={"title": hostile}))
    text = dataset_jsonld(dataset, described)
    assert not set("<>&") & set(text)
    page = html.document_fromstring(f'<html><body><script type="application/ld+json">{text}</script></body></html>')
    (script,) = page.iter("script")
    assert json.loads(script.text or "")["name"] == hostile.nl


def test_outside_production_the_name_says_test() -> None:
    described: Resources = resources("test")
    assert json.loads(dataset_jsonld(described.datasets[0], described))["name"] == f"TEST – {SCHEMA.products[0].title.nl}"
