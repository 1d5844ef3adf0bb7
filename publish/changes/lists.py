"""The full list of ids of a product today, one a line: what a copy is compared with when the feed does not go back far enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from publish.access_log import note
from publish.conditional import is_current, lifetime
from publish.shelf import Shelf, View
from release.changes import identifiers
from release.predicate import Compare, Operator
from release.schema import Product

MEDIA_TYPE = "text/plain"


@dataclass(frozen=True)
class Lists:
    """Answers with lists, read from the columns."""

    shelf: Shelf

    def answer(self, request: Request) -> Response:
        """The ids in rising order; raises `Withdrawn`, and `HTTPException` 404 for what there is not."""
        view, name = self.shelf.view(), request.path_params["product"]
        product = next((each for each in view.release.schema.products if each.id == name), None)
        if product is None or request.path_params["name"] != name:
            raise HTTPException(404, "Onbekend product / unknown product; see /downloads")
        note(request, "ids", product.id)
        _require_public(view, product)
        headers = lifetime(view, "ids")
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(_lines(identifiers(view.release, product, view.day)), headers=headers, media_type=MEDIA_TYPE)


def _require_public(view: View, product: Product) -> None:
    only = None if product.value is None else Compare("PRODUCT", Operator.EQUAL, product.value)
    view.release.require_public(view.release.schema.feature_type(product.feature_type), only, view.day)


def _lines(ids: NDArray[np.int64]) -> bytes:
    """A line for each, made as one: a hundred milliseconds less than Python needs for 300,000."""
    if not len(ids):
        return b""
    texts = pa.array(ids).cast(pa.string())
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts), "\n")
    return bytes(joined[0].as_buffer()) + b"\n"
