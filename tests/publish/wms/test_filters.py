"""FILTER and CQL_FILTER: one for each layer or one for all, in every dialect, drawn and found alike."""

from __future__ import annotations

import numpy as np
import pytest

from tests.publish.wms.conftest import Client
from tests.publish.wms.example import ALONE, CERTIFICATE, CLAIM, COLOURS, INVENTORY

WIDE = {"BBOX": "130000,180000,170000,220000", "WIDTH": 400, "HEIGHT": 400}


def products(client: Client, **keywords: object) -> set[str]:
    """Which of the lonely points are drawn."""
    reply = client.map(**WIDE | keywords)
    assert reply.status == 200, reply.body
    shown = reply.pixels[:, :, :3]
    return {product for product, colour in COLOURS.items() if (shown == colour).all(axis=2).any()}


def fes(operator: str, namespace: str = "", name: str = "PropertyName") -> str:
    return f"<Filter{namespace}>{operator.format(name=name)}</Filter>"


EQUAL = f"<PropertyIsEqualTo><{{name}}>PRODUCT</{{name}}><Literal>{CLAIM}</Literal></PropertyIsEqualTo>"


@pytest.mark.parametrize(
    "keywords",
    [
        {"CQL_FILTER": f"PRODUCT = '{CLAIM}'"},
        {"CQL_FILTER": f"POI:PRODUCT LIKE '{CLAIM[:8]}%'"},
        {"cql_filter": "BBOX(SHAPE,159000,201000,161000,203000)"},
        {"CQL_FILTER": "DWITHIN(SHAPE, POINT(160000 202000), 50, meters)"},
        {"FILTER": fes(EQUAL)},
        {"FILTER": fes(EQUAL, ' xmlns="http://www.opengis.net/ogc"')},
        {"FILTER": fes(EQUAL, ' xmlns="http://www.opengis.net/fes/2.0"', "ValueReference")},
        {"FILTER": fes(EQUAL), "CQL_FILTER": "POSTCODE IS NOT NULL"},
    ],
)
def test_every_dialect_selects(client: Client, keywords: dict[str, str]) -> None:
    assert products(client) == set(ALONE)
    assert products(client, **keywords) == {CLAIM}


def test_a_filter_holds_for_one_layer_or_for_all(client: Client) -> None:
    layers = {"LAYERS": f"{CERTIFICATE},{INVENTORY},{CLAIM}"}
    odd, even = "POSTCODE='9120'", "POSTCODE='2000'"
    assert products(client, **layers, CQL_FILTER=odd) == {INVENTORY}
    assert products(client, **layers, CQL_FILTER=f"{even};{odd};INCLUDE") == set(ALONE)
    assert products(client, **layers, CQL_FILTER=f"{odd};;EXCLUDE") == {INVENTORY}
    document = fes("<PropertyIsEqualTo><PropertyName>POSTCODE</PropertyName><Literal>2000</Literal></PropertyIsEqualTo>")
    assert products(client, **layers, FILTER=f"({document})()({document})") == set(ALONE)
    assert products(client, **layers, FILTER=f"()({document})()") == {CERTIFICATE, CLAIM}
    assert client.map(**layers, CQL_FILTER=f"{odd};{even}").exception == (400, "InvalidParameterValue")
    assert client.map(**layers, FILTER=f"({document})({document})").exception == (400, "InvalidParameterValue")


def test_geometries_without_a_crs_are_in_that_of_the_map(client: Client) -> None:
    x, y = ALONE[CLAIM]
    corners = f"{x - 50} {y - 50}", f"{x + 50} {y + 50}"
    envelope = f"<gml:lowerCorner>{corners[0]}</gml:lowerCorner><gml:upperCorner>{corners[1]}</gml:upperCorner>"
    text = f'<Filter xmlns:gml="http://www.opengis.net/gml"><BBOX><gml:Envelope>{envelope}</gml:Envelope></BBOX></Filter>'
    assert products(client, FILTER=text) == {CLAIM}


def test_conditions_on_a_field_of_another_layer_are_refused(client: Client) -> None:
    reply = client.map(LAYERS="POI,Woningkwaliteitsbeleid", CQL_FILTER="CAVERPL='J'")
    assert reply.exception == (400, "InvalidParameterValue") and b"CAVERPL" in reply.body


def test_the_work_of_all_filters_together_is_bounded(client: Client) -> None:
    some = " OR ".join(f"NAAM LIKE '%{number}%'" for number in range(30))
    assert client.map(CQL_FILTER=some).status == 200
    assert client.map(CQL_FILTER=f"{some} OR {some}").exception == (400, "InvalidParameterValue")
    assert client.map(LAYERS=",".join(["POI"] * 9), CQL_FILTER=some).exception == (400, "InvalidParameterValue")


def test_a_filter_changes_what_caches_keep(client: Client) -> None:
    tags = {client.map(CQL_FILTER=text).headers["etag"] for text in (None, "POSTCODE='9120'", "POSTCODE='2000'")}
    assert len(tags) == 3


def test_counts_of_pixels_follow_the_filter(client: Client) -> None:
    crowd = {"BBOX": "100000,180000,110000,190000"}
    whole, half = (
        np.count_nonzero((client.map(**crowd, CQL_FILTER=text).pixels[:, :, :3] != 255).any(axis=2)) for text in (None, "POSTCODE='2000'")
    )
    assert half < whole
