"""The words that go with every file and record: attribution, state of the content, reuse, licence (CONTRACT B.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from json import dumps

from release.schema import Product, Schema

_MONTHS = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december")
_LICENCES = {
    "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0": "Modellicentie voor gratis hergebruik",
    "https://data.vlaanderen.be/id/licentie/creative-commons-zero-verklaring/v1.0": "Creative Commons Zero-verklaring",
}
PRODUCTION = "production"


@dataclass(frozen=True)
class Notice:
    """The sentences for one product; `title` and `attribution` say TEST where the data is not real."""

    title: str
    abstract: str
    attribution: str
    state: str
    reuse: str
    licence: str
    licence_name: str
    publisher: str
    contact: str

    @property
    def members(self) -> dict[str, str]:
        """The sentences by the names that they have in every document of JSON."""
        return {"attribution": self.attribution, "state": self.state, "reuse": self.reuse, "licence": self.licence}

    @cached_property
    def json(self) -> str:
        """The members as they stand in a document, without braces; it begins every answer."""
        return dumps(self.members, ensure_ascii=False, separators=(",", ":"))[1:-1]

    @cached_property
    def text(self) -> str:
        """The sentences as one text."""
        return f"{self.attribution}. {self.state} {self.reuse} {self.licence_name}: {self.licence}"


def notice(product: Product, schema: Schema, state: date, environment: str) -> Notice:
    """Fill in the sentences of the schema for a product; `state` is that of its entry in the manifest."""
    return named(product.title.nl, product.abstract.nl, schema, state, environment)


def named(title: str, abstract: str, schema: Schema, state: date, environment: str) -> Notice:
    """Fill in the sentences for what has this Dutch title; DESIGN decision 16: outside `production` every document says TEST."""
    words, day, title = schema.words, dutch(state), title if environment == PRODUCTION else f"TEST – {title}"
    return Notice(
        title=title,
        abstract=abstract,
        attribution=_filled(words.attribution, title, day),
        state=_filled(words.state, title, day),
        reuse=_filled(words.reuse, title, day),
        licence=words.licence,
        licence_name=licence_name(words.licence),
        publisher=words.publisher,
        contact=words.contact,
    )


def licence_name(uri: str) -> str:
    """The Dutch name of a licence; its address when we know none."""
    return _LICENCES.get(uri, uri)


def dutch(day: date) -> str:
    """`21 november 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _filled(sentence: str, title: str, day: str) -> str:
    return sentence.replace("{dataset}", title).replace("{datum}", day)
