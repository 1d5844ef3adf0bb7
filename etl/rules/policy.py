"""Rules on the rules of a municipality: a bad one is kept out, not the municipality (CONTRACT A.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from etl.findings import Effect, Finding
from etl.municipalities import today_code
from etl.rules import link, personal
from etl.table import SourceRecord

_TEXTS = ("toepassing.gebied", "toepassing.tekst", "waarde.tekst")


@dataclass(frozen=True)
class PolicyText:
    """What a municipality wrote in a rule is public after this check."""

    codes: tuple[str, ...] = personal.CODES

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """Look at every text of every rule."""
        for index, item in enumerate(record.items("regels")):
            for path in _TEXTS:
                value = item.get(path)
                if isinstance(value, str) and (code := personal.personal(value.strip())):
                    yield Finding(code, f"regels[].{path}", record.number, Effect.KEEP_OUT, index)


@dataclass(frozen=True)
class PolicyLink:
    """A bad link is dropped, its rule stays."""

    codes: tuple[str, ...] = (*link.CODES, *personal.CODES)

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """Look at the link of every rule; a scheme is added when it is published."""
        for index, item in enumerate(record.items("regels")):
            written = item.get("publicatie")
            if isinstance(written, str):
                cleaned, code = link.clean(written)
                if cleaned is None and code is not None:
                    yield Finding(code, "regels[].publicatie", record.number, Effect.DROP_VALUE, index)


@dataclass(frozen=True)
class PolicyMunicipality:
    """The code is, or has become, one of today's 285."""

    day: date
    codes: tuple[str, ...] = ("municipality.unknown",)

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """A code that is none of them breaks the code list."""
        if today_code(record.text("niscode") or "", self.day) is None:
            yield Finding("municipality.unknown", "niscode", record.number, Effect.KEEP_OUT)
