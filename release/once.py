"""Values that are made when they are first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import RLock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Once(Generic[K, V]):
    """One value for each key, made by the thread that asks first; the others wait for it. What fails is not kept."""

    def __init__(self) -> None:
        self._made: dict[K, V] = {}
        self._lock = RLock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key; raises what `make` raises."""
        if key not in self._made:
            with self._lock:
                if key not in self._made:
                    self._made[key] = make()
        return self._made[key]
