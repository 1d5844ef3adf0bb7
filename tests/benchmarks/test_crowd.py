import numpy as np
import pytest

from benchmarks import crowd
from benchmarks.answers import PRODUCT, Places
from release.crs import LAMBERT72
from release.pointer import Pointer
from release.predicate import BBox, Compare, Operator, both
from release.query import Query
from release.reader import Release
from tests.etl.deliveries import DAY


@pytest.mark.parametrize("points", [25, 150])
def test_a_crowd_has_as_many_objects_as_are_asked_for_each_with_its_own_number(world, tmp_path, points):
    source = world.release()
    crowd.seal(source, DAY, points, tmp_path / "releases")
    made = Release.open(Pointer(tmp_path / "releases").folder())
    assert made.select(Query(crowd.POINTS), DAY).matched == points
    table = made.table(crowd.POINTS).table
    assert len(set(table.ids.tolist())) == points
    assert len(set(table.arrow["UIDN"].to_pylist())) == points
    assert set(table.arrow["STRAAT"].to_pylist()) <= set(source.table(crowd.POINTS).table.arrow["STRAAT"].to_pylist())


def test_boxes_are_of_a_square_kilometre_around_objects_and_the_same_each_time(world, tmp_path):
    crowd.seal(world.release(), DAY, 100, tmp_path / "releases")
    made = Release.open(Pointer(tmp_path / "releases").folder())
    places = Places.of(made)
    boxes = [box for _, box in zip(range(50), places.boxes(), strict=False)]
    assert boxes == [box for _, box in zip(range(50), Places.of(made).boxes(), strict=False)]
    assert len(set(boxes)) == 50
    for x, y, east, north in boxes:
        assert (east - x, north - y) == pytest.approx((1000, 1000))
        assert made.select(Query(crowd.POINTS, BBox(LAMBERT72, x, y, east, north)), DAY).matched > 0
    product = Compare("PRODUCT", Operator.EQUAL, PRODUCT)
    counts = [
        made.select(Query(crowd.POINTS, both(BBox(LAMBERT72, *box), product)), DAY).matched
        for _, box in zip(range(200), places.boxes(), strict=False)
    ]
    assert places.mean(made) == pytest.approx(np.mean(counts))
