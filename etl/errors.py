"""The error tree of the private side (drawn in the package docstring)."""

from __future__ import annotations


class EtlError(Exception):
    """Anything that stops a job; the message holds no value of a record."""


class BadDefinition(EtlError):
    """A dataset definition is wrong."""


class DeliveryRefused(EtlError):
    """A delivery is refused whole: `code` is stable, `place` is the file and line where there is one."""

    def __init__(self, code: str, reason: str, *, file: str | None = None, line: int | None = None) -> None:
        self.code, self.reason, self.file, self.line = code, reason, file, line
        place = "".join([f" in {file}" if file else "", f", line {line}" if line is not None else ""])
        super().__init__(f"{code}{place}: {reason}")


class SourceError(EtlError):
    """A source cannot be reached, answers wrongly, or sends too much."""


class NoDelivery(SourceError):
    """No delivery of this dataset for this day; the message names the place where it was expected."""


class StoreError(EtlError):
    """The state cannot be read or written."""


class JobRunning(StoreError):
    """Another process holds the lock of a job."""


class Collision(EtlError):
    """Two objects have the same public number."""
