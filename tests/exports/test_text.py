from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from exports.text import coordinates, fixed, wrapped


@given(st.lists(st.floats(-180, 180), min_size=1, max_size=20), st.sampled_from([(1e5, 2), (1, 7)]))
def test_numbers_get_their_count_of_decimals_and_are_rounded_to_the_nearest(degrees, unit):
    scale, decimals = unit
    values = [value * scale for value in degrees]
    for value, text in zip(values, fixed(np.array(values), decimals).to_pylist(), strict=True):
        assert len(text.partition(".")[2]) == decimals
        assert abs(Decimal(text) - Decimal(value)) <= Decimal(10) ** -decimals * Decimal("0.51")


def test_what_is_no_number_has_no_text():
    assert fixed(np.array([np.nan, np.inf, 0.0, -0.001, -1.5]), 2).to_pylist() == [None, None, "0.00", "0.00", "-1.50"]


def test_a_dictionary_gives_the_same_texts_as_plain_values():
    values = ["a", None, "b", "a"]
    plain = wrapped(pa.chunked_array([values]), lambda texts: texts, "<", ">")
    encoded = wrapped(pa.chunked_array([pa.array(values).dictionary_encode()]), lambda texts: texts, "<", ">")
    assert plain.to_pylist() == encoded.to_pylist() == ["<a>", None, "<b>", "<a>"]


def test_points_are_two_columns_with_nan_for_no_position(make_poi):
    points = coordinates(make_poi(9))
    assert points.shape == (9, 2)
    assert np.isnan(points[8]).all() and np.isfinite(points[:8]).all()
