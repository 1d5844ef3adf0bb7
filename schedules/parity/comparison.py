"""Every channel of every product against the sealed table: what is asked of each, and what it gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from release.manifest import Part, PartDigest
from release.reader import Release
from release.schema import Product
from schedules.parity import door, files, maps, services
from schedules.parity.channels import Channel, Place
from schedules.parity.errors import Undecodable
from schedules.parity.rows import Rows, Shape
from schedules.parity.sealed import Sealed, withdrawn

Digests = Mapping[tuple[str, str], PartDigest]
"""By product, and by what was compared of it: a part, or an attribute table."""

Places = Mapping[date, Place]


@dataclass(frozen=True)
class Question:
    """What does this channel (null: the sealed table) give of this product, and of its parts, on this day?"""

    day: date
    product: str
    channel: str | None
    parts: tuple[str, ...] = ()


def channels() -> tuple[Channel, ...]:
    """Every channel, in the order in which the manifest names them."""
    return (*services.channels(), *maps.channels(), *door.channels(), *files.channels())


def questions(release: Release, day: date) -> Iterator[Question]:
    """What there is to ask: nothing of a product that is withdrawn, and no file that was not made."""
    public = [product for product in release.schema.products if not withdrawn(release, product, day)]
    whole = {product.feature_type for product in public if product.value is None}
    for product in public:
        yield Question(day, product.id, None)
        entries = release.edition(day).products[product.id].files
        for channel in channels():
            if not channel.offers(release.schema, product) or (channel in files.channels() and not files.written(channel, entries)):
                continue
            if not channel.shared:
                yield Question(day, product.id, channel.name)
            elif product.value is None:
                yield Question(day, product.id, channel.name, _parts(product, public))
            elif product.feature_type not in whole:
                yield Question(day, product.id, channel.name)


def _parts(whole: Product, public: list[Product]) -> tuple[str, ...]:
    return tuple(product.id for product in public if product.feature_type == whole.feature_type and product.value is not None)


def digests(places: Places, question: Question) -> Digests | str:
    """What was given, or in words why nothing was."""
    place = places[question.day]
    if question.channel is None:
        return _sealed(place, place.release.schema.product(question.product))
    channel = _channel(question.channel)
    try:
        found = _given(place, channel, question)
        return {(sealed.product.id, channel.label(sealed)): channel.digest(rows, sealed) for sealed, rows in found}
    except Undecodable as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 # whatever a foreign library raises is the finding; its message may hold values
        return type(error).__name__


def difference(places: Places, question: Question) -> str:
    """In words how what a channel gives differs from the sealed table."""
    place, channel = places[question.day], _channel(question.channel or "")
    words = "; ".join(
        f"{place.day} {sealed.product.id}: {channel.name} {words}"
        for sealed, rows in _given(place, channel, question)
        if (words := _difference(channel, sealed, rows, channel.expected(place, sealed)))
    )
    return words or f"{place.day} {question.product}: {channel.name} gave other rows when it was read before"


def _difference(channel: Channel, sealed: Sealed, given: Rows, expected: Rows) -> str:
    places = channel.carries(sealed) is not Part.ATTRIBUTES
    lacking, strange = given.lacking(expected, places=places), expected.lacking(given, places=places)
    if not lacking and not strange and len(given) == len(expected):
        return ""
    return (
        f"gives {len(given)} rows for {len(expected)} ({channel.label(sealed)}): {lacking} are lacking or changed, {strange} are not sealed"
    )


def _given(place: Place, channel: Channel, question: Question) -> Iterator[tuple[Sealed, Rows]]:
    """The rows of the product, of its parts, and of the attribute tables that the channel carries."""
    schema = place.release.schema
    product = schema.product(question.product)
    sealed = place.sealed(product)
    parts = [schema.product(name) for name in question.parts]
    found = channel.given(place, sealed, tuple(str(part.value) for part in parts))
    yield from zip([sealed, *map(place.sealed, parts)], found, strict=True)
    for name in product.tables if channel.tables else ():
        table = place.attribute(product, name)
        yield table, channel.given(place, table)[0]


def _sealed(place: Place, product: Product) -> Digests:
    """Every part that some channel carries, as the sealed table has it."""
    sealed = place.sealed(product)
    whole = Rows.of(sealed.rows(), Shape(sealed.kind).key, sealed.find)
    known: dict[str, PartDigest] = {
        Part.ALL.value: whole.digest(places=True),
        Part.ATTRIBUTES.value: whole.digest(places=False),
        Part.LOCATED.value: whole.located.digest(places=True),
    }
    for channel in channels():
        if channel.offers(place.release.schema, product) and (label := channel.label(sealed)) not in known:
            known[label] = channel.digest(channel.expected(place, sealed), sealed)
    for name in product.tables:
        table = place.attribute(product, name)
        known[table.kind.name] = Rows.of(table.rows()).digest(places=False)
    return {(product.id, label): digest for label, digest in known.items()}


def _channel(name: str) -> Channel:
    return next(channel for channel in channels() if channel.name == name)
