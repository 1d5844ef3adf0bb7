"""GetPropertyValue: the values of one property, `<wfs:member>Conformiteitsattest</wfs:member>` (WFS 2.0 §10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from exports import gml
from publish.answer import Answer, digest
from publish.fes import NOTHING
from publish.wfs import formats
from publish.wfs.binding import Part, bind
from publish.wfs.documents import GML32, WFS, XSI
from publish.wfs.errors import OptionNotSupported
from publish.wfs.links import link_header
from publish.wfs.names import Kind, Namespaces, Reference, reference
from publish.wfs.offer import Offer
from publish.wfs.paging import paging
from publish.wfs.reports import truncated
from publish.wfs.requests import AdHocQuery, GetPropertyValue
from publish.wfs.selection import Chosen, select
from publish.wfs.versions import Version
from release.crs import CrsRef
from release.predicate import IsNull, Not, both

_ROWS = 5_000


def get_property_value(request: GetPropertyValue, offer: Offer) -> Answer:
    """`wfs:ValueCollection`; features without the property give no value and are not counted. Raises `WfsError`, `Withdrawn`."""
    formats.require_gml(request.presentation.output_format)
    if not isinstance(request.query, AdHocQuery):
        raise OptionNotSupported("stored queries are answered by GetFeature", "storedQuery_id")
    bound = bind(request.query, offer.names)
    sought = [_reference(part, request, request.query.namespaces) for part in bound.parts]
    parts = tuple(_with_value(part, found) for part, found in zip(bound.parts, sought, strict=True))
    asked = paging("GetPropertyValue", [request.query], request.presentation, offer, Version.V2_0_0, VALUEREFERENCE=request.value_reference)
    selected = select([replace(bound, parts=parts)], asked.edition, asked.start, 0 if asked.hits else asked.count)
    attributes = {
        "numberMatched": str(selected.matched),
        "numberReturned": str(selected.returned),
        "timeStamp": gml.midnight(offer.view.day).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "next": asked.next(selected.next),
        "previous": asked.previous(selected.previous),
    }
    tag = f"values-{digest(asked.self())}"
    values = (_values(chosen, found, bound.crs) for chosen, found in zip(selected.chosen, sought, strict=True))
    headers = link_header(attributes["next"], attributes["previous"], offer.schema.words.licence)
    ending = truncated("wfs:ValueCollection")
    return Answer(formats.GML32.media_type, _document(attributes, values), tag, bound.subject, headers, ending)


def _reference(part: Part, request: GetPropertyValue, namespaces: Namespaces) -> Reference:
    return reference(request.value_reference, part.kind, namespaces, "valueReference")


def _with_value(part: Part, found: Reference) -> Part:
    match found.kind:
        case Kind.FIELD | Kind.GEOMETRY:
            return replace(part, predicate=both(part.predicate, Not(IsNull(found.name))))
        case Kind.ID:
            return part
        case _:
            return replace(part, predicate=NOTHING)


def _document(attributes: dict[str, str | None], values: Iterator[Iterator[bytes]]) -> Iterator[bytes]:
    head = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value is not None)
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<wfs:ValueCollection xmlns:wfs="{WFS}" xmlns:gml="{GML32}" xmlns:xsi="{XSI}"'
        f' xsi:schemaLocation="{WFS} {gml.WFS_SCHEMA}"{head}>\n'
    ).encode()
    for part in values:
        for value in part:
            yield b"".join((gml.MEMBER, value, gml.MEMBER_END))
    yield b"</wfs:ValueCollection>\n"


def _values(chosen: Chosen, found: Reference, crs: CrsRef) -> Iterator[bytes]:
    match found.kind:
        case Kind.ID:
            for number in chosen.table.table.ids[chosen.rows].tolist():
                yield f"{chosen.part.kind.name}.{number}".encode()
        case Kind.GEOMETRY:
            yield from _geometries(chosen, crs)
        case Kind.FIELD:
            column = chosen.table.table.arrow[found.name]
            for start in range(0, len(chosen.rows), _ROWS):
                for value in column.take(pa.array(chosen.rows[start : start + _ROWS])).to_pylist():
                    yield escape(str(value)).encode()
        case _:
            return


def _geometries(chosen: Chosen, crs: CrsRef) -> Iterator[bytes]:
    """The element inside the geometry property, cut out of each feature."""
    tag = f"{chosen.part.kind.prefix}:{chosen.part.kind.geometry_name}>".encode()
    for feature in chosen.each(formats.GML32, crs):
        yield feature[feature.index(b"<" + tag) + len(tag) + 1 : feature.rindex(b"</" + tag)]
