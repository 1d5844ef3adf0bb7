"""What real clients send, literally, with our names: the POI service's users (DOMAIN 1.2), QGIS, and the shared request files."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.publish.wfs.example import CERTIFICATE, FIRST, INVENTORY

ARCGIS = "SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=POI:POI&VERSION=2.2.2&count=1000&OUTPUTFORMAT=application/json&SRSNAME=EPSG:102100"
FILTER = f"<Filter><PropertyIsEqualTo><PropertyName>POI:PRODUCT</PropertyName><Literal>{CERTIFICATE}</Literal></PropertyIsEqualTo></Filter>"
MIXED = (
    '<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc"><ogc:And><PropertyIsEqualTo><PropertyName>POI:PRODUCT</PropertyName>'
    f"<Literal>{CERTIFICATE}</Literal></PropertyIsEqualTo><ogc:BBOX><ogc:PropertyName>POI:SHAPE</ogc:PropertyName>"
    '<gml:Envelope xmlns:gml="http://www.opengis.net/gml" srsName="EPSG:4326"><gml:lowerCorner>4.0 50.0</gml:lowerCorner>'
    "<gml:upperCorner>5.0 52.0</gml:upperCorner></gml:Envelope></ogc:BBOX></ogc:And></ogc:Filter>"
)


def test_the_angular_app_gets_its_certificates_by_a_filter_without_namespace(client):
    reply = client.at("/POI/wfs").get(f"{ARCGIS}&filter={quote(FILTER)}")
    document = json.loads(reply.body)
    assert (reply.headers["content-type"], document["numberMatched"]) == ("application/json", 20)
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::3857"
    assert document["features"][0]["geometry"]["coordinates"][0] > 400_000


def test_the_angular_app_gets_its_inventory_by_cql_with_a_prefixed_name(client):
    document = json.loads(client.at("/POI/wfs").get(f"{ARCGIS}&cql_filter=POI:PRODUCT=%27{INVENTORY}%27").body)
    assert {feature["properties"]["PRODUCT"] for feature in document["features"]} == {INVENTORY}
    assert document["numberReturned"] == 20


def test_a_filter_of_two_dialects_with_lon_lat_is_read(client):
    assert json.loads(client.at("/POI/wfs").get(f"{ARCGIS}&filter={quote(MIXED)}").body)["numberMatched"] == 18


@pytest.mark.parametrize(
    "query",
    [
        "service=WFS&version=2.0.0&request=GetFeature&typeNames=POI&outputFormat=application/json&CQL_FILTER=CATEGORIE=%20%27Woningkwaliteit%27",
        "request=GetFeature&typeName=POI:POI&cql_filter=CATEGORIE=%27Woningkwaliteit%27&srsName=EPSG:31370&outputFormat=application/json",
        "service=wfs&version=2.0.0&request=GetFeature&typename=POI&crsName=EPSG:31370&outputFormat=json&srs=31370",
        "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=POI:POI&SRSNAME=EPSG:31370&BBOX=0,0,300000,300000&OUTPUTFORMAT=json",
        "SeRvIcE=WFS&vErSiOn=2.0.0&ReQuEsT=GetFeature&TyPeNaMeS=POI:POI&OutputFormat=GeoJSON&somethingElse=1",
    ],
)
def test_scripts_and_plugins_get_every_feature_in_lambert_72(client, query):
    document = json.loads(client.at("/POI/wfs").get(query).body)
    assert document["numberMatched"] == (54 if "BBOX" in query else 60)
    assert document["features"][0]["geometry"]["coordinates"] == [140_252.76, 198_794.27]


def test_a_category_of_another_publisher_is_an_empty_answer(client):
    query = "service=WFS&version=2.0.0&request=GetFeature&typeNames=POI&outputFormat=application/json"
    query += "&CQL_FILTER=CATEGORIE=%20%27Hoger%20onderwijs%27"
    assert json.loads(client.at("/POI/wfs").get(query).body)["numberMatched"] == 0


def test_gml_3_1_1_is_answered_though_the_request_names_no_version(client):
    query = "request=GetFeature&typeName=POI:POI&cql_filter=NAAM LIKE 'Conf%'&srsName=EPSG:31370&outputFormat=text/xml; subtype=gml/3.1.1"
    reply = client.get(query)
    assert (reply.status, reply.xml().tag) == (200, "{http://www.opengis.net/wfs}FeatureCollection")
    assert reply.xml().get("numberOfFeatures") == "20"


WFS1, WFS2 = "{http://www.opengis.net/wfs}", "{http://www.opengis.net/wfs/2.0}"
COORDINATES = "{http://www.opengis.net/gml}coordinates", "{http://www.opengis.net/gml}pos", "{http://www.opengis.net/gml/3.2}pos"
BINDING = "NAMESPACES=xmlns(POI,https://geo.api.vlaanderen.be/POI)"
URN = "urn:ogc:def:crs:EPSG::4326"
LON_LAT, LAT_LON = (4.2296041, 51.0991668), (51.0991668, 4.2296041)
OGC_FILTER = (
    '<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc"><ogc:PropertyIsEqualTo><ogc:PropertyName>POSTCODE</ogc:PropertyName>'
    "<ogc:Literal>2000</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>"
)
FES_FILTER = (
    '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><fes:And>'
    f'<fes:BBOX><fes:ValueReference>SHAPE</fes:ValueReference><gml:Envelope srsName="{URN}"><gml:lowerCorner>51 4</gml:lowerCorner>'
    "<gml:upperCorner>52 5</gml:upperCorner></gml:Envelope></fes:BBOX><fes:PropertyIsEqualTo><fes:ValueReference>POSTCODE"
    "</fes:ValueReference><fes:Literal>2000</fes:Literal></fes:PropertyIsEqualTo></fes:And></fes:Filter>"
)

# What the WFS provider of QGIS sends, with our names: the request, how many features come, and the coordinates of the first.
QGIS = [
    ("VERSION=1.0.0&TYPENAME=POI:POI&SRSNAME=EPSG:4326", 60, LON_LAT),
    ("VERSION=1.0.0&TYPENAME=POI:POI&SRSNAME=EPSG:4326&RETRY=1", 60, LON_LAT),
    ("VERSION=1.0.0&TYPENAME=POI:POI&SRSNAME=EPSG:4326&RETRY=3", 60, LON_LAT),
    ("VERSION=1.0.0&TYPENAME=POI:POI&SRSNAME=EPSG:31370&BBOX=140250,198790,140255,198795", 1, (140_252.76, 198_794.27)),
    ("VERSION=1.0.0&TYPENAME=POI:POI&SRSNAME=EPSG:4326&BBOX=4.22,51.09,4.23,51.10", 1, LON_LAT),
    ("VERSION=1.0.0&TYPENAME=POI:POI&SRSNAME=EPSG:3857&OUTPUTFORMAT=GML2", 60, (470_837.38, 6_638_853.96)),
    ("VERSION=1.0.0&TYPENAME=POI:POI&SRSNAME=EPSG:3857&OUTPUTFORMAT=GML3", 60, (470_837.38, 6_638_853.96)),
    (f"VERSION=1.1.0&TYPENAME=POI:POI&MAXFEATURES=1&SRSNAME={URN}", 1, LAT_LON),
    (f"VERSION=1.1.0&TYPENAME=POI:POI&SRSNAME={URN}", 60, LAT_LON),
    (f"VERSION=1.1.0&TYPENAME=POI:POI&MAXFEATURES=2&SRSNAME={URN}&BBOX=51.09,4.22,51.10,4.23,{URN}", 1, LAT_LON),
    (f"VERSION=1.1.0&TYPENAME=POI:POI&SRSNAME={URN}&BBOX=60,-80,80,-50,{URN}", 0, None),
    (f"VERSION=1.1.0&TYPENAME=POI:POI&MAXFEATURES=2&SRSNAME={URN}&FILTER={quote(OGC_FILTER)}", 2, None),
    (f"VERSION=2.0.0&TYPENAMES=POI:POI&SRSNAME={URN}", 60, LAT_LON),
    ("VERSION=2.0.0&TYPENAMES=POI:POI&COUNT=1", 1, (140_252.76, 198_794.27)),
    (f"VERSION=2.0.0&TYPENAMES=POI:POI&COUNT=3&SRSNAME={URN}", 3, LAT_LON),
    ("VERSION=2.0.0&TYPENAMES=POI:POI&STARTINDEX=0&COUNT=1&SRSNAME=EPSG:4326", 1, LON_LAT),
    (f"VERSION=2.0.0&TYPENAMES=POI:POI&STARTINDEX=0&COUNT=10&SRSNAME={URN}", 10, LAT_LON),
    (f"VERSION=2.0.0&TYPENAMES=POI:POI&SRSNAME=urn:ogc:def:crs:EPSG::31370&{BINDING}", 60, (140_252.76, 198_794.27)),
    (f"VERSION=2.0.0&TYPENAMES=POI:POI&SRSNAME={URN}&BBOX=51.09,4.22,51.10,4.23,{URN}", 1, LAT_LON),
    (f"VERSION=2.0.0&TYPENAMES=POI:POI&SRSNAME={URN}&FILTER={quote(FES_FILTER)}", 18, None),
    (f"VERSION=2.0.0&TYPENAMES=POI:POI&{BINDING}&FILTER={quote(FES_FILTER)}", 18, None),
]


@pytest.mark.parametrize(("query", "count", "first"), QGIS, ids=[query.split("&FILTER")[0] for query, _, _ in QGIS])
def test_qgis_gets_its_features(client, query, count, first):
    reply = client.get(f"SERVICE=WFS&REQUEST=GetFeature&{query}")
    root = reply.xml()
    assert root.tag == f"{WFS2 if 'VERSION=2' in query else WFS1}FeatureCollection"
    assert len(list(root.iter("{https://geo.api.vlaanderen.be/POI}POI"))) == count
    if first is not None:
        text = next(root.iter(*COORDINATES)).text.replace(",", " ")
        assert [float(number) for number in text.split()] == pytest.approx(first, abs=1e-5 if first[0] < 100 else 0.25)


@pytest.mark.parametrize(("start", "wanted"), [(0, [1]), (1, [2]), (2, [3]), (59, [60]), (60, [])])
def test_qgis_pages_in_an_order_that_stays(client, start, wanted):
    reply = client.get(f"SERVICE=WFS&REQUEST=GetFeature&VERSION=2.0.0&TYPENAMES=POI:POI&STARTINDEX={start}&COUNT=1&SRSNAME={URN}")
    assert reply.ids == [f"POI.{FIRST - 1 + number}" for number in wanted]
    assert reply.matched == 60  # on page one, or QGIS asks again after four seconds


@pytest.mark.parametrize(("version", "attribute"), [("1.1.0", "numberOfFeatures"), ("2.0.0", "numberMatched")])
def test_qgis_counts_before_it_reads(client, version, attribute):
    names = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
    reply = client.get(f"SERVICE=WFS&REQUEST=GetFeature&VERSION={version}&{names}=POI:POI&RESULTTYPE=hits")
    assert reply.xml().get(attribute) == "60" and len(list(reply.xml().iter("{https://geo.api.vlaanderen.be/POI}POI"))) == 0


SCHEMAS = [
    ("VERSION=1.0.0&TYPENAME=POI:POI", "http://www.opengis.net/gml", ["POI"]),
    ("VERSION=1.1.0&TYPENAME=POI:POI", "http://www.opengis.net/gml", ["POI"]),
    ("VERSION=2.0.0&TYPENAME=POI:POI", "http://www.opengis.net/gml/3.2", ["POI"]),
    ("VERSION=2.0.0&TYPENAMES=POI:POI", "http://www.opengis.net/gml/3.2", ["POI"]),
    ("VERSION=2.0.0&TYPENAMES=POI:POI&TYPENAME=POI:POI", "http://www.opengis.net/gml/3.2", ["POI"]),
    # FME
    ("VERSION=2.0.0&TYPENAMES=POI:POI&OUTPUTFORMAT=application/gml+xml; version=3.2", "http://www.opengis.net/gml/3.2", ["POI"]),
    ("VERSION=2.0.0&TYPENAMES=POI:POI&OUTPUTFORMAT=application%2Fgml%2Bxml%3B+version%3D3.2", "http://www.opengis.net/gml/3.2", ["POI"]),
    ("VERSION=1.1.0&TYPENAME=POI:POI&OUTPUTFORMAT=text/xml; subtype=gml/3.1.1", "http://www.opengis.net/gml", ["POI"]),
    ("VERSION=1.0.0&TYPENAME=POI:POI&OUTPUTFORMAT=XMLSCHEMA", "http://www.opengis.net/gml", ["POI"]),
]


@pytest.mark.parametrize(("query", "gml", "names"), SCHEMAS, ids=[query for query, _, _ in SCHEMAS])
def test_the_schema_that_comes_is_one_for_the_gml_of_the_version(client, query, gml, names):
    root = client.get(f"SERVICE=WFS&REQUEST=DescribeFeatureType&{query}").xml()
    schema = "{http://www.w3.org/2001/XMLSchema}"
    assert root.tag == f"{schema}schema"
    assert gml in [found.get("namespace") for found in root.iter(f"{schema}import")]
    assert [found.get("name") for found in root.findall(f"{schema}element")] == names


@pytest.mark.parametrize("names", ["POI:POI,LWKB:Woningkwaliteitsbeleid", "LWKB:Woningkwaliteitsbeleid,POI:POI"])
def test_qgis_gets_one_schema_for_two_types(client, names):
    root = client.get(f"SERVICE=WFS&REQUEST=DescribeFeatureType&VERSION=2.0.0&TYPENAME={names}").xml()
    imported = {found.get("namespace") for found in root.iter("{http://www.w3.org/2001/XMLSchema}import")}
    assert {root.get("targetNamespace"), *imported} >= {"https://geo.api.vlaanderen.be/POI", "https://geo.api.vlaanderen.be/LWKB"}


@pytest.mark.parametrize(
    ("query", "version"),
    [("ACCEPTVERSIONS=2.0.0,1.1.0,1.0.0", "2.0.0"), ("VERSION=2.0.0", "2.0.0"), ("VERSION=1.1.0", "1.1.0"), ("VERSION=1.0.0", "1.0.0")],
)
def test_qgis_gets_the_capabilities_of_the_version_that_it_is_set_to(client, query, version):
    root = client.get(f"SERVICE=WFS&REQUEST=GetCapabilities&{query}").xml()
    assert (root.tag.rpartition("}")[2], root.get("version")) == ("WFS_Capabilities", version)


def test_qgis_is_told_that_joins_are_not_offered(client):
    types = "TYPENAMES=POI:POI,LWKB:Woningkwaliteitsbeleid"
    reply = client.get(f"SERVICE=WFS&REQUEST=GetFeature&VERSION=2.0.0&{types}&SRSNAME={URN}&FILTER={quote(FES_FILTER)}")
    assert reply.status == 400 and b"ExceptionReport" in reply.body


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_the_geopunt_plugin_of_qgis_gets_a_box_without_a_crs(client, version):
    """TYPENAME in every version, and a BBOX that is in SRSNAME (DOMAIN 1.2)."""
    query = f"SERVICE=WFS&VERSION={version}&REQUEST=GetFeature&TYPENAME=POI:POI"
    for srs, box, count in (("EPSG:31370", "140250,198790,140255,198795", 1), ("EPSG:4326", "4.22,51.09,4.23,51.10", 1)):
        root = client.at("/POI/wfs").get(f"{query}&SRSNAME={srs}&BBOX={box}").xml()
        assert len(list(root.iter("{https://geo.api.vlaanderen.be/POI}POI"))) == count


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_the_geopunt_plugin_of_arcgis_can_read_the_list_of_types(client, version):
    """It takes the Name after the colon and the Title of every child of FeatureTypeList (DOMAIN 1.2)."""
    root = client.get(f"SERVICE=WFS&REQUEST=GetCapabilities&VERSION={version}").xml()
    (types,) = root.iterfind("{*}FeatureTypeList")
    for child in types:
        assert child.findtext("{*}Name").partition(":")[2] in ("POI", "Woningkwaliteitsbeleid")
        assert child.findtext("{*}Title")


OPENLAYERS = (
    '<GetFeature xmlns="http://www.opengis.net/wfs" service="WFS" version="{0}" outputFormat="application/json" maxFeatures="50" '
    'xsi:schemaLocation="http://www.opengis.net/wfs http://schemas.opengis.net/wfs/{0}/wfs.xsd" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Query typeName="feature:POI" srsName="EPSG:3857" '
    'xmlns:feature="https://geo.api.vlaanderen.be/POI"><Filter xmlns="http://www.opengis.net/ogc"><And><BBOX><PropertyName>SHAPE'
    '</PropertyName><Envelope xmlns="http://www.opengis.net/gml" srsName="EPSG:3857"><lowerCorner>470830 6638850</lowerCorner>'
    '<upperCorner>470840 6638860</upperCorner></Envelope></BBOX><PropertyIsLike wildCard="*" singleChar="." escapeChar="!">'
    "<PropertyName>NAAM</PropertyName><Literal>Vlaamse*</Literal></PropertyIsLike></And></Filter></Query></GetFeature>"
)


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_openlayers_gets_what_it_posts_for(client, version):
    reply = client.post(OPENLAYERS.format(version))
    features = json.loads(reply.body)["features"]
    assert [feature["id"] for feature in features] == [f"POI.{FIRST}"]
    assert features[0]["geometry"]["coordinates"] == pytest.approx([470_837.38, 6_638_853.96], abs=0.25)


def test_qgis_filters_that_bind_a_prefix_twice_are_read(client):
    text = (
        '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:POI="https://geo.api.vlaanderen.be/POI" '
        'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:POI="https://geo.api.vlaanderen.be/POI">'
        "<fes:PropertyIsEqualTo><fes:ValueReference>POI:POSTCODE</fes:ValueReference><fes:Literal>2000</fes:Literal></fes:PropertyIsEqualTo>"
        "</fes:Filter>"
    )
    reply = client.get(f"SERVICE=WFS&REQUEST=GetFeature&VERSION=2.0.0&TYPENAMES=POI:POI&FILTER={quote(text)}")
    assert reply.matched == 20


def test_keywords_may_be_posted_as_a_form(client):
    reply = client.post(
        "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=2", "application/x-www-form-urlencoded; charset=UTF-8"
    )
    assert len(reply.ids) == 2


def _ours(line: str) -> str:
    """A request of the shared files with our type and field in it."""
    line = re.sub(r"my:othertypename,my:typename|my:typename,my:othertypename|my:typename|points|EC422", "POI:POI", line)
    return line.replace("http://my", "https://geo.api.vlaanderen.be/POI").lstrip("?").replace("?", "&")


def test_every_request_of_qgis_gets_a_sensible_answer(client, shared: Path):
    lines = (shared / "client-requests" / "qgis-wfs-provider-requests.txt").read_text("utf-8").splitlines()
    for line in lines:
        if "FILTER=" in line:
            continue  # cut off in the file
        reply = client.get(_ours(line))
        refused = "32631" in line
        assert reply.status == (400 if refused else 200), line
        if refused:
            assert b"xception" in reply.body


def test_the_poi_requests_of_the_shared_file_give_counts(client, shared: Path):
    text = (shared / "client-requests" / "geo-api-vlaanderen-poi-requests.txt").read_text("utf-8")
    (filter_,) = re.findall(r"^filter=(.*)$", text, re.MULTILINE)
    (cql,) = re.findall(r"^cql_filter=(.*)$", text, re.MULTILINE)
    asked = {"VERSION": "2.2.2", "REQUEST": "GetFeature", "SERVICE": "WFS", "TYPENAMES": "POI:POI", "RESULTTYPE": "hits"}
    assert client.get(**asked, filter=filter_).matched == 20
    assert client.get(**asked, cql_filter=cql).matched == 20
    for address in re.findall(r"^https://geo.api.vlaanderen.be(/POI/wfs)\?(\S+)$", text, re.MULTILINE):
        assert json.loads(client.at(address[0]).get(address[1]).body)["numberMatched"] == 0


def test_whatever_the_tests_of_another_server_send_is_answered_or_refused(client, shared: Path):
    """The WFS requests of MapServer's own tests, with our names in them: never a fault of ours."""
    text = (shared / "client-requests" / "mapserver-request-to-expected.tsv").read_text("utf-8")
    sent = [row["request"] for row in csv.DictReader(io.StringIO(text), delimiter="\t") if row["method"] == "GET"]
    queries = {found[1] for request in sent if (found := re.fullmatch(r"map=\[MAPFILE\]&(.*service=wfs.*)", request, re.IGNORECASE))}
    assert len(queries) > 300
    statuses = set()
    for query in queries:
        ours = re.sub(r"(typenames?)=[^&]*", r"\1=POI:POI", query, flags=re.IGNORECASE)
        statuses.add(client.get(quote(ours, safe="/:?@!$&'()*+,;=%")).status)
    assert statuses <= {200, 400, 403, 404}
