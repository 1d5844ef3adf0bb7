"""Every code that a refusal, the gate or a finding can give, in words for people (`codes.toml`)."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

FILE = Path(__file__).with_name("codes.toml")


class Consequence(StrEnum):
    """What a code does: to the delivery (refuse, hold), or to a record or value as `etl.findings.Effect` says."""

    REFUSE = "refuse"
    HOLD = "hold"
    KEEP_OUT = "keep_out"
    DROP_VALUE = "drop_value"
    WAIT = "wait"
    NOTE = "note"


class Code(BaseModel):
    """A code, what it means, what it does and what to do about it, in Dutch and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    effects: tuple[Consequence, ...]
    nl: str
    en: str
    remedy_nl: str
    remedy_en: str


_CODES = TypeAdapter(tuple[Code, ...])


def load(path: Path = FILE) -> tuple[Code, ...]:
    """The codes in their order; raises pydantic's `ValidationError` for a file that is not right."""
    return _CODES.validate_python(tomllib.loads(path.read_text("utf-8"))["codes"])
