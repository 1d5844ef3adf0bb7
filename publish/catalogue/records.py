"""ISO 19139 records, the same as `metadata.xml` in the downloads."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from exports import iso19139
from exports.formats import FORMATS
from publish.access_log import note
from publish.conditional import is_current, lifetime
from publish.shelf import Shelf

_MEDIA_TYPE = "application/vnd.iso.19139+xml"


@dataclass(frozen=True)
class Records:
    """Serves the record of a product; it stays there when its dataset is withdrawn, since it holds no object."""

    shelf: Shelf
    public_url: str
    environment: str

    def answer(self, request: Request) -> Response:
        """The record as XML, or 304; raises `DayOver`, and `HTTPException` 404 for an unknown UUID."""
        view, uuid = self.shelf.view(), request.path_params["uuid"]
        schema = view.release.schema
        product = next((product for product in schema.products if product.uuid == uuid), None)
        if product is None:
            raise HTTPException(404, "Onbekend metadatarecord / unknown metadata record; see /downloads")
        note(request, "iso", product.id)
        entry = view.release.edition(view.day if view.day in view.release.days else view.release.days[-1]).products[product.id]
        headers = lifetime(view, f"iso-{uuid}")
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        made = {file.format for file in entry.files if file.bytes}
        formats = tuple(form for form in FORMATS if form.name in made)
        body = iso19139.record(product, schema, entry.since, formats, self.public_url, self.environment)
        return Response(body, headers=headers, media_type=_MEDIA_TYPE)


def routes(shelf: Shelf, public_url: str, *, production: bool) -> list[Route]:
    """The records; links are made from `public_url`, which has no slash at the end."""
    records = Records(shelf, public_url, "production" if production else "test")
    return [Route("/catalogus/iso/{uuid}.xml", records.answer, name="iso")]
