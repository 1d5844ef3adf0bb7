"""What GetFeatureInfo has found for people: a page in Dutch, and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from exports.notice import dutch, licence_name
from exports.symbology import Layer
from publish.wms.found import Found
from release.schema import Field, FieldType
from release.truth import Rows

_TAIL = re.compile(r"(?: \(|: ).*")
"""What a title of a coded field says about its codes."""

Value = str | int | Decimal | date | None

_TITLE, _LEAD, _LINK, _LABEL = "NAAM", "OMSCHR", "LINK1", "LINKOMSCH1"
_UNSAID = frozenset({"UIDN", "OIDN", "THEMA", "CATEGORIE", "PRODUCT", _TITLE, _LEAD, _LINK, _LABEL})
"""Fields that are said in another way, or that are for programs only."""


@dataclass(frozen=True)
class Fact:
    """A field with its value in words; `address` when the value is a link."""

    title: str
    value: str
    address: str = ""


@dataclass(frozen=True)
class Card:
    """One feature."""

    layer: str
    title: str
    lead: str
    facts: tuple[Fact, ...]
    link: Fact | None


def html(found: Found) -> bytes:
    """A page without scripts, styles or anything from another host; links are for a person to follow."""
    template = _environment().get_template("feature_info.html")
    words = found.offer.schema.words
    page = template.render(
        cards=list(_cards(found)),
        sources=found.sources,
        notes=found.notes,
        licence=words.licence,
        licence_name=licence_name(words.licence),
        test=found.offer.settings.test,
    )
    return page.encode()


def plain(found: Found) -> bytes:
    """The same as lines of `titel: waarde`."""
    lines = ["TEST"] if found.offer.settings.test else []
    for card in _cards(found):
        lines += [f"[{card.layer}]", card.title, *([card.lead] if card.lead else [])]
        facts = [*card.facts, *([card.link] if card.link else [])]
        lines += [f"{fact.title}: {fact.address or fact.value}" for fact in facts]
        lines.append("")
    if not found.count:
        lines += ["Hier is niets gevonden.", ""]
    return "\n".join([*lines, *found.sources, *found.notes, ""]).encode()


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _cards(found: Found) -> Iterator[Card]:
    for layer, rows in found.rows:
        for values in _rows(found, layer, rows):
            yield _card(layer, values)


def _rows(found: Found, layer: Layer, rows: Rows) -> list[dict[str, Value]]:
    names = [field.name for field in layer.feature_type.fields]
    taken: list[dict[str, Value]] = found.table(layer).table.arrow.select(names).take(rows).to_pylist()
    return taken


def _card(layer: Layer, values: dict[str, Value]) -> Card:
    facts = [_fact(field, values[field.name]) for field in layer.feature_type.fields if field.name not in _UNSAID]
    address = values.get(_LINK)
    link = Fact("Uitleg", str(values.get(_LABEL) or address), str(address)) if address else None
    lead = values.get(_LEAD)
    return Card(
        layer.title.nl, str(values.get(_TITLE) or layer.title.nl), "" if lead is None else str(lead), tuple(filter(None, facts)), link
    )


def _fact(field: Field, value: Value) -> Fact | None:
    """Null where there is no value, unless a parameter of policy is not stated, which says something."""
    title = _TAIL.sub("", field.title.nl) if field.codes else field.title.nl
    title = title[:1].upper() + title[1:]
    if value is None:
        return Fact(title, "niet opgegeven") if field.codes or field.classes else None
    for code in field.codes:
        if code.value == value:
            return Fact(title, code.title.nl)
    if field.type is FieldType.URI:
        return Fact(title, str(value), str(value) if str(value).startswith(("https://", "http://")) else "")
    if isinstance(value, date):
        return Fact(title, dutch(value))
    return Fact(title, str(value).replace(".", ",") if isinstance(value, Decimal) else str(value))
