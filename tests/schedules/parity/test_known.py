"""Hashes that are known are given for the same bytes in the same order alone, and are those that would be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from release.manifest import Part
from release.reader import Release
from schedules.parity import asking, comparison
from schedules.parity.comparison import Question
from schedules.parity.known import Known, Library, library
from schedules.parity.rows import Shape, heads
from schedules.parity.texts import sealed_texts
from tests.schedules.parity.worlds import ATTEST, DAY, PRODUCTS, SITE, mixed, seal, small

POINTS = "POI:POI"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return seal(tmp_path_factory.mktemp("release"), small())


@pytest.fixture(scope="module")
def made(release: Release) -> Iterator[Library]:
    with library(release) as found:
        yield found


@pytest.fixture(scope="module")
def texts(release: Release) -> list[bytes]:
    return [text for batch in sealed_texts(release.table(POINTS).table) for text in batch]


@pytest.fixture
def known(made: Library) -> Known:
    return made.known(POINTS)


def test_every_row_is_known_with_the_hash_that_it_has(release: Release, known: Known, texts: list[bytes]) -> None:
    assert known.texts.to_pylist() == texts
    found = known.find(texts[3:9], 3)
    assert found is not None
    assert np.array_equal(found, heads(texts[3:9], Shape(release.table(POINTS).feature_type).key))


def test_a_row_that_differs_or_stands_elsewhere_is_not_known(known: Known, texts: list[bytes]) -> None:
    assert known.find(texts, 0) is not None
    assert known.find([*texts[:-1], texts[-1] + b"x"], 0) is None
    assert known.find(texts[1:], 0) is None
    assert known.find([*texts, texts[0]], 0) is None
    assert known.find(texts[-1:], len(texts)) is None
    assert known.find([texts[1], texts[0], *texts[2:]], 0) is None


def test_the_rows_of_a_product_are_known_among_the_others(known: Known, texts: list[bytes]) -> None:
    chosen = np.array([0, 2, 3, 7])
    some, wanted = known.of(chosen), [texts[number] for number in chosen]
    found = some.find(wanted[1:], 1)
    assert found is not None
    assert np.array_equal(found, known.heads[chosen[1:]])
    assert some.find(texts[:4], 0) is None


def test_a_table_without_rows_knows_none(tmp_path: Path) -> None:
    with library(seal(tmp_path, small(0))) as empty:
        assert len(empty.known(POINTS).texts) == len(empty.known(POINTS).heads) == 0


@pytest.mark.parametrize("product", PRODUCTS)
def test_what_is_known_gives_the_digests_that_hashing_gives(release: Release, product: str) -> None:
    with mixed(release, release) as place, asking.opened(release, SITE, [DAY]) as plain:
        assert place.library is not None and plain[DAY].library is None
        for channel in (None, "WFS CSV", "download GML", "download FlatGeobuf"):
            if channel != "WFS CSV" or product != ATTEST:
                question = Question(DAY, product, channel)
                found = comparison.digests({DAY: place}, question)
                assert not isinstance(found, str)
                assert found == comparison.digests(plain, question)
        assert Part.ALL in {part for _, part in comparison.digests(plain, Question(DAY, product, None))}  # type: ignore[misc] # no words
