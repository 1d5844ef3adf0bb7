"""Download files of the edition of the day: `/downloads/<product>/<product>_<format>.zip`."""

from __future__ import annotations

import os
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from publish.access_log import note
from publish.conditional import is_current, lifetime
from publish.shelf import Shelf, View
from release import layout
from release.manifest import FileEntry
from release.schema import Product


@dataclass(frozen=True)
class Downloads:
    """Serves the files of the current release."""

    shelf: Shelf

    def answer(self, request: Request) -> Response:
        """The file, or 304; raises `Withdrawn`, `DayOver`, and `HTTPException` 404 for what there is not."""
        view, name = self.shelf.view(), request.path_params["product"]
        product = next((product for product in view.release.schema.products if product.id == name), None)
        if product is None:
            raise HTTPException(404, "Onbekend product / unknown product; see /downloads")
        note(request, "download", product.id)
        entry = self._entry(view, product, f"{product.id}/{request.path_params['file']}")
        headers = lifetime(view, f"{entry.format}-{entry.sha256[:16]}")
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        path = layout.downloads_folder(view.release.folder, view.day) / entry.path
        filename = entry.path.rpartition("/")[2]
        return Download(path, headers=headers, media_type="application/zip", filename=filename, stat_result=os.stat(path))

    @staticmethod
    def _entry(view: View, product: Product, path: str) -> FileEntry:
        require_public(view, product)
        for entry in view.release.edition(view.day).products[product.id].files:
            if entry.path == path and entry.bytes:
                return entry
            if entry.path == path:
                raise HTTPException(404, entry.note or "not made")
        raise HTTPException(404, "Onbekend bestand / unknown file; see /downloads")


class Download(FileResponse):
    """A file with our own validator: its time on this disk says nothing, and is not sent."""

    def set_stat_headers(self, stat_result: os.stat_result) -> None:
        """Only the length."""
        self.headers["Content-Length"] = str(stat_result.st_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """DESIGN, the flow: a part only goes to who proves with If-Range which whole it belongs to."""
        proof = Headers(scope=scope).get("if-range")
        left_out = {b"if-range"} if proof == self.headers["ETag"] else {b"if-range", b"range"}
        kept = [(name, value) for name, value in scope["headers"] if name not in left_out]
        await super().__call__({**scope, "headers": kept}, receive, send)


def require_public(view: View, product: Product) -> None:
    """Raise `Withdrawn` when a dataset of the product is not public on the day."""
    view.release.require_product(product, view.day)
