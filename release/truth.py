"""Three-valued answers over rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Truth:
    """Where a predicate is true and where it is false; elsewhere it is unknown."""

    true: Mask
    false: Mask

    @classmethod
    def of(cls, true: Mask, present: Mask | None) -> Truth:
        """False where it is not true, unknown where nothing is `present` (null: something is everywhere)."""
        if present is None:
            return cls(true, ~true)
        true = true & present
        return cls(true, present & ~true)

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.true & other.true, self.false | other.false)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.true | other.true, self.false & other.false)

    def __invert__(self) -> Truth:
        return Truth(self.false, self.true)
