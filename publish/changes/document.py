"""`/wijzigingen.json`: the feed for programs (docs/changes.md says what each member means)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import orjson

from publish.changes.feed import Moment
from publish.shelf import BRUSSELS
from release.changes import identity
from release.journal import Change, ProductChange
from release.schema import DatasetState, FieldType, Product, Schema

TITLE = "Wijzigingen in de woningkwaliteitsdata"


@dataclass(frozen=True)
class Words:
    """Addresses of the feed and of the lists, made from the public address alone (DESIGN 16); outside production all says TEST."""

    public_url: str
    production: bool

    @property
    def title(self) -> str:
        """The title of the feed."""
        return TITLE if self.production else f"TEST – {TITLE}"

    @property
    def json(self) -> str:
        """The feed for programs."""
        return f"{self.public_url}/wijzigingen.json"

    @property
    def atom(self) -> str:
        """The feed for readers."""
        return f"{self.public_url}/wijzigingen.atom"

    def ids(self, product: str) -> str:
        """The full list of ids of a product."""
        return f"{self.public_url}/downloads/{quote(product)}/{quote(product)}_ids.txt"


def document(moment: Moment, changes: tuple[Change, ...], words: Words) -> bytes:
    """The feed with these changes, the oldest first, as they are to be followed."""
    view, journal = moment.view, moment.journal
    schema = view.release.schema
    head: dict[str, object] = {
        "title": words.title,
        "test": not words.production,
        "reuse": schema.words.reuse,
        "licence": schema.words.licence,
        "self": words.json,
        "atom": words.atom,
        "release": view.release.content_id(view.day),
        "day": view.day.isoformat(),
        "updated": spelled(journal.updated),
        "sequence": journal.sequence,
        "oldest": journal.oldest,
        "products": {product.id: _state(moment, product, words) for product in schema.products},
        "entries": [_entry(change, schema) for change in changes],
    }
    return orjson.dumps(head, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def spelled(moment: datetime) -> str:
    """`2026-11-22T00:00:00+01:00`: RFC 3339, in Brussels time."""
    return moment.astimezone(BRUSSELS).isoformat(timespec="seconds")


def identifier(schema: Schema, product: str) -> tuple[str, type[int] | type[str]]:
    """The field that the ids of a product are, and how it is written: OIDN is a number, a NIS code a text."""
    known = next((each for each in schema.products if each.id == product), None)
    field = identity(schema.feature_type(known.feature_type)) if known is not None else None
    if field is None:
        return "id", int
    return field.name, int if field.type is FieldType.INTEGER else str


def _state(moment: Moment, product: Product, words: Words) -> Mapping[str, object]:
    """What the product is now, also when the feed has no entry any more."""
    states = moment.view.release.states(moment.view.day)
    withdrawn = any(states[name] is DatasetState.WITHDRAWN for name in product.datasets)
    return {"withdrawn": withdrawn, "key": identifier(moment.view.release.schema, product.id)[0], "ids": words.ids(product.id)}


def _entry(change: Change, schema: Schema) -> Mapping[str, object]:
    products = {name: _product(each, identifier(schema, name)[1]) for name, each in change.products.items()}
    return {"sequence": change.sequence, "time": spelled(change.time), "release": change.release, "products": products}


def _product(change: ProductChange, kind: type[int] | type[str]) -> Mapping[str, object]:
    if change.public is None:
        return {"withdrawn": True, "public": None, "came": 0, "went": 0, "gone": []}
    return {
        "withdrawn": False,
        "public": change.public,
        "came": change.came,
        "went": len(change.gone),
        "gone": [kind(number) for number in change.gone],
    }
