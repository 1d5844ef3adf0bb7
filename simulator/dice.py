"""Chance that is the same on every machine: draws that follow from names."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")

_ENOUGH = 1 << 64


class Dice:
    """Draws that follow from the names given, e.g. seed, register and number of the record."""

    __slots__ = ("_bits", "_name", "_round")

    def __init__(self, *names: object) -> None:
        self._name, self._round = "|".join(map(str, names)), 0
        self._bits = int.from_bytes(blake2b(self._name.encode()).digest(), "big")

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1; the limit is far below 2**32."""
        if self._bits < _ENOUGH:
            self._round += 1
            self._bits = int.from_bytes(blake2b(f"{self._name}|{self._round}".encode()).digest(), "big")
        self._bits, drawn = divmod(self._bits, limit)
        return drawn

    def between(self, least: int, most: int) -> int:
        """A whole number from least to most, both included."""
        return least + self.below(most - least + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def one_in(self, number: int) -> bool:
        """True once in so many times."""
        return self.below(number) == 0
