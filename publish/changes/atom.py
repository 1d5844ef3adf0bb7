"""`/wijzigingen.atom`: the same for feed readers (RFC 4287), the newest first."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from publish.changes.document import Words, identifier, spelled
from publish.changes.feed import Moment
from release.journal import Change, ProductChange
from release.schema import Schema

MEDIA_TYPE = "application/atom+xml"

_ATOM = "http://www.w3.org/2005/Atom"


def atom(moment: Moment, changes: tuple[Change, ...], words: Words) -> bytes:
    """The feed with these changes."""
    schema = moment.view.release.schema
    feed = etree.fromstring(f'<feed xmlns="{_ATOM}" xml:lang="nl"/>')
    _add(feed, "title", words.title)
    _add(feed, "subtitle", schema.words.reuse)
    _add(feed, "id", words.atom)
    _add(feed, "link", rel="self", type=MEDIA_TYPE, href=words.atom)
    _add(feed, "link", rel="alternate", type="application/json", href=words.json)
    _add(feed, "link", rel="alternate", type="text/html", href=f"{words.public_url}/")
    _add(feed, "link", rel="license", href=schema.words.licence)
    _add(feed, "updated", spelled(moment.journal.updated))
    _add(_add(feed, "author"), "name", schema.words.publisher)
    for change in reversed(changes):
        _entry(feed, change, schema, words)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _entry(feed: etree._Element, change: Change, schema: Schema, words: Words) -> None:
    went = len({number for product in change.products.values() for number in product.gone})  # a part is in the whole too
    withdrawn = [name for name, product in change.products.items() if product.public is None]
    title = f"{went} verdwenen" + (f"; ingetrokken: {', '.join(withdrawn)}" if withdrawn else "")
    entry = _add(feed, "entry")
    _add(entry, "title", title if went or withdrawn else "Nieuwe stand, niets verdwenen")
    # RFC 4287 §4.2.6: never another one for the same entry. A number is never given out twice (release.changes).
    _add(entry, "id", f"{words.atom}#{change.sequence}")
    _add(entry, "updated", spelled(change.time))
    _add(entry, "link", rel="related", type="application/json", href=f"{words.json}?since={change.sequence - 1}")
    _add(entry, "content", "\n".join(_lines(change, schema)), type="text")


def _lines(change: Change, schema: Schema) -> Iterator[str]:
    yield f"Release {change.release}"
    for name, product in change.products.items():
        yield f"{name}: {_told(product, identifier(schema, name)[0])}"


def _told(product: ProductChange, key: str) -> str:
    if product.public is None:
        return "ingetrokken, toon er niets meer van"
    counts = f"{product.public} openbaar, {product.came} bijgekomen, {len(product.gone)} verdwenen"
    return counts + (f" ({key} {' '.join(map(str, product.gone))})" if product.gone else "")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element
