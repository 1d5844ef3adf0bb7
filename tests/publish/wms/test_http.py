"""The WMS as HTTP: validators, caches, search engines, addresses and methods; and its place in the whole application."""

from __future__ import annotations

import logging

import pytest

from tests.publish.wms.conftest import Client, asked
from tests.publish.wms.example import NOON


def test_an_answer_has_a_validator_and_ends_at_midnight(client: Client) -> None:
    for reply in (client.map(), client.info(), client.capabilities()):
        assert reply.headers["cache-control"] == "public, max-age=300, must-revalidate"
        assert reply.headers["x-robots-tag"] == "noindex, noarchive"
        assert reply.headers["etag"].strip('"').split("-")[1:4] == ["2026", "11", "21"]
    assert NOON.date().isoformat() == "2026-11-21"


def test_who_has_the_answer_gets_304(client: Client) -> None:
    tag = client.map().headers["etag"]
    again = client.map().headers["etag"]
    assert tag == again and client.map(LAYERS="Woningkwaliteitsbeleid").headers["etag"] != tag
    reply = client.get(headers={"If-None-Match": tag}, **asked({}))
    assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)


def test_a_head_has_no_body(client: Client) -> None:
    reply = client.get(method="HEAD", **asked({}))
    assert (reply.status, reply.body) == (200, b"") and int(reply.headers["content-length"]) > 100
    assert client.get(method="HEAD", **asked({"LAYERS": "x"})).status == 400


def test_pictures_are_not_compressed_again(client: Client) -> None:
    reply = client.get(headers={"Accept-Encoding": "gzip, zstd"}, **asked({}))
    assert "content-encoding" not in reply.headers


@pytest.mark.parametrize("path", ["/wms", "/POI/wms", "/overdrachtdiensten/POI/wms"])
def test_every_address_answers(client: Client, path: str) -> None:
    assert client.at(path).map().body == client.map().body
    assert client.at(path).map(LAYERS="POI:POI").status == 200


def test_a_layer_of_another_theme_is_not_there(client: Client) -> None:
    assert client.at("/LWKB/wms").map().exception == (400, "LayerNotDefined")
    assert client.at("/XXX/wms").map().status == 404


def test_only_reading_is_offered(client: Client) -> None:
    assert client.get(method="POST").status == 405


def test_keywords_have_any_case_and_unknown_ones_are_ignored(client: Client) -> None:
    keywords = {name.lower(): value for name, value in asked({}).items()}
    assert client.get(**keywords, TIME="2020-01-01", ELEVATION="5", unknown="x", _="1").body == client.map().body
    old = asked({"VERSION": None, "WMTVER": "1.1.1", "REQUEST": "map", "SRS": "EPSG:31370", "CRS": None})
    assert client.get(**old).body == client.map().body


def test_broken_queries_are_refused(client: Client) -> None:
    assert client.get("SERVICE=WMS&REQUEST=%FF").exception[0] == 400
    assert client.get("a=1&" * 300).exception[0] == 400
    assert client.get("a=" + "x" * 40_000).exception[0] == 400
    assert client.get("").exception == (400, "MissingParameterValue")


def test_faults_of_ours_say_nothing_of_themselves(client: Client, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Kerkstraat 1")

    monkeypatch.setattr("publish.wms.service.get_map", broken)
    with caplog.at_level(logging.ERROR):
        reply = client.map(CQL_FILTER="STRAAT='Kerkstraat'")
    assert reply.exception == (500, None) and b"Kerkstraat" not in reply.body
    assert "Kerkstraat" not in caplog.text and "ValueError" in caplog.text
