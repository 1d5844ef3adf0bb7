"""GetFeature: a page of features, as GML 3.2, GeoJSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator

from exports import gml
from publish.wfs import formats
from publish.wfs.answer import Answer, digest
from publish.wfs.binding import Bound, bind
from publish.wfs.formats import Format, Page
from publish.wfs.offer import Offer
from publish.wfs.paging import paging
from publish.wfs.requests import GetFeature, StoredQuery
from publish.wfs.selection import Selected, select
from publish.wfs.stored_queries import feature_by_id


def get_feature(request: GetFeature, offer: Offer) -> Answer:
    """The answer, of which nothing is made before it is sent; raises `WfsError`, `Withdrawn`."""
    form = formats.find(request.presentation.output_format)
    if isinstance(request.query, StoredQuery):
        return feature_by_id(request.query, form, offer)
    bound = bind(request.query, offer.names)
    asked = paging("GetFeature", request.query, request.presentation, offer)
    selected = select(bound, offer.view, asked.start, 0 if asked.hits else asked.count)
    page = Page(
        feature_types=tuple(chosen.kind for chosen in selected.chosen),
        crs=bound.crs,
        matched=selected.matched,
        returned=selected.returned,
        timestamp=gml.midnight(offer.view.day),
        schema_location=offer.schema_location(tuple(part.kind for part in bound.parts)),
        next=asked.next(selected.matched),
        previous=asked.previous(),
    )
    form.check(page)
    tag = f"{form.encoder.name}-{digest(form.media_type, asked.self())}"
    return Answer(form.media_type, form.document(page, _features(selected, form, bound)), tag, bound.subject, _counts(page))


def _features(selected: Selected, form: Format, bound: Bound) -> Iterator[bytes | memoryview]:
    for chosen in selected.chosen:
        yield from chosen.features(form, bound.crs)


def _counts(page: Page) -> dict[str, str]:
    """Headers that tell the counts to readers of formats without a place for them."""
    return {"OGC-NumberMatched": str(page.matched), "OGC-NumberReturned": str(page.returned)}
