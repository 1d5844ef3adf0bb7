"""Tiles that were made, kept while the release and the day that they show are the current ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

CAPACITY = 64 * 1024 * 1024
"""Bytes of tiles that a worker keeps."""
_OVERHEAD = 500
"""Bytes that an entry takes beside its tile."""


class TileCache:
    """The tiles that were asked for last, of one content on one day; with the next release and at midnight all are gone."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """`capacity` in bytes."""
        self._capacity, self._size = capacity, 0
        self._shown = ""
        self._tiles: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, shown: str, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The tile of a key, made when it is not there. `shown` names content and day: those of another one are forgotten."""
        found = self.find(shown, key)
        if found is None:
            found = make()
            self._keep(shown, key, found)
        return found

    def find(self, shown: str, key: Hashable) -> bytes | None:
        """The tile of a key, null when it is not there."""
        with self._lock:
            self._turn_to(shown)
            if key in self._tiles:
                self._tiles.move_to_end(key)
            return self._tiles.get(key)

    def _keep(self, shown: str, key: Hashable, tile: bytes) -> None:
        with self._lock:
            if shown != self._shown or key in self._tiles:
                return  # made for what is no longer shown, or by another thread at the same time
            self._tiles[key] = tile
            self._size += len(tile) + _OVERHEAD
            while self._size > self._capacity:
                _, oldest = self._tiles.popitem(last=False)
                self._size -= len(oldest) + _OVERHEAD

    def _turn_to(self, shown: str) -> None:
        if shown != self._shown:
            self._tiles.clear()
            self._shown, self._size = shown, 0
