"""Items and item: a page of features in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from exports import csv_table
from exports.geojson import MEDIA_TYPE, TAIL, collection_head
from publish.access_log import note
from publish.conditional import is_current, lifetime
from publish.ogcapi.collections import Collection, collections
from publish.ogcapi.errors import BadParameter
from publish.ogcapi.features import DEFAULT_CRS, Criteria, Page, geojson, objects, page
from publish.ogcapi.identifiers import parse_id
from publish.ogcapi.links import Link, Links, header
from publish.ogcapi.negotiation import Format, negotiate
from publish.ogcapi.parameters import ITEM, ITEMS, criteria, crs, known, limit
from publish.pages import Pages, language
from publish.shelf import Shelf, View
from publish.wording import state_sentence
from release.predicate import Ids

_BOTH = (Format.JSON, Format.HTML)


@dataclass(frozen=True)
class Answers:
    """Answers for features; `url` is the root of the API, `clock` gives the time stamp."""

    shelf: Shelf
    clock: Callable[[], datetime]
    url: str
    pages: Pages

    def items(self, request: Request) -> Response:
        """`/collections/{id}/items`; raises `QueryError`, `Withdrawn`, and `HTTPException` 404."""
        view, collection = self._collection(request, "items")
        names = [field.name for field in collection.feature_type.fields]
        params = known(request.query_params, ITEMS, *names)
        format_ = negotiate(params.get("f"), request.headers.get("accept", ""), tuple(Format))
        wanted = criteria(params, collection)
        found = page(view, collection, wanted)
        links = Links(self.url, collection.id, params).of_items(format_, wanted.start, limit(params), found.matched)
        headers = self._headers(view, format_, wanted, collection) | {
            "Link": header(links),
            "OGC-NumberMatched": str(found.matched),
            "OGC-NumberReturned": str(len(found.rows)),
        }
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return self._page(format_, _Answer(view, collection, wanted, found, links, headers), request)

    def item(self, request: Request) -> Response:
        """`/collections/{id}/items/{feature}`; a feature that is not public (any more) is not there."""
        view, collection = self._collection(request, "item")
        params = known(request.query_params, ITEM)
        format_ = negotiate(params.get("f"), request.headers.get("accept", ""), _BOTH)
        identifier = request.path_params["feature"]
        number = parse_id(identifier, collection)
        wanted = Criteria(Ids(() if number is None else (number,)), crs=crs(params.get("crs"), "crs", collection))
        found = page(view, collection, wanted)
        if not len(found.rows):
            raise HTTPException(404, "Dit object is niet (meer) openbaar / there is no such feature (now)")
        links = Links(self.url, collection.id, params).of_item(format_, f"{collection.feature_type.name}.{number}")
        headers = self._headers(view, format_, wanted, collection)
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        feature = geojson(found, wanted)
        if format_ is Format.HTML:
            return self._html("collections/items/item.html", request, headers, objects(feature)[0] | {"links": links}, view, collection)
        return Response(feature[:-1] + b',"links":' + orjson.dumps(links) + b"}\n", headers=headers, media_type=MEDIA_TYPE)

    def _collection(self, request: Request, operation: str) -> tuple[View, Collection]:
        view = self.shelf.view()
        collection = collections(view.release.schema).get(request.path_params["collection"])
        if collection is None:
            raise HTTPException(404, "Onbekende collectie / there is no such collection")
        note(request, operation, collection.id)
        return view, collection

    @staticmethod
    def _headers(view: View, format_: Format, wanted: Criteria, collection: Collection) -> dict[str, str]:
        """The validator is weak, for the time stamp. OGC API Features Part 2 §6.4 /req/crs/ogc-crs-header: Content-Crs."""
        headers = lifetime(view, format_, weak=True) | {"Vary": "Accept"}
        if collection.crs and format_ is Format.JSON:
            headers["Content-Crs"] = f"<{wanted.crs.crs.url}>"
        return headers

    def _page(self, format_: Format, answer: _Answer, request: Request) -> Response:
        if format_ is Format.CSV:
            return answer.csv()
        features = geojson(answer.found, answer.wanted)
        if format_ is Format.JSON:
            return answer.json(features, self.clock())
        data = {"features": objects(features), "links": answer.links, "numberMatched": answer.found.matched, "offset": answer.wanted.start}
        return self._html("collections/items/index.html", request, answer.headers, data, answer.view, answer.collection)

    def _html(
        self, template: str, request: Request, headers: Mapping[str, str], data: Mapping[str, object], view: View, collection: Collection
    ) -> Response:
        chosen = language(request)
        title = collection.title.nl if chosen == "nl" else collection.title.en
        context = {
            "title": title,
            "state": state_sentence(view, collection.product.datasets),
            "items_path": f"{self.url}/collections/{collection.id}/items",
        }
        document = self.pages.render(
            template, chosen, data={**context, **data, "id_field": "id"}, api=urlsplit(self.url).path, locale=chosen
        )
        return Response(document, headers=dict(headers), media_type="text/html")


@dataclass(frozen=True, eq=False)
class _Answer:
    """What an items request found."""

    view: View
    collection: Collection
    wanted: Criteria
    found: Page
    links: list[Link]
    headers: dict[str, str]

    def json(self, features: bytes, now: datetime) -> Response:
        """A FeatureCollection."""
        head = collection_head(self.found.matched, len(self.found.rows), now, self.wanted.crs.crs, self.links)
        return Response(b"".join((head, features, TAIL)), headers=self.headers, media_type=MEDIA_TYPE)

    def csv(self) -> Response:
        """Rows; all columns, with both coordinates in columns of their own."""
        if not self.wanted.whole or self.wanted.crs != DEFAULT_CRS:
            raise BadParameter(
                "CSV has all columns, and coordinates in Lambert 72 and in degrees: leave out crs, properties and skipGeometry"
            )
        kind = self.collection.feature_type
        rows = self.found.table.fragments("csv").copy(self.found.rows)
        headers = self.headers | {"Content-Disposition": f'attachment; filename="{self.collection.id}.csv"'}
        return Response(b"".join((csv_table.header(kind), *rows)), headers=headers, media_type=csv_table.MEDIA_TYPE)
