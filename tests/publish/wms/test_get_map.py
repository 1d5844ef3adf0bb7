"""Pictures: formats, backgrounds, layers over each other, styles, sizes, and who is on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from publish.wms import areas, keywords
from tests.publish.wms.conftest import Client
from tests.publish.wms.example import ALONE, CERTIFICATE, CLAIM, COLOURS, COMING, CROWD, ENDED, INVENTORY

WHITE, NOTHING = (255, 255, 255, 255), (0, 0, 0, 0)
BLUE, YELLOW, GREY = (0x1F, 0x4E, 0x8C), (0xF9, 0xA8, 0x25), (0xE6, 0xE6, 0xE6)
MUNICIPALITIES = {"LAYERS": "Woningkwaliteitsbeleid", "BBOX": "195000,175000,225000,195000", "WIDTH": 300, "HEIGHT": 200}


def around(position: tuple[float, float], reach: float = 500.0) -> str:
    x, y = position
    return f"{x - reach},{y - reach},{x + reach},{y + reach}"


@pytest.mark.parametrize("product", ALONE)
def test_each_product_has_its_own_symbol(client: Client, product: str) -> None:
    for layer in ("POI", product):
        shown = client.map(LAYERS=layer, BBOX=around(ALONE[product])).pixels
        assert tuple(shown[50, 50]) == (*COLOURS[product], 255)
        assert tuple(shown[10, 10]) == WHITE
        assert 40 < (shown[:, :, :3] == COLOURS[product]).all(axis=2).sum() < 160
    for other in ALONE.keys() - {product}:
        assert (client.map(LAYERS=other, BBOX=around(ALONE[product])).pixels == 255).all()


def test_symbols_have_a_white_outline_with_smoothed_edges(client: Client) -> None:
    shown = client.map(BBOX=around(ALONE[CERTIFICATE]), TRANSPARENT="TRUE").pixels
    opacity, colour = shown[:, :, 3], shown[:, :, :3]
    drawn = opacity > 0
    assert (colour[drawn] >= COLOURS[CERTIFICATE]).all()  # between the fill and white
    edge = drawn & (opacity < 255)
    assert edge.any() and (colour[edge] == 255).all()
    left = np.flatnonzero(drawn[50])[0]
    assert (colour[50, left] == 255).all() and tuple(colour[50, left + 2]) == COLOURS[CERTIFICATE]


def test_shapes_tell_products_apart_without_colour(client: Client) -> None:
    outlines = {product: client.map(BBOX=around(ALONE[product]), TRANSPARENT="TRUE").pixels[:, :, 3] > 0 for product in ALONE}
    widths = {product: drawn.sum(axis=1)[drawn.any(axis=1)] for product, drawn in outlines.items()}
    triangle, diamond = widths[INVENTORY], widths[CLAIM]
    assert (np.diff(triangle[:-2]) >= 0).all()  # wider downwards
    assert abs(int(diamond.argmax()) - len(diamond) // 2) <= 1 and diamond[0] < 4 > diamond[-1]


def test_a_transparent_map_shows_what_is_below(client: Client) -> None:
    reply = client.map(TRANSPARENT="tRuE")
    assert reply.media_type == "image/png"
    assert tuple(reply.pixels[0, 0]) == NOTHING
    for given in (None, "fAlSe"):
        assert (client.map(TRANSPARENT=given).pixels[:, :, 3] == 255).all()


def test_a_background_has_the_colour_that_was_asked_for(client: Client) -> None:
    for colour in ("0xFF8000", "#ff8000"):
        assert tuple(client.map(BGCOLOR=colour).pixels[0, 0]) == (255, 128, 0, 255)
    assert tuple(client.map(BGCOLOR="0xFF8000", FORMAT="image/jpeg").pixels[0, 0, :3]) == pytest.approx((255, 128, 0), abs=4)


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("image/png", "image/png"),
        ("IMAGE/PNG", "image/png"),
        ("image/png8", "image/png; mode=8bit"),
        ("image/png;mode=8bit", "image/png; mode=8bit"),
        ("image/png; mode=8bit", "image/png; mode=8bit"),
        ("image/jpeg", "image/jpeg"),
        ("image/jpg", "image/jpeg"),
    ],
)
def test_every_format_gives_a_picture_of_its_kind(client: Client, form: str, media_type: str) -> None:
    for more in ({}, {"TRANSPARENT": "TRUE"}, MUNICIPALITIES, MUNICIPALITIES | {"TRANSPARENT": "TRUE"}):
        reply = client.map(FORMAT=form, **more)
        assert (reply.status, reply.media_type) == (200, media_type)
        assert reply.image.format == ("JPEG" if media_type == "image/jpeg" else "PNG")
        assert reply.image.size == (more.get("WIDTH", 100), more.get("HEIGHT", 100))
        if media_type == "image/png; mode=8bit":
            assert reply.image.mode == "P"


def test_few_colours_look_the_same(client: Client) -> None:
    plain, few = (client.map(FORMAT=form, **MUNICIPALITIES).pixels.astype(int) for form in ("image/png", "image/png8"))
    assert np.abs(plain - few).max() < 40 and (plain == few).all(axis=2).mean() > 0.9


def test_municipalities_are_filled_by_the_chosen_parameter(client: Client) -> None:
    shown = client.map(**MUNICIPALITIES).pixels
    ring, island, neighbour, outside = (tuple(shown[row, column, :3]) for row, column in ((60, 60), (100, 100), (100, 200), (5, 5)))
    assert (ring, island, neighbour, outside) == (BLUE, YELLOW, GREY, WHITE[:3])
    fee = client.map(STYLES="CAVERGOED", **MUNICIPALITIES).pixels
    colours = {tuple(fee[row, column, :3]) for row, column in ((60, 60), (100, 100), (100, 200))}
    assert len(colours) == 3 and GREY in colours


def test_a_hole_is_a_hole(client: Client) -> None:
    alone = client.map(CQL_FILTER="NISCODE='00001'", TRANSPARENT="TRUE", **MUNICIPALITIES).pixels
    assert tuple(alone[60, 60]) == (*BLUE, 255)
    assert tuple(alone[100, 100]) == tuple(alone[100, 200]) == NOTHING


def test_borders_are_drawn_smoothed_and_once(client: Client) -> None:
    shown = client.map(TRANSPARENT="TRUE", **MUNICIPALITIES).pixels
    across = shown[100, 140:160]  # from the ring to its neighbour
    assert (across[:, 3] == 255).all()
    changed = [column for column in range(20) if tuple(across[column, :3]) not in (BLUE, GREY)]
    assert 1 <= len(changed) <= 2 and changed[-1] - changed[0] == len(changed) - 1
    corner = client.map(TRANSPARENT="TRUE", **MUNICIPALITIES | {"BBOX": "195005,175003,225005,195003"}).pixels
    assert len(np.unique(corner[:, :, 3])) > 2


def test_the_first_layer_is_undermost(client: Client) -> None:
    box = {"BBOX": "195000,175000,225000,195000"}
    both = client.map(LAYERS="Woningkwaliteitsbeleid,POI", **box).pixels
    assert (both != client.map(LAYERS="Woningkwaliteitsbeleid", **box).pixels).sum() == 0  # no points here
    x, y = ALONE[CERTIFICATE]
    near = {"BBOX": around((x, y), 30_000.0), "CRS": "EPSG:31370"}
    above, below = (client.map(LAYERS=names, **near).pixels for names in ("Woningkwaliteitsbeleid,POI", "POI,Woningkwaliteitsbeleid"))
    assert tuple(above[50, 50, :3]) == tuple(below[50, 50, :3]) == COLOURS[CERTIFICATE]
    x, y = ALONE[INVENTORY]
    one = client.map(LAYERS=f"{INVENTORY},POI,{INVENTORY}", BBOX=around((x, y))).pixels
    assert tuple(one[50, 50, :3]) == COLOURS[INVENTORY]


def test_what_the_calendar_hides_is_not_drawn(client: Client) -> None:
    for position in (ENDED, COMING):
        assert (client.map(BBOX=around(position)).pixels == 255).all()


def test_a_place_without_anything_is_empty(client: Client) -> None:
    for box in ("1,1,2,2", "-1e7,-1e7,-1e6,-1e6"):
        assert (client.map(BBOX=box).pixels == 255).all()
    assert (client.map(CRS="CRS:84", BBOX="-400,-200,400,200", LAYERS="POI,Woningkwaliteitsbeleid").status) == 200


def test_boxes_may_have_exponents(client: Client) -> None:
    assert client.map(BBOX="1.45e5,1.95E+5,1.55e5,2.05e5").body == client.map().body


@pytest.mark.parametrize(("width", "height"), [(8, 5), (1, 1), (1024, 768), (4096, 16)])
def test_a_map_has_exactly_the_size_that_was_asked_for(client: Client, width: int, height: int) -> None:
    for layers in ("POI", "Woningkwaliteitsbeleid"):
        assert client.map(WIDTH=width, HEIGHT=height, LAYERS=layers).image.size == (width, height)


def test_an_empty_list_of_styles_is_the_default_of_each(client: Client) -> None:
    layers = "Woningkwaliteitsbeleid,POI,POI"
    expected = client.map(LAYERS=layers, STYLES="CAVERPL,POI,POI").body
    for styles in ("", ",,", ",,,", "CAVERPL,,", ",POI,", "default,default,default", None):
        assert client.map(LAYERS=layers, STYLES=styles).body == expected


def test_symbols_grow_with_the_resolution_that_the_client_tells(client: Client) -> None:
    def size(**more: object) -> int:
        return int((client.map(BBOX=around(ALONE[CERTIFICATE]), TRANSPARENT="TRUE", **more).pixels[:, :, 3] > 0).sum())

    plain = size()
    assert size(DPI=96, MAP_RESOLUTION=96, FORMAT_OPTIONS="dpi:96") == pytest.approx(plain, rel=0.25)
    for twice in ({"DPI": 181.4}, {"MAP_RESOLUTION": 181.4}, {"FORMAT_OPTIONS": "antialias:on;dpi:181.4"}):
        assert size(**twice) == pytest.approx(4 * plain, rel=0.2)


def test_a_crowd_is_drawn_whole_and_its_tiles_fit_together(client: Client) -> None:
    x, y = CROWD
    whole = client.map(BBOX=f"{x},{y},{x + 9600},{y + 9600}", WIDTH=480, HEIGHT=480).pixels
    for column in (0, 1):
        for row in (0, 1):
            west, north = x + column * 4800, y + 9600 - row * 4800
            tile = client.map(BBOX=f"{west},{north - 4800},{west + 4800},{north}", WIDTH=240, HEIGHT=240).pixels
            assert (tile == whole[row * 240 : row * 240 + 240, column * 240 : column * 240 + 240]).all()
    assert (whole[:, :, :3] == COLOURS[CERTIFICATE]).all(axis=2).sum() > 20_000


def test_a_map_of_many_strips_is_one_map(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [{"BBOX": f"{CROWD[0]},{CROWD[1]},{CROWD[0] + 8000},{CROWD[1] + 8000}", "WIDTH": 200, "HEIGHT": 200}, MUNICIPALITIES]
    whole = [client.map(TRANSPARENT="TRUE", **more).pixels for more in asked]
    monkeypatch.setattr("publish.wms.stamps._STRIP", 3_000)
    monkeypatch.setattr("publish.wms.areas._STRIP", 3_000)
    monkeypatch.setattr("publish.wms.stamps._MOST", 8)
    for before, more in zip(whole, asked, strict=True):
        after = client.map(TRANSPARENT="TRUE", **more).pixels
        assert np.abs(before.astype(int) - after).max() <= (0 if more is MUNICIPALITIES else 255)
        assert (before != after).any(axis=2).mean() < 0.01


def test_the_more_pixels_the_fewer_parts_of_them_are_drawn() -> None:
    assert [areas.fineness(pixels) for pixels in (1, 1_500_000, 1_600_000, 2048**2, 2048**2 + 1, 4096**2)] == [3, 3, 2, 2, 1, 1]
    assert areas.fineness(keywords.MOST_PIXELS) == 1


@pytest.mark.parametrize("scale", [1, 12])
def test_areas_look_alike_however_finely_they_are_drawn(client: Client, monkeypatch: pytest.MonkeyPatch, scale: int) -> None:
    asked = MUNICIPALITIES | {"TRANSPARENT": "TRUE", "DPI": 90.7 * scale}
    finest = client.map(**asked).pixels
    for limits, fine in ((((1 << 30, 2),), 2), ((), 1)):
        monkeypatch.setattr(areas, "_FINENESS", limits)
        shown = client.map(**asked).pixels
        assert (shown[:, :, 3] > 0).mean() == pytest.approx((finest[:, :, 3] > 0).mean(), rel=0.05)
        assert (shown == finest).all(axis=2).mean() > 0.9
        assert fine > 1 or set(np.unique(shown[:, :, 3])) == {0, 255}


def test_repeated_areas_are_drawn_more_coarsely(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(areas, "_FINENESS", ((2 * 300 * 200, 3),))
    corner = MUNICIPALITIES | {"BBOX": "195005,175003,225005,195003", "TRANSPARENT": "TRUE"}
    for times, smooth in ((1, True), (2, True), (3, False)):
        shown = client.map(**corner | {"LAYERS": ",".join(["Woningkwaliteitsbeleid"] * times)}).pixels
        assert (len(np.unique(shown[:, :, 3])) > 2) is smooth
    points = client.map(**corner | {"LAYERS": "POI,POI,POI,Woningkwaliteitsbeleid"}).pixels  # points do not count
    assert len(np.unique(points[:, :, 3])) > 2


def test_wide_borders_do_not_end_where_a_strip_does(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = MUNICIPALITIES | {"TRANSPARENT": "TRUE", "DPI": 1200}
    whole = client.map(**asked).pixels
    monkeypatch.setattr(areas, "_STRIP", 9 * 300 * 7)
    assert (client.map(**asked).pixels == whole).all()


@pytest.mark.parametrize(("layers", "width", "height"), [("POI", 4096, 4096), ("POI,POI", 4096, 2048), ("POI,POI,POI,POI", 2048, 2048)])
def test_the_largest_maps_are_drawn(client: Client, layers: str, width: int, height: int) -> None:
    assert client.map(LAYERS=layers, WIDTH=width, HEIGHT=height).image.size == (width, height)


def test_a_map_without_a_release_is_refused(client_of, tmp_path: Path) -> None:
    reply = client_of(tmp_path).map()
    assert (reply.status, reply.headers["retry-after"]) == (503, "600")
