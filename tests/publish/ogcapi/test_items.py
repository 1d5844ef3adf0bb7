"""Items: which features, in what form, order and CRS, and what is refused."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from tests.publish.example import ATTEST, CLAIMS, INVENTORY, PUBLIC_URL

COLLECTIONS = "/ogc/features/v1/collections"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def items(client: TestClient, collection: str = "POI", **params: object) -> dict:
    query = urlencode({name.replace("_", "-"): str(value) for name, value in params.items()})
    answer = client.get(f"{COLLECTIONS}/{collection}/items?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(client: TestClient, collection: str = "POI", **params: object) -> list[int]:
    document = items(client, collection, **params)
    assert document["numberReturned"] == len(document["features"])
    return [int(feature["id"].rpartition(".")[2]) for feature in document["features"]]


def refused(client: TestClient, query: str, collection: str = "POI") -> str:
    answer = client.get(f"{COLLECTIONS}/{collection}/items?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "InvalidParameterValue"
    return answer.json()["description"]


def test_a_page_is_a_feature_collection_in_longitude_and_latitude(client: TestClient) -> None:
    answer = client.get(f"{COLLECTIONS}/POI/items")
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    document = answer.json()
    assert document["type"] == "FeatureCollection"
    assert (document["numberMatched"], document["numberReturned"]) == (6, 6)
    assert document["timeStamp"] == "2026-11-21T13:00:00Z"
    assert "crs" not in document
    first = document["features"][0]
    assert first["geometry"]["coordinates"] == pytest.approx([3.7128, 51.0453], abs=0.0001)
    assert first["properties"]["STRAAT"] == "Kerkstraat"
    assert first["properties"]["BUSNR"] is None


def test_an_object_without_a_position_is_there_with_a_null_geometry(client: TestClient) -> None:
    (feature,) = [feature for feature in items(client)["features"] if feature["id"] == "POI.105"]
    assert feature["geometry"] is None


@pytest.mark.parametrize(
    ("collection", "expected"),
    [("POI", [101, 102, 103, 104, 105, 106]), (ATTEST, [101, 102, 103]), (INVENTORY, [104, 105]), (CLAIMS, [106])],
)
def test_a_product_is_a_collection_of_its_own(client: TestClient, collection: str, expected: list[int]) -> None:
    assert ids(client, collection) == expected


def test_municipalities_and_their_rules_are_collections(client: TestClient) -> None:
    without, with_shape = items(client, "Woningkwaliteitsbeleid")["features"]
    assert without["geometry"] is None
    assert with_shape["geometry"]["type"] == "MultiPolygon"
    assert with_shape["properties"] == {"NISCODE": "44021", "NAAM": "Gent", "CAVERPLVAN": "2024-01-01", "CAVERGOED": 62.5}
    rules = items(client, "WoningkwaliteitsbeleidRegels")["features"]
    assert [rule["properties"]["WAARDE"] for rule in rules] == ["5 jaar", "62,50 euro"]
    assert all(rule["geometry"] is None for rule in rules)


def test_pages_follow_each_other_by_their_links_without_gap_or_double(client: TestClient) -> None:
    seen, address = [], f"{COLLECTIONS}/POI/items?limit=4&GEMEENTE=Antwerpen&f=json"
    address = f"{COLLECTIONS}/POI/items?limit=4"
    while address:
        page = client.get(address).json()
        assert page["numberMatched"] == 6
        seen += [feature["id"] for feature in page["features"]]
        address = next((link["href"].removeprefix(PUBLIC_URL) for link in page["links"] if link["rel"] == "next"), "")
    assert seen == [f"POI.{number}" for number in range(101, 107)]


def test_links_keep_the_question(client: TestClient) -> None:
    page = items(client, limit=1, offset=1, PRODUCT=ATTEST, crs=f"{EPSG}31370")
    links = {link["rel"]: link["href"] for link in page["links"]}
    assert {"self", "alternate", "next", "prev", "collection"} == set(links)
    for rel, first in (("next", 103), ("prev", 101)):
        follow = client.get(links[rel].removeprefix(PUBLIC_URL)).json()
        assert [feature["id"] for feature in follow["features"]] == [f"POI.{first}"]
        assert follow["features"][0]["geometry"]["coordinates"][0] > 100_000


def test_the_last_page_has_no_next_and_the_first_no_previous(client: TestClient) -> None:
    assert not {"next", "prev"} & {link["rel"] for link in items(client)["links"]}
    beyond = items(client, offset=100)
    assert (beyond["numberMatched"], beyond["features"]) == (6, [])


def test_programs_find_the_number_and_the_next_page_in_headers_too(client: TestClient) -> None:
    headers = client.get(f"{COLLECTIONS}/POI/items?limit=2&f=csv").headers
    assert (headers["OGC-NumberMatched"], headers["OGC-NumberReturned"]) == ("6", "2")
    assert re.search(
        rf'<{PUBLIC_URL}{COLLECTIONS}/POI/items\?limit=2&cursor=2\.[0-9a-f]{{16}}\.20261121&f=csv>; rel="next"', headers["Link"]
    )


RELATIONS = re.compile(r'<([^>]*)>; rel="([^"]*)"; type="([^"]*)"')


@pytest.mark.parametrize("f", ["gml", "csv", "fgb"])
def test_formats_without_room_for_links_have_all_of_them_in_the_header(client: TestClient, f: str) -> None:
    here = f"{PUBLIC_URL}{COLLECTIONS}/POI"
    found = RELATIONS.findall(client.get(f"{COLLECTIONS}/POI/items?PRODUCT={ATTEST}&limit=1&offset=1&f={f}").headers["Link"])
    links = {(rel, type_): href for href, rel, type_ in found}
    assert {rel for rel, _ in links} == {"self", "alternate", "next", "prev", "collection", "license", "describedby"}
    assert links["collection", "application/json"] == here
    alternates = [href for (rel, _), href in links.items() if rel == "alternate"]
    assert sorted(href.rpartition("f=")[2] for href in alternates) == sorted({"json", "gml", "csv", "fgb", "html"} - {f})
    for href in alternates:
        assert client.get(href.removeprefix(PUBLIC_URL)).headers["OGC-NumberMatched"] == "3"


def test_one_feature_in_gml_has_its_links_in_the_header(client: TestClient) -> None:
    found = RELATIONS.findall(client.get(f"{COLLECTIONS}/{ATTEST}/items/POI.101?f=gml").headers["Link"])
    assert {rel for _, rel, _ in found} == {"self", "alternate", "collection", "license", "describedby"}


def test_titles_of_links_are_in_the_language_that_is_asked_for(client: TestClient) -> None:
    def titles(**params: object) -> set[str]:
        return {link["title"] for link in items(client, limit=1, offset=1, **params)["links"]}

    assert {"Dit document als GeoJSON", "Volgende pagina als GeoJSON", "Vorige pagina als GeoJSON"} <= titles()
    assert {"This document as GeoJSON", "Next page as GeoJSON", "Previous page as GeoJSON"} <= titles(lang="en")


def test_a_question_too_long_for_a_header_still_has_its_next_page_there(client: TestClient) -> None:
    chosen = ", ".join(f"'{'x' * 50}{number}'" for number in range(60))
    for f in ("json", "csv"):
        params = {"filter": f"NAAM NOT IN ({chosen})", "limit": 2, "f": f}
        link = client.get(f"{COLLECTIONS}/POI/items", params=params).headers["Link"]
        assert 'rel="next"' in link and 'rel="self"' not in link


def test_a_long_question_loses_the_other_formats_first(client: TestClient) -> None:
    params = {"filter": f"NAAM <> '{'x' * 700}'", "limit": 2, "f": "csv"}
    link = client.get(f"{COLLECTIONS}/POI/items", params=params).headers["Link"]
    assert {rel for _, rel, _ in RELATIONS.findall(link)} == {"next", "self", "license", "describedby"}


def test_more_than_the_maximum_gives_the_maximum(client: TestClient) -> None:
    assert len(ids(client, limit=999_999)) == 6


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        (f"{EPSG}31370", [104000.25, 193000.5]),
        (f"{EPSG}3812", [604000.0, 693000.0]),
        (f"{EPSG}4326", [51.0453, 3.7128]),
        (f"{EPSG}4258", [51.0453, 3.7128]),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", [3.7128, 51.0453]),
        (f"{EPSG}3857", [413_308.0, 6_630_000.0]),
    ],
)
def test_every_crs_has_the_axis_order_of_its_authority(client: TestClient, crs: str, expected: list[float]) -> None:
    answer = client.get(f"{COLLECTIONS}/POI/items?{urlencode({'crs': crs, 'OIDN': 101})}")
    assert answer.headers["Content-Crs"] == f"<{crs}>"
    (feature,) = answer.json()["features"]
    assert feature["geometry"]["coordinates"] == pytest.approx(expected, rel=0.01)


def test_polygons_turn_their_axes_too(client: TestClient) -> None:
    def corner(crs: str) -> list[float]:
        return items(client, "Woningkwaliteitsbeleid", NISCODE="44021", crs=crs)["features"][0]["geometry"]["coordinates"][0][0][0]

    degrees = corner("http://www.opengis.net/def/crs/OGC/1.3/CRS84")
    assert corner(f"{EPSG}4326") == degrees[::-1]
    assert corner(f"{EPSG}31370") == [110000, 190000]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"bbox": "3.70,51.04,3.72,51.05"}, [101, 102]),
        ({"bbox": "3.70,51.04,0,3.72,51.05,100"}, [101, 102]),
        ({"bbox": "51.04,3.70,51.05,3.72", "bbox_crs": f"{EPSG}4326"}, [101, 102]),
        ({"bbox": "103999,192999,104001,193001", "bbox_crs": f"{EPSG}31370"}, [101]),
        ({"bbox": "104000.25,193000.5,104000.25,193000.5", "bbox_crs": f"{EPSG}31370"}, [101]),
        ({"bbox": "0,0,1,1"}, []),
    ],
)
def test_a_box_selects_what_lies_in_it(client: TestClient, params: dict[str, str], expected: list[int]) -> None:
    assert ids(client, **params) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"bbox": "177,65,-177,70"}, []),
        ({"bbox": "3.70,51.04,-177,51.05"}, [101, 102]),
        ({"bbox": "177,51.04,3.72,51.05"}, [101, 102]),
        ({"bbox": "177,51.04,0,3.72,51.05,100"}, [101, 102]),
        ({"bbox": "4,51.04,3,51.05"}, []),
        ({"bbox": "51.04,3.70,51.05,-177", "bbox_crs": f"{EPSG}4326"}, [101, 102]),
        ({"bbox": "51.04,177,51.05,3.72", "bbox_crs": f"{EPSG}4258"}, [101, 102]),
        ({"bbox": "177,51.04,3.72,51.05", "GEMEENTE": "Antwerpen"}, []),
    ],
)
def test_a_box_in_degrees_may_span_the_antimeridian(client: TestClient, params: dict[str, str], expected: list[int]) -> None:
    assert ids(client, **params) == expected


def test_an_area_meets_a_box_that_spans_the_antimeridian(client: TestClient) -> None:
    assert [ids(client, "Woningkwaliteitsbeleid", bbox=box) for box in ("177,50,3.75,52", "177,50,3,52")] == [[44021], []]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"PRODUCT": INVENTORY}, [104, 105]),
        ({"GEMEENTE": "Gent", "HUISNR": "12A"}, [102]),
        ({"OIDN": "103"}, [103]),
        ({"STRAAT": 'Place "Général" <Ruquoy>'}, [103]),
        ({"PRODUCT": "gent"}, []),
        *(
            ({"datetime": text}, [101, 102, 103, 104, 105, 106])
            for text in (
                "2020-01-01T00:00:00Z/..",
                "../2020-01-01",
                "/2020-01-01",
                "2020-01-01",
                "2020-01-01/2020-01-01",
                "2020-01-01T12:00:00Z/2020-01-01",
                "2020-01-01/2020-01-01T00:00:00Z",
                "2020-01-01T00:30:00+01:00/2019-12-31T23:30:00Z",
                "0001-01-01T00:00:00+14:00/9999-12-31",
            )
        ),
    ],
)
def test_properties_select_by_their_value(client: TestClient, params: dict[str, str], expected: list[int]) -> None:
    assert ids(client, **params) == expected


def test_order_selection_of_properties_and_hits(client: TestClient) -> None:
    assert ids(client, sortby="-GEMEENTE,STRAAT,-HUISNR") == [105, 106, 102, 101, 104, 103]
    assert ids(client, sortby="-OIDN,OIDN") == [106, 105, 104, 103, 102, 101]
    (first, *_) = items(client, properties="STRAAT,GEMEENTE", skipGeometry="true")["features"]
    assert (first["geometry"], first["properties"]) == (None, {"STRAAT": "Kerkstraat", "GEMEENTE": "Gent"})
    hits = items(client, resulttype="hits")
    assert (hits["numberMatched"], hits["numberReturned"], hits["features"]) == (6, 0, [])


def test_the_geometry_may_be_named_among_the_properties_as_the_schema_names_it(client: TestClient) -> None:
    for name in ("geometry", "SHAPE"):
        (first, *_) = items(client, properties=f"STRAAT,{name}")["features"]
        assert (first["geometry"]["type"], first["properties"]) == ("Point", {"STRAAT": "Kerkstraat"})
        (first, *_) = items(client, properties=name)["features"]
        assert (first["geometry"]["type"], first["properties"]) == ("Point", {})
    assert "no field 'geometry'" in refused(client, "properties=geometry", "WoningkwaliteitsbeleidRegels")


def test_a_refused_crs_says_which_ones_there_are(client: TestClient) -> None:
    said = refused(client, "bbox=3.6,51,3.8,51.1&bbox-crs=EPSG:4326")
    assert CRS84 in said and f"{EPSG}4326" in said
    assert ids(client, crs=f"{EPSG}31370".replace("http:", "https:")) == [101, 102, 103, 104, 105, 106]


def test_a_refused_time_leads_to_a_filter_where_there_is_a_date(client: TestClient) -> None:
    """GDAL makes such a value of `-where "CAVERPLVAN > '2020/01/01'"`; `datetime` has no effect, so taking it would give too much."""
    said = refused(client, "datetime=2020-01-01T/..", "Woningkwaliteitsbeleid")
    offered = said.partition("give filter=")[2]
    assert offered == "CAVERPLVAN>DATE('2020-01-01')"
    assert ids(client, "Woningkwaliteitsbeleid", filter=offered) == [44021]
    assert "filter=" not in refused(client, "datetime=2020-01-01T/..")


@pytest.mark.parametrize("f", ["json", "application/geo+json", "application/geo json", "application/json"])
def test_geojson_has_the_names_that_clients_use(client: TestClient, f: str) -> None:
    assert client.get(f"{COLLECTIONS}/POI/items", params={"f": f}).headers["Content-Type"] == "application/geo+json"


def test_a_script_that_reads_pages_until_a_short_one_gets_everything(client: TestClient) -> None:
    """The request of the Python client in client-requests: pages by limit and offset, at the address of the POI service."""
    path, names = "/POI/ogc/features/v1/collections/POI/items?f=application/geo+json&limit=4&offset={}", []
    for offset in (0, 4):
        answer = client.get(path.format(offset), headers={"Accept": "application/geo+json"}, follow_redirects=False)
        page = client.get(answer.headers["Location"].removeprefix(PUBLIC_URL)).json()
        names += [feature["id"] for feature in page["features"]]
    assert len(set(names)) == 6


def test_csv_has_every_column_and_both_coordinates(client: TestClient) -> None:
    answer = client.get(f"{COLLECTIONS}/{ATTEST}/items?f=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ATTEST}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["OIDN"] for row in rows] == ["101", "102", "103"]
    assert (rows[0]["X_L72"], rows[0]["Y_L72"]) == ("104000.25", "193000.50")
    assert rows[2]["STRAAT"] == 'Place "Général" <Ruquoy>'


@pytest.mark.parametrize(
    "query",
    [
        "nothing=1",
        "PRODUCTEN=x",
        "limit=0",
        "limit=-1",
        "limit=unlimited",
        "limit=1.5",
        "limit=",
        "limit=1&limit=2",
        "offset=-1",
        "offset=x",
        "bbox=1,2,3",
        "bbox=1,2,3,4,5",
        "bbox=a,b,c,d",
        "bbox=nan,0,1,1",
        "bbox=0,0,inf,1",
        "bbox=1,1,0,0",
        "bbox=177,70,-177,65",
        "bbox=200000,0,100000,300000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/31370",
        "bbox=800000,0,400000,900000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3812",
        "bbox=500000,0,400000,9000000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857",
        "bbox-crs=http://www.opengis.net/def/crs/EPSG/0/31370",
        "bbox=0,0,1,1&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/9999",
        "crs=http://www.opengis.net/def/crs/EPSG/0/9999",
        "crs=",
        "crs=EPSG:4326",
        "bbox=3.6,51,3.8,51.1&bbox-crs=EPSG:4326",
        "bbox=3.6,51,3.8,51.1&bbox-crs=[EPSG:4326]",
        "bbox=3.6,51,3.8,51.1&bbox-crs=CRS84",
        "bbox=51,3.6,51.1,3.8&bbox-crs=urn:ogc:def:crs:EPSG::4326",
        "bbox=3.6,51,3.8,51.1&bbox-crs=http://www.opengis.net/gml/srs/epsg.xml%234326",
        "filter=S_INTERSECTS(geometry,POINT(3.7 51))&filter-crs=EPSG:4326",
        "datetime=yesterday",
        "datetime=2026-13-01",
        "datetime=",
        "datetime=..",
        "datetime=2030-01-01/2020-01-01",
        "datetime=2020-01-02/2020-01-01T23:59:59Z",
        "datetime=2020-01-01T00:30:00-01:00/2020-01-01T00:30:00Z",
        "datetime=2020-01-01T/..",
        "datetime=2026-11-21/2026-11-22/2026-11-23",
        "f=xml",
        "f=",
        "OIDN=x",
        "sortby=NOTHING",
        "sortby=",
        "sortby=" + ",".join(["OIDN"] * 41),
        "properties=NOTHING",
        "properties=",
        "properties=geometry&skipGeometry=true",
        "skipGeometry=perhaps",
        "resulttype=all",
        "filter-lang=cql-text&filter=OIDN%3D1",
        "f=csv&crs=http://www.opengis.net/def/crs/EPSG/0/3812",
        "cursor=",
        "cursor=10",
        "cursor=-1.0123456789abcdef.20261121",
        "cursor=1.0123456789abcdef.20261121&offset=1",
    ],
)
def test_what_is_not_known_or_does_not_fit_is_refused(client: TestClient, query: str) -> None:
    refused(client, query)


@pytest.mark.parametrize("params", [{"bbox": "2,50,6,52"}, {"bbox": "177,65,-177,70"}, {"bbox": "0,0,1,1", "bbox_crs": CRS84}])
def test_a_box_leaves_out_nothing_of_a_table(client: TestClient, params: dict[str, str]) -> None:
    assert ids(client, "WoningkwaliteitsbeleidRegels", **params) == [1, 2]


def test_a_table_has_no_other_crs_than_the_one_that_everything_has(client: TestClient) -> None:
    assert ids(client, "WoningkwaliteitsbeleidRegels", crs=CRS84) == [1, 2]
    for query in (f"crs={EPSG}31370", f"bbox=0,0,1,1&bbox-crs={EPSG}4326", f"filter=WAARDE%3D1&filter-crs={EPSG}4326"):
        assert "geometry" in refused(client, query, "WoningkwaliteitsbeleidRegels")
    refused(client, "bbox=1,1,0,0", "WoningkwaliteitsbeleidRegels")


@pytest.mark.parametrize("query", ["", "&skipGeometry=true", "&resulttype=hits", "&bbox=0,0,1,1"])
@pytest.mark.parametrize("f", ["json", "gml", "csv", "fgb", "html"])
@pytest.mark.parametrize("collection", ["POI", "Woningkwaliteitsbeleid", "WoningkwaliteitsbeleidRegels"])
def test_every_answer_says_its_crs(client: TestClient, collection: str, f: str, query: str) -> None:
    answer = client.get(f"{COLLECTIONS}/{collection}/items?f={f}{query}")
    assert (answer.status_code, answer.headers["Content-Crs"]) == (200, f"<{CRS84}>")


@pytest.mark.parametrize("f", ["json", "gml", "html"])
@pytest.mark.parametrize("path", [f"{ATTEST}/items/POI.101", "WoningkwaliteitsbeleidRegels/items/WoningkwaliteitsbeleidRegels.1"])
def test_one_feature_says_its_crs(client: TestClient, path: str, f: str) -> None:
    answer = client.get(f"{COLLECTIONS}/{path}?f={f}")
    assert (answer.status_code, answer.headers["Content-Crs"]) == (200, f"<{CRS84}>")


@pytest.mark.parametrize("collection", ["dUmmYColLection", "poi", "POI:POI", "RegisterHerstelvorderingen_Adressen"])
def test_a_collection_that_there_is_not_is_404(client: TestClient, collection: str) -> None:
    for path in ("", "/items", "/items/POI.101", "/queryables", "/schema"):
        answer = client.get(f"{COLLECTIONS}/{collection}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


def test_a_client_that_has_the_page_gets_304(client: TestClient) -> None:
    whole = client.get(f"{COLLECTIONS}/POI/items")
    again = client.get(f"{COLLECTIONS}/POI/items", headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{COLLECTIONS}/POI/items?f=csv", headers={"If-None-Match": whole.headers["ETag"]})
    assert other.status_code == 200
    assert whole.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("identifier", ["POI.101", "101"])
def test_one_feature_has_its_links(client: TestClient, identifier: str) -> None:
    answer = client.get(f"{COLLECTIONS}/{ATTEST}/items/{identifier}")
    assert answer.headers["Content-Type"] == "application/geo+json"
    feature = answer.json()
    assert (feature["type"], feature["id"]) == ("Feature", "POI.101")
    links = {link["rel"]: link["href"] for link in feature["links"]}
    assert links["self"] == f"{PUBLIC_URL}{COLLECTIONS}/{ATTEST}/items/POI.101?f=json"
    assert links["collection"] == f"{PUBLIC_URL}{COLLECTIONS}/{ATTEST}"


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("collection", [CLAIMS, "POI"])
def test_a_claim_is_given_to_programs_and_leads_to_no_page(client: TestClient, collection: str) -> None:
    answer = client.get(f"{COLLECTIONS}/{collection}/items/POI.106")
    assert answer.json()["properties"]["STRAAT"] == "Molenweg"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "html" not in {link["href"].rpartition("=")[2] for link in answer.json()["links"]}
    assert client.get(f"{COLLECTIONS}/{collection}/items/POI.106?f=gml").status_code == 200


def test_lists_for_people_lead_to_pages_of_certificates_and_not_of_claims(client: TestClient) -> None:
    page = client.get(f"{COLLECTIONS}/POI/items?f=html").text
    assert "items/POI.101?f=html" in page and "POI.106" in page
    assert "items/POI.106" not in page


def test_no_title_of_a_page_holds_an_address(client: TestClient) -> None:
    for path in (f"{ATTEST}/items", f"{ATTEST}/items/POI.101", "POI/items?STRAAT=Kerkstraat"):
        page = client.get(f"{COLLECTIONS}/{path}", headers=BROWSER)
        assert page.status_code == 200 and "noindex" in page.headers["X-Robots-Tag"]
        assert "Kerkstraat" not in re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)[1]  # type: ignore[index] # every page has one


def test_one_feature_in_another_crs(client: TestClient) -> None:
    answer = client.get(f"{COLLECTIONS}/POI/items/POI.101", params={"crs": f"{EPSG}31370"})
    assert answer.json()["geometry"]["coordinates"] == [104000.25, 193000.5]
    assert answer.headers["Content-Crs"] == f"<{EPSG}31370>"


@pytest.mark.parametrize("identifier", ["POI.999", "POI.104", "x", "POI.", "POI.-1", "Woningkwaliteitsbeleid.44021", "1" * 40, "%C2%B2"])
def test_what_is_not_in_the_collection_is_404(client: TestClient, identifier: str) -> None:
    assert client.get(f"{COLLECTIONS}/{ATTEST}/items/{identifier}").status_code == 404


def test_a_feature_takes_no_parameters_of_lists(client: TestClient) -> None:
    assert client.get(f"{COLLECTIONS}/POI/items/POI.101?limit=1").status_code == 400
