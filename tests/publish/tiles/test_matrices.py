"""Tile matrix sets: the registered one as it is registered, ours as a quadtree over Flanders."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from etl.locate import FLANDERS
from publish.tiles.matrices import BELGIAN_LAMBERT72, SETS, WEB_MERCATOR_QUAD, Place

REGISTERED = {0: (559082264.028717, 156543.033928041), 1: (279541132.014358, 78271.5169640204), 14: (34123.6733415964, 9.55462853564703)}
REGISTERED |= {18: (2132.72958384978, 0.597164283477939), 24: (33.3238997476528, 0.0093306919293428)}
"""Scale denominators and cell sizes of the register of the OGC (WebMercatorQuad), as far as it writes them."""


def test_web_mercator_quad_is_as_the_ogc_registered_it() -> None:
    document = WEB_MERCATOR_QUAD.document()
    assert document["uri"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    assert document["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857" and document["orderedAxes"] == ["X", "Y"]
    matrices = document["tileMatrices"]
    assert [matrix["id"] for matrix in matrices] == [str(level) for level in range(25)]
    for level, (scale, cell) in REGISTERED.items():
        assert matrices[level]["scaleDenominator"] == pytest.approx(scale, rel=1e-14)
        assert matrices[level]["cellSize"] == pytest.approx(cell, rel=1e-14)
        assert matrices[level]["matrixWidth"] == matrices[level]["matrixHeight"] == 2**level
        assert matrices[level]["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892], rel=1e-14)
        assert matrices[level]["cornerOfOrigin"] == "topLeft" and matrices[level]["tileWidth"] == 256


def test_the_one_tile_of_lambert_72_has_all_of_flanders_in_it() -> None:
    left, bottom, right, top = BELGIAN_LAMBERT72.box(Place(0, 0, 0))
    assert left < FLANDERS.left and right > FLANDERS.right and bottom < FLANDERS.bottom and top > FLANDERS.top
    cells = [matrix["cellSize"] for matrix in BELGIAN_LAMBERT72.document()["tileMatrices"]]
    assert cells[0] == 1024 and all(coarse == 2 * fine for coarse, fine in itertools.pairwise(cells))


@pytest.mark.parametrize("matrices", SETS.values(), ids=lambda known: known.id)
def test_a_tile_holds_its_upper_and_left_edge_and_not_the_others(matrices) -> None:
    level = matrices.base
    place = Place(level, 2 ** (level - 1), 2 ** (level - 1))
    left, bottom, right, top = matrices.box(place)
    found = matrices.cells(np.array([(left, top), ((left + right) / 2, (bottom + top) / 2)]), matrices.side(level)).tolist()
    assert found == [[place.column, place.row]] * 2
    assert matrices.cells(np.array([(right, bottom)]), matrices.side(level)).tolist() == [[place.column + 1, place.row + 1]]
