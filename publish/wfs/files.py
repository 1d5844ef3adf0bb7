"""Zipped Shapefile and GeoPackage as output formats: files of what a query selects, in its CRS and with its fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from exports import errors
from exports.notice import PRODUCTION
from publish.answer import Answer, digest
from publish.wfs.errors import ProcessingFailed, Unavailable
from publish.wfs.file_formats import FileFormat
from publish.wfs.offer import Offer
from publish.wfs.paging import Paging
from publish.wfs.selection import Chosen, Selected
from publish.wording import TEST, state
from release.crs import Crs
from release.schema import Geometry
from release.table import PublicTable


def file_answer(selected: Selected, asked: Paging, form: FileFormat, offer: Offer, subject: str) -> Answer:
    """The zip as an attachment. Raises, while it is made: `ProcessingFailed` when too large, `Unavailable` when too many are asked."""
    crs = selected.groups[0].bound.crs.crs
    name = f"{selected.chosen[0].kind.name}_{form.file.name}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "OGC-NumberMatched": str(selected.matched),
        "OGC-NumberReturned": str(selected.returned),
    }
    tag = f"{form.file.name}-{digest(asked.self())}"
    return Answer(form.media_type, _pieces(selected, form, crs, offer), tag, subject, headers, packed=True)


def _pieces(selected: Selected, form: FileFormat, crs: Crs, offer: Offer) -> Iterator[bytes]:
    from exports import extract  # noqa: PLC0415 # only for who asks: pyogrio takes 48 MB, and loads geopandas where that is installed

    states = {product.id: state(offer.view, [product]) for product in offer.schema.products}
    origin = extract.Origin(offer.schema, offer.view.day, TEST if offer.settings.test else PRODUCTION, states)
    layers = (extract.Layer(*_layer(chosen, crs)) for chosen in selected.chosen if len(chosen.rows) or len(selected.chosen) == 1)
    try:
        yield from extract.extract(form.file, layers, crs, origin)
    except errors.TooLarge as error:
        raise ProcessingFailed(str(error), "outputFormat") from error
    except errors.Busy as error:
        raise Unavailable(str(error)) from error


def _layer(chosen: Chosen, crs: Crs) -> tuple[PublicTable, NDArray[np.float64] | Sequence[bytes | None] | None]:
    """The rows, and their geometry in the CRS of the file."""
    table = chosen.table.table.pick(chosen.rows, chosen.kind)
    match chosen.kind.geometry:
        case Geometry.POINT:
            return table, chosen.table.coordinates(crs)[chosen.rows]
        case Geometry.MULTIPOLYGON:
            return table, chosen.table.geometries(chosen.rows, crs)
        case None:
            return table, None
