"""The cache of tiles: bounded, and of one content on one day."""

from __future__ import annotations

import pytest

from publish.tiles.cache import TileCache


class Made:
    """Tiles that count how often they are made."""

    def __init__(self, size: int = 1000) -> None:
        self.times, self.size = 0, size

    def __call__(self) -> bytes:
        self.times += 1
        return bytes([self.times % 256]) * self.size


def test_a_tile_is_made_once_while_the_same_is_shown() -> None:
    cache, made = TileCache(), Made()
    assert cache.get("a", 1, made) == cache.get("a", 1, made)
    assert made.times == 1


def test_with_another_release_or_day_all_are_gone() -> None:
    cache, made = TileCache(), Made()
    first = cache.get("a", 1, made)
    assert cache.get("b", 1, made) != first
    assert cache.find("a", 1) is None


def test_the_tile_that_was_asked_for_longest_ago_makes_room() -> None:
    cache, made = TileCache(capacity=5000), Made()
    for key in (1, 2, 3):
        cache.get("a", key, made)
    cache.find("a", 1)
    cache.get("a", 4, made)
    assert [key for key in (1, 2, 3, 4) if cache.find("a", key) is not None] == [1, 3, 4]


def test_a_tile_that_is_larger_than_the_cache_is_not_kept() -> None:
    cache, made = TileCache(capacity=900), Made()
    assert len(cache.get("a", 1, made)) == 1000
    assert cache.find("a", 1) is None


def test_a_tile_that_was_made_for_what_is_no_longer_shown_is_not_kept() -> None:
    cache, made = TileCache(), Made()

    def slow() -> bytes:
        cache.get("new", 2, made)
        return b"old"

    assert cache.get("old", 1, slow) == b"old"
    assert cache.find("new", 1) is None and cache.find("new", 2) is not None


def test_what_fails_is_not_kept() -> None:
    def fails() -> bytes:
        raise ValueError

    cache = TileCache()
    with pytest.raises(ValueError):
        cache.get("a", 1, fails)
    assert cache.find("a", 1) is None
