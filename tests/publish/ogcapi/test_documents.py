"""Documents that describe the API: only what is there, with the words that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from publish.ogcapi.conformance import CLASSES
from publish.ogcapi.parameters import ITEM, ITEMS, MAX_LIMIT
from publish.ogcapi.schemas import properties, required
from release.schema import Code
from tests.publish.example import ATTEST, CLAIMS, INVENTORY, POI, PUBLIC_URL, field, text

API = "/ogc/features/v1"


def nodes(document: object) -> Iterator[object]:
    yield document
    for child in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from nodes(child)


def links(document: object) -> list[dict[str, str]]:
    return [node for node in nodes(document) if isinstance(node, dict) and {"href", "rel"} <= set(node)]


@pytest.mark.parametrize("path", ["", "/", "/collections", "/collections/POI", "/collections/WoningkwaliteitsbeleidRegels"])
def test_every_link_leads_to_a_document_of_its_type(client: TestClient, path: str) -> None:
    found = [link for link in links(client.get(API + path).json()) if link["href"].startswith(PUBLIC_URL)]
    assert len(found) >= 5
    for link in found:
        answer = client.get(link["href"].removeprefix(PUBLIC_URL), headers={"Accept": link["type"].partition(";")[0]})
        assert answer.status_code == 200, link
        got = answer.headers["Content-Type"].partition(";")[0]
        assert got == link["type"].partition(";")[0] or link["rel"] == "about", link


def test_the_landing_page_leads_to_definition_conformance_and_data(client: TestClient) -> None:
    found = {link["rel"]: link for link in client.get(API).json()["links"]}
    assert found["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert {"self", "alternate", "conformance", "data"} <= set(found)


def test_the_collections_are_those_of_the_release(client: TestClient) -> None:
    document = client.get(f"{API}/collections").json()
    assert [collection["id"] for collection in document["collections"]] == [
        "POI", ATTEST, INVENTORY, CLAIMS, "Woningkwaliteitsbeleid", "WoningkwaliteitsbeleidRegels",
    ]  # fmt: skip


def test_a_collection_has_its_crs_attribution_licence_and_fixed_sentence(client: TestClient) -> None:
    document = client.get(f"{API}/collections/{ATTEST}").json()
    assert document["attribution"] == f"Bron: Wonen in Vlaanderen – Titel van {ATTEST}, toestand 21 november 2026"
    assert "Toestand op 21 november 2026. Staat een adres er niet op" in document["description"]
    assert document["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert document["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/31370"
    assert document["storageCrs"] in document["crs"]
    assert document["itemType"] == "feature"
    assert "license" in {link["rel"] for link in document["links"]}


def test_a_collection_leads_to_its_data_files_licence_metadata_schemas_tiles_and_styles(client: TestClient) -> None:
    found = links(client.get(f"{API}/collections/{ATTEST}").json())
    base = f"{PUBLIC_URL}{API}/collections/{ATTEST}"
    assert {link["type"]: link["href"] for link in found if link["rel"] == "items"} == {
        "application/geo+json": f"{base}/items?f=json",
        "application/gml+xml; version=3.2": f"{base}/items?f=gml",
        "text/csv": f"{base}/items?f=csv",
        "application/flatgeobuf": f"{base}/items?f=fgb",
        "text/html": f"{base}/items?f=html",
    }
    described = {link["type"]: link["href"] for link in found if link["rel"] == "describedby"}
    assert described["application/vnd.iso.19139+xml"].startswith(f"{PUBLIC_URL}/catalogus/iso/")
    assert described["application/xml"] == f"{base}/schema?f=xsd"
    ogc = {link["rel"].rpartition("/")[2]: link["href"] for link in found if link["rel"].startswith("http://www.opengis.net/def/rel/")}
    assert ogc["tilesets-vector"] == f"{PUBLIC_URL}/ogc/tiles/v1/collections/{ATTEST}/tiles"
    assert ogc["styles"] == f"{PUBLIC_URL}/stijlen"
    assert {"schema", "queryables"} < ogc.keys()


@pytest.mark.parametrize("collection", ["POI", ATTEST, "WoningkwaliteitsbeleidRegels"])
def test_an_enclosure_is_a_file_of_the_length_that_it_says(client: TestClient, collection: str) -> None:
    found = [link for link in links(client.get(f"{API}/collections/{collection}").json()) if link["rel"] == "enclosure"]
    assert len(found) == (3 if collection.endswith("Regels") else 7)
    for link in found:
        answer = client.get(link["href"].removeprefix(PUBLIC_URL))
        assert (len(answer.content), answer.headers["Content-Type"], link["hreflang"]) == (link["length"], link["type"], "nl")
        assert link["title"]


def test_a_collection_counts_its_features(client: TestClient) -> None:
    counts = {each["id"]: each["itemCount"] for each in client.get(f"{API}/collections").json()["collections"]}
    assert (counts["POI"], counts[ATTEST], counts["WoningkwaliteitsbeleidRegels"]) == (6, 3, 2)


def test_the_landing_page_has_licence_attribution_and_metadata(client: TestClient) -> None:
    document = client.get(API).json()
    assert document["attribution"] == "Bron: Wonen in Vlaanderen – Woningkwaliteit in Vlaanderen, toestand 21 november 2026"
    assert {"service-desc", "service-doc", "conformance", "data", "license", "describedby"} <= {link["rel"] for link in document["links"]}


@pytest.mark.parametrize(("lang", "said"), [("nl", "Titel van POI. "), ("en", "Titel van POI in English. ")])
def test_the_landing_page_says_what_the_service_is_and_leads_to_its_neighbours(client: TestClient, lang: str, said: str) -> None:
    document = client.get(f"{API}?lang={lang}").json()
    assert "OGC API Features" in document["description"] and said in document["description"]
    assert document["description"].endswith("Adresgegevens kunnen persoonsgegevens zijn.")
    beside = {link["href"].removeprefix(PUBLIC_URL).partition("?")[0] for link in document["links"] if link["rel"] == "related"}
    assert beside == {"/ogc/tiles/v1", "/ogc/records/v1", "/POI/wfs", "/POI/wms", "/LWKB/wfs", "/LWKB/wms"}
    assert {"rel": "http://www.opengis.net/def/rel/ogc/1.0/styles", "href": f"{PUBLIC_URL}/stijlen"}.items() <= document["links"][
        -1
    ].items()


@pytest.mark.parametrize("path", ["", "/collections", f"/collections/{ATTEST}"])
def test_titles_of_links_are_in_the_language_of_the_answer(client: TestClient, path: str) -> None:
    def titles(language: str) -> list[str]:
        answer = client.get(f"{API}{path}?lang={language}")
        assert answer.headers["Content-Language"] == language
        return [link["title"] for link in answer.json()["links"]]

    dutch, english = titles("nl"), titles("en")
    assert (dutch[0], english[0]) == ("Dit document als JSON", "This document as JSON")
    same = {title for title, other in zip(dutch, english, strict=True) if title == other}
    assert same <= {"Modellicentie voor gratis hergebruik", "Metadata (ISO 19139)"}


@pytest.mark.parametrize(
    ("path", "relations"),
    [
        ("", {"service-desc", "service-doc", "conformance", "data", "license", "describedby"}),
        ("/collections", {"license"}),
        (f"/collections/{ATTEST}", {"items", "license", "describedby"}),
    ],
)
@pytest.mark.parametrize("f", ["json", "html"])
def test_what_leads_on_is_in_the_header_too(client: TestClient, path: str, relations: set[str], f: str) -> None:
    answer = client.get(f"{API}{path}?f={f}")
    assert set(re.findall(r'rel="([^"]*)"', answer.headers["Link"])) == relations
    assert all(link["href"] in answer.headers["Link"] for link in client.get(f"{API}{path}").json()["links"] if link["rel"] in relations)
    assert len(answer.headers["Link"]) < 3_000


def test_a_table_has_the_crs_that_everything_has_and_is_nowhere(client: TestClient) -> None:
    one = client.get(f"{API}/collections/WoningkwaliteitsbeleidRegels").json()
    assert one["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
    assert not {"storageCrs", "extent"} & set(one)
    listed = {each["id"]: each for each in client.get(f"{API}/collections").json()["collections"]}
    assert listed["WoningkwaliteitsbeleidRegels"]["crs"] == one["crs"]
    assert "storage" not in client.get(f"{API}/collections/WoningkwaliteitsbeleidRegels?f=html&lang=en").text


def test_texts_are_in_the_language_that_is_asked_for(client: TestClient) -> None:
    assert client.get(f"{API}/collections/POI").json()["title"] == "Titel van POI"
    assert client.get(f"{API}/collections/POI?lang=en").json()["title"] == "Titel van POI in English"
    queryables = client.get(f"{API}/collections/POI/queryables?lang=en").json()
    assert queryables["properties"]["STRAAT"]["title"] == "Betekenis van STRAAT in English"


def test_queryables_are_the_fields_and_nothing_else_is_allowed(client: TestClient) -> None:
    answer = client.get(f"{API}/collections/POI/queryables")
    assert answer.headers["Content-Type"] == "application/schema+json"
    document = answer.json()
    assert set(document["properties"]) == {"geometry", *(field.name for field in POI.fields)}
    assert document["properties"]["geometry"] == {
        "title": "ligging", "format": "geometry-point", "x-ogc-role": "primary-geometry", "x-ogc-propertySeq": 11,
    }  # fmt: skip
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["properties"]["OIDN"]["type"] == "integer"
    assert document["additionalProperties"] is False
    assert document["$id"] == f"{PUBLIC_URL}{API}/collections/POI/queryables"


def test_the_schema_has_types_and_lengths(client: TestClient) -> None:
    properties = client.get(f"{API}/collections/POI/schema").json()["properties"]
    assert properties["GEMEENTE"] == {"type": "string", "title": "Betekenis van GEMEENTE", "maxLength": 40, "x-ogc-propertySeq": 8}
    assert properties["ADRESID"]["format"] == "uri"
    policy = client.get(f"{API}/collections/Woningkwaliteitsbeleid/schema").json()["properties"]
    assert (policy["CAVERPLVAN"]["format"], policy["CAVERGOED"]["type"]) == ("date", "number")
    assert policy["geometry"]["format"] == "geometry-multipolygon"
    assert "geometry" not in client.get(f"{API}/collections/WoningkwaliteitsbeleidRegels/schema").json()["properties"]


def test_a_schema_gives_the_codes_of_a_field_and_the_fields_that_are_always_there() -> None:
    codes = (Code(value="J", title=text("ja")), Code(value="N", title=text("nee")))
    coded = field("KAMERREGL", length=1).model_copy(update={"codes": codes, "required": True})
    kind = POI.model_copy(update={"fields": (coded, field("GEMEENTE"))})
    assert properties(kind, "nl")["KAMERREGL"]["enum"] == ["J", "N"]  # type: ignore[index] # a JSON Schema
    assert required(kind) == ["KAMERREGL"]


def test_every_field_of_the_schema_can_be_queried(client: TestClient) -> None:
    for name in client.get(f"{API}/collections/POI/queryables").json()["properties"]:
        filter_ = f"{name} IS NULL"
        assert client.get(f"{API}/collections/POI/items", params={"filter": filter_}).status_code == 200


def test_conformance_claims_what_is_true(client: TestClient) -> None:
    claimed = client.get(f"{API}/conformance").json()["conformsTo"]
    assert claimed == list(CLASSES)
    assert len(set(claimed)) == len(claimed)
    assert not [name for name in claimed if "features-4" in name or "records" in name or "accent" in name or "arithmetic" in name]
    assert "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter" in claimed


@pytest.mark.parametrize("path", ["", "/openapi", "/conformance", "/collections", "/collections/POI", "/collections/POI/queryables"])
def test_documents_refuse_unknown_parameters_and_formats(client: TestClient, path: str) -> None:
    for query in ("nothing=1", "f=xml", "f=jsonld", "f=csv", "ui=redoc"):
        assert client.get(f"{API}{path}?{query}").status_code == 400


@pytest.mark.parametrize("path", ["", "/openapi", "/conformance", "/collections", "/collections/POI", "/collections/POI/schema"])
def test_a_client_that_has_a_document_gets_304(client: TestClient, path: str) -> None:
    tag = client.get(API + path).headers["ETag"]
    assert client.get(API + path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{API}{path}?lang=en", headers={"If-None-Match": tag}).status_code == 200


def test_a_browser_gets_pages_and_a_program_json(client: TestClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get(API, headers=browser).headers["Content-Type"].startswith("text/html")
    assert client.get(API, headers={"Accept": "*/*"}).headers["Content-Type"] == "application/json"
    assert client.get(f"{API}?f=json", headers=browser).headers["Content-Type"] == "application/json"


class TestOpenApi:
    @pytest.fixture
    def document(self, client: TestClient) -> dict:
        answer = client.get(f"{API}/openapi")
        assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
        return answer.json()

    @staticmethod
    def parameters(document: dict, path: str) -> dict[str, dict]:
        listed = document["paths"][path]["get"]["parameters"]
        resolved = [document["components"]["parameters"][p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in listed]
        return {parameter["name"]: parameter for parameter in resolved}

    def test_every_reference_is_within_the_document_and_leads_somewhere(self, document: dict) -> None:
        references = [node["$ref"] for node in nodes(document) if isinstance(node, dict) and "$ref" in node]
        assert len(references) > 20
        for reference in references:
            assert reference.startswith("#/components/")
            _, kind, name = reference.removeprefix("#/").split("/")
            assert name in document["components"][kind]

    def test_every_parameter_that_is_accepted_is_described_and_no_other(self, document: dict) -> None:
        fields = {field.name for field in POI.fields}
        assert set(self.parameters(document, "/collections/POI/items")) == ITEMS | fields
        assert set(self.parameters(document, "/collections/POI/items/{featureId}")) == ITEM | {"featureId"}
        assert set(self.parameters(document, "/collections/POI")) == {"f", "lang"}
        table = set(self.parameters(document, "/collections/WoningkwaliteitsbeleidRegels/items"))
        assert ITEMS - table == {"filter-crs", "skipGeometry"}
        assert "crs" in self.parameters(document, "/collections/WoningkwaliteitsbeleidRegels/items/{featureId}")

    def test_limit_bbox_and_datetime_have_the_form_of_the_standard(self, document: dict) -> None:
        found = self.parameters(document, "/collections/POI/items")
        assert found["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 100}
        for name in ("bbox", "datetime"):
            assert (found[name]["in"], found[name]["style"], found[name]["explode"]) == ("query", "form", False)

    def test_every_path_is_answered(self, client: TestClient, document: dict) -> None:
        assert document["servers"][0]["url"] == PUBLIC_URL + API
        assert len(document["paths"]) == 4 + 6 * 5
        for path, item in document["paths"].items():
            assert set(item) == {"get"}
            collection = (path.split("/") + [""] * 3)[2]
            number = {"Woningkwaliteitsbeleid": "11002", "WoningkwaliteitsbeleidRegels": "1", ATTEST: "101", CLAIMS: "106"}.get(
                collection, "104"
            )
            assert client.get(API + path.replace("{featureId}", number)).status_code == 200, path

    def test_it_is_small_enough_for_qgis(self, client: TestClient) -> None:
        assert len(client.get(f"{API}/openapi").content) < 60_000
        assert not re.search(r"tile|process|record", client.get(f"{API}/openapi").text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("S_INTERSECTS(SHAPE, POLYGON((2 50, 7 50, 7 52, 2 52, 2 50)))", True),
        ("S_DISJOINT(SHAPE, POLYGON((2 50, 7 50, 7 52, 2 52, 2 50)))", False),
        ("S_WITHIN(SHAPE, POLYGON((2 50, 7 50, 7 52, 2 52, 2 50)))", True),
        ("NAAM = NAAM", True),
        ("NAAM <> NAAM", False),
    ],
)
def test_filters_of_the_classes_that_are_claimed_are_answered(client: TestClient, text: str, matched: bool) -> None:
    reply = client.get(f"{API}/collections/POI/items", params={"filter": text, "limit": 1})
    assert reply.status_code == 200
    assert (reply.json()["numberMatched"] > 0) is matched
