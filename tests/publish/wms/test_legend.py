"""GetLegendGraphic: the same colours as on the map, with words that can be read."""

from __future__ import annotations

import json

import numpy as np
import pytest

from publish.wms.lettering import lines, plain, typeface
from tests.publish.wms.conftest import Client
from tests.publish.wms.example import CERTIFICATE, COLOURS


def legend(client: Client, **keywords: object):
    known = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetLegendGraphic", "LAYER": "POI", "FORMAT": "image/png"}
    return client.get(**known | keywords)


def colours(reply) -> set[tuple[int, ...]]:
    return set(map(tuple, reply.pixels[:, :, :3].reshape(-1, 3).tolist()))


def test_it_has_the_colour_of_every_product(client: Client) -> None:
    shown = colours(legend(client))
    assert set(COLOURS.values()) <= shown and (255, 255, 255) in shown
    assert set(COLOURS.values()) & colours(legend(client, LAYER=CERTIFICATE)) == {COLOURS[CERTIFICATE]}


def test_it_has_every_class_of_a_style(client: Client) -> None:
    flags = legend(client, LAYER="Woningkwaliteitsbeleid", STYLE="CAVERPL")
    assert {(0x1F, 0x4E, 0x8C), (0xF9, 0xA8, 0x25), (0xE6, 0xE6, 0xE6)} <= colours(flags)
    assert legend(client, LAYER="Woningkwaliteitsbeleid").body == flags.body
    assert legend(client, LAYER="Woningkwaliteitsbeleid", STYLE="CAVERGOED").body != flags.body


def test_words_stand_beside_the_symbols_and_nothing_is_cut_off(client: Client) -> None:
    shown = legend(client).pixels
    ink = (shown[:, :, :3].max(axis=2) < 90) & (shown[:, :, 0] < 60) & (shown[:, :, 0] > 20)
    assert ink[:, 40:].sum() > 300
    for edge in (shown[0], shown[-1], shown[:, 0], shown[:, -1]):
        assert (edge[:, :3] == 255).all()


def test_it_may_be_see_through_large_or_another_format(client: Client) -> None:
    plain_one, large = legend(client), legend(client, DPI=181.4)
    assert (legend(client, TRANSPARENT="TRUE").pixels[0, 0] == 0).all()
    assert np.array(large.image.size) == pytest.approx(2 * np.array(plain_one.image.size), rel=0.06)
    assert legend(client, FORMAT="image/jpeg").image.format == "JPEG"
    assert legend(client, WIDTH=20, HEIGHT=20, LEGEND_OPTIONS="forceLabels:on", SLD_VERSION="1.1.0").body == plain_one.body


def test_a_rule_gives_its_symbol_alone(client: Client) -> None:
    icon = legend(client, RULE=CERTIFICATE, WIDTH=20, HEIGHT=30, TRANSPARENT="TRUE")
    assert icon.image.size == (20, 30)
    assert tuple(icon.pixels[15, 10]) == (*COLOURS[CERTIFICATE], 255) and icon.pixels[0, 0, 3] == 0
    (found,) = json.loads(legend(client, RULE=CERTIFICATE, FORMAT="application/json").body)["Legend"]
    assert [rule["name"] for rule in found["rules"]] == [CERTIFICATE]
    assert legend(client, RULE="onbekend").status == 400
    assert legend(client, RULE=CERTIFICATE, WIDTH=100_000).status == 400


def test_json_names_rules_and_colours(client: Client) -> None:
    reply = legend(client, FORMAT="application/json")
    assert reply.media_type == "application/json"
    (found,) = json.loads(reply.body)["Legend"]
    assert {rule["fill"] for rule in found["rules"]} == {"#" + bytes(colour).hex() for colour in COLOURS.values()}


def test_faults_have_their_codes(client: Client) -> None:
    assert legend(client, LAYER=None).exception == (400, "MissingParameterValue")
    assert legend(client, LAYER="x").exception == (400, "LayerNotDefined")
    assert legend(client, STYLE="x").exception == (400, "StyleNotDefined")
    assert legend(client, FORMAT="image/x").exception == (400, "InvalidFormat")


def test_letters_that_the_typeface_lacks_are_written_without_marks() -> None:
    assert plain("Curiënhoek – 5 m² één €") == "Curienhoek - 5 m2 een EUR"
    empty = typeface(20).getmask("\u2603").getbbox()
    for letter in plain("éëïèÀ–²ç€’"):
        assert letter.isascii() and typeface(20).getmask(letter).getbbox() != empty


def test_lines_are_no_wider_than_they_may_be() -> None:
    found = lines("Woningen op de Vlaamse inventaris van ongeschikte en onbewoonbare woningen", 12, 150)
    assert len(found) > 2 and all(typeface(12).getlength(line) <= 150 for line in found)
    assert " ".join(found) == "Woningen op de Vlaamse inventaris van ongeschikte en onbewoonbare woningen"
