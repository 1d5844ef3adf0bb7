"""Items and item: a page of features, or one, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from publish.access_log import note
from publish.answer import Answer, digest
from publish.haste import MOST, Lengthy, work
from publish.ogcapi import offers
from publish.ogcapi.collections import Collection, collections
from publish.ogcapi.encodings import FILES, LINKLESS, MEDIA_TYPES, Sheet, check
from publish.ogcapi.features import Criteria, Page, geojson, objects, page
from publish.ogcapi.identifiers import parse_id
from publish.ogcapi.links import Link, Links, header, terms
from publish.ogcapi.negotiation import OF_ITEM, OF_ITEMS, Format, negotiate
from publish.ogcapi.parameters import ITEM, ITEMS, criteria, crs, cursor, known, limit
from publish.pages import Pages, language
from publish.shelf import Edition, Shelf, View
from publish.wording import words
from release.fragments import Chunk
from release.predicate import Ids
from release.reader import Release

MAX_ON_PAGE = 1_000
"""Features on a page for people."""

_MADE_AT_ONCE = frozenset({Format.HTML, Format.FLATGEOBUF})
"""Formats of which the whole answer is made before it begins."""


@dataclass(frozen=True)
class Answers:
    """Answers for features; `url` is the root of the API, `clock` gives the time stamp."""

    shelf: Shelf
    clock: Callable[[], datetime]
    url: str
    pages: Pages
    _known: list[tuple[Release, dict[str, Collection]]] = field(default_factory=list)

    def items(self, request: Request, view: View, *, haste: bool) -> Answer:
        """`/collections/{id}/items`; raises `QueryError`, `Withdrawn`, `ReleaseGone`, `Lengthy` in haste, and `HTTPException` 404."""
        collection = self._collection(request, view, "items")
        params = known(request.query_params, ITEMS, *collection.names)
        f, accept = params.get("f"), request.headers.get("accept", "")
        format_ = negotiate(f, accept, OF_ITEMS)
        place, size = cursor(params), limit(params, MAX_ON_PAGE if format_ is Format.HTML else None)
        wanted = criteria(params, collection, 0 if place is None else place.start, size)
        edition = self.shelf.edition(view, None if place is None else place.token)
        if haste:
            _require_quick(edition, format_, wanted, collection)
        found = page(edition, collection, wanted)
        offered = offers.of_items(collection, found, params, wanted)
        format_ = offers.settled(format_, f, accept, offered)
        check(format_, wanted)
        links = Links(self.url, collection.id, params, language(request)).of_items(
            format_, offered, found, size, (edition.sealed or view).token
        )
        sheet = self._sheet(collection, wanted, found, links, view)
        headers = self._headers(sheet, format_) | {
            "Link": header(links, self._terms(sheet), whole=format_ in LINKLESS),
            "OGC-NumberMatched": str(found.matched),
            "OGC-NumberReturned": str(len(found.rows)),
        }
        chunks = [self._page(sheet, request)] if format_ is Format.HTML else sheet.chunks(format_)
        return self._answer(request, format_, chunks, collection, headers)

    def item(self, request: Request, view: View, *, haste: bool) -> Answer:
        """`/collections/{id}/items/{feature}`; a feature that is not public (any more) is not there."""
        collection = self._collection(request, view, "item")
        params = known(request.query_params, ITEM)
        f, accept = params.get("f"), request.headers.get("accept", "")
        format_ = negotiate(f, accept, OF_ITEM)
        if haste and format_ in _MADE_AT_ONCE:
            raise Lengthy
        number = parse_id(request.path_params["feature"], collection)
        wanted = Criteria(Ids(() if number is None else (number,)), crs=crs(params.get("crs"), "crs", collection))
        found = page(Edition(view), collection, wanted)
        if not len(found.rows):
            raise HTTPException(404, "Dit object is niet (meer) openbaar / there is no such feature (now)")
        offered = offers.of_item(collection, found)
        format_ = offers.settled(format_, f, accept, offered)
        identifier = f"{collection.feature_type.name}.{number}"
        links = Links(self.url, collection.id, params, language(request)).of_item(format_, identifier, offered)
        sheet = self._sheet(collection, wanted, found, links, view)
        body = self._one(sheet, request) if format_ is Format.HTML else sheet.feature(format_)
        headers = self._headers(sheet, format_) | {"Link": header(links, self._terms(sheet), whole=format_ in LINKLESS)}
        return self._answer(request, format_, [body], collection, headers)

    def _collection(self, request: Request, view: View, operation: str) -> Collection:
        collection = self._collections(view.release).get(request.path_params["collection"])
        if collection is None:
            raise HTTPException(404, "Onbekende collectie / there is no such collection")
        note(request, operation, collection.id)
        return collection

    def _collections(self, release: Release) -> dict[str, Collection]:
        """The collections of a release, worked out once."""
        latest = self._known[0] if self._known else None
        if latest is None or latest[0] is not release:
            latest = (release, collections(release.schema))
            self._known[:] = [latest]
        return latest[1]

    def _sheet(self, collection: Collection, wanted: Criteria, found: Page, links: Sequence[Link], view: View) -> Sheet:
        said = words(view, collection.product, production=self.pages.production)
        xsd = f"{self.url}/collections/{collection.id}/schema?f=xsd"
        return Sheet(collection, wanted, found, links, said, self.clock(), view.day, xsd)

    def _terms(self, sheet: Sheet) -> list[Link]:
        """The licence and the metadata record, for formats that have no room for words."""
        return terms(sheet.words.licence, f"{self.pages.public_url}/catalogus/iso/{sheet.collection.product.uuid}.xml")

    @staticmethod
    def _headers(sheet: Sheet, format_: Format) -> dict[str, str]:
        """OGC API Features Part 2 §6.4 /req/crs/ogc-crs-header: Content-Crs on every answer, also where it holds no geometry."""
        headers = {"Content-Crs": f"<{sheet.criteria.crs.crs.url}>"}
        if format_ in FILES:
            headers["Content-Disposition"] = f'attachment; filename="{sheet.collection.id}.{FILES[format_]}"'
        return headers

    @staticmethod
    def _answer(request: Request, format_: Format, chunks: Iterable[Chunk], collection: Collection, headers: Mapping[str, str]) -> Answer:
        """The validator is weak, for the time stamp."""
        tag = f"{format_}-{digest(request.url.path, request.url.query)}"
        return Answer(MEDIA_TYPES[format_], chunks, tag, collection.id, headers, weak=True, vary="Accept, Accept-Encoding")

    def _page(self, sheet: Sheet, request: Request) -> bytes:
        """A table for people; a feature that has no page of its own has no link to one."""
        features = objects(geojson(sheet.page, sheet.criteria))
        for feature in features:
            properties = feature["properties"]
            assert isinstance(properties, dict)
            feature["page"] = sheet.collection.has_page(properties.get("PRODUCT"))
        data = {
            "features": features,
            "links": sheet.links,
            "numberMatched": sheet.page.matched,
            "offset": sheet.criteria.start,
            "numberReturned": len(features),
        }
        return self._html("collections/items/index.html", request, data, sheet)

    def _one(self, sheet: Sheet, request: Request) -> bytes:
        (feature,) = objects(geojson(sheet.page, sheet.criteria))
        return self._html("collections/items/item.html", request, feature | {"links": sheet.links, "page": True}, sheet)

    def _html(self, template: str, request: Request, data: Mapping[str, object], sheet: Sheet) -> bytes:
        chosen, collection = language(request), sheet.collection
        context = {
            "title": collection.title.nl if chosen == "nl" else collection.title.en,
            **sheet.words.members,
            "licence_name": sheet.words.licence_name,
            "items_path": f"{self.url}/collections/{collection.id}/items",
            "id_field": "id",
        }
        return self.pages.render(template, chosen, data={**context, **data}, api=urlsplit(self.url).path, locale=chosen).encode()


def _require_quick(edition: Edition, format_: Format, wanted: Criteria, collection: Collection) -> None:
    """Raise `Lengthy` when the answer is not sure to be quick; what is made while it is sent does not count."""
    if format_ in _MADE_AT_ONCE or edition.sealed is not None:
        raise Lengthy
    if work(edition.view, collection.feature_type, wanted.query(collection).predicate, wanted.sort) > MOST:
        raise Lengthy
