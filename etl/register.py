"""What may be kept of a record between runs (CONTRACT C), and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from release.table import OPEN_END

PublicValue = str | int | float | bool | None
PublicValues = Mapping[str, PublicValue | tuple[Mapping[str, PublicValue], ...]]
"""Public values by field name; under a lower-case name the rows of an attribute table (`addresses`, `rules`)."""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """HMACs of the source's keys, the public number, the days that B.1 gives, and the public values."""

    key: bytes  # HMAC of the source key, 16 bytes
    oidn: int  # 48 bits, of the object
    subject: bytes  # HMAC of the dwelling or pand, 16 bytes: the same in every dataset
    changed: int  # gewijzigdOp, microseconds since 1970 UTC
    start: int  # first day on which it is public, days since 1970-01-01
    until: int  # last day, OPEN_END when no date ends it
    position: tuple[float, float] | None  # EPSG:31370, metres, two decimals
    values: PublicValues

    def public_on(self, day: int) -> bool:
        """Whether B.1 makes it public on a day."""
        return self.start <= day <= self.until


NEVER = OPEN_END
"""`start` of a record that can never become public: counted, not kept."""
