"""`levering.json`, and the same facts on a page over HTTP: what a delivery says that it is (CONTRACT A)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from etl.delivery import Kind
from etl.errors import DeliveryRefused

_MOST = 2**53 - 1  # the largest integer that every JSON reader holds


def _day(text: object) -> object:
    if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return date.fromisoformat(text)
    raise ValueError("not a day as yyyy-mm-dd")


def _kind(text: object) -> object:
    if isinstance(text, str):
        return Kind(text)
    raise ValueError("not a text")


Count = Annotated[int, Field(ge=0, le=_MOST, strict=True)]


class Statement(BaseModel):
    """What every delivery states, in a file or on a page; keys that the contract does not know are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = Field(strict=True)
    soort: Annotated[Kind, BeforeValidator(_kind)]
    peildatum: Annotated[date, BeforeValidator(_day)]
    volgnummer: Annotated[int, Field(ge=1, le=_MOST, strict=True)]


class DeliveredFile(BaseModel):
    """One entry of `bestanden`: a plain file name, its number of records and the SHA-256 of its bytes as they lie there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    naam: str = Field(strict=True, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\.jsonl(\.gz)?$")
    aantal: Count
    sha256: str = Field(strict=True, pattern=r"^[0-9a-f]{64}$")


class Levering(Statement):
    """The content of `levering.json`."""

    bestanden: Annotated[tuple[DeliveredFile, ...], Field(max_length=500)]


class Page(Statement):
    """One page over HTTP: `aantal` counts the records of all pages together, `volgende` is the link to the next."""

    aantal: Count
    records: list[object]
    volgende: str | None = None


Stated = TypeVar("Stated", bound=Statement)


def read_statement(model: type[Stated], content: object, *, place: str) -> Stated:
    """Parsed JSON as `Levering` or `Page`; raises `DeliveryRefused` (`delivery.header`) naming the key, never its value."""
    if not isinstance(content, Mapping):
        raise DeliveryRefused("delivery.header", "not a JSON object", file=place)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        if first["type"] == "extra_forbidden":
            reason = "a key that the contract does not know"
        else:
            where = ".".join(str(part) for part in first["loc"])
            reason = f"{where} is missing" if first["type"] == "missing" else f"{where} is not as the contract says"
        raise DeliveryRefused("delivery.header", reason, file=place) from None


def check_statement(stated: Statement, dataset: str, day: date | None, *, place: str) -> None:
    """Raises `DeliveryRefused` when the delivery is of another dataset, or of another day than the one asked for."""
    if stated.dataset != dataset:
        raise DeliveryRefused("delivery.dataset", f"is not a delivery of {dataset}", file=place)
    if day is not None and stated.peildatum != day:
        raise DeliveryRefused("delivery.day", f"peildatum is {stated.peildatum}, expected {day}", file=place)
