"""Rows that were found, narrowed once more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from release.errors import UnknownField
from release.pointer import Pointer
from release.predicate import Compare, Operator
from release.reader import Release
from tests.publish.wms.example import CERTIFICATE, CLAIM, content, publish


def test_only_rows_that_were_given_are_found(tmp_path: Path) -> None:
    table = Release.open(Pointer(publish(tmp_path, content())).folder()).table("POI:POI")
    product = Compare("PRODUCT", Operator.EQUAL, CERTIFICATE)
    some = np.array([0, 1, 2, 7], dtype=np.int64)
    assert table.among(some, product).tolist() == [0, 7]
    assert table.among(some[1:3], product).tolist() == []
    assert table.among(np.empty(0, dtype=np.int64), product).tolist() == []
    assert table.among(some, Compare("PRODUCT", Operator.EQUAL, CLAIM)).tolist() == [2]
    with pytest.raises(UnknownField):
        table.among(some, Compare("NOBODY", Operator.EQUAL, "x"))
