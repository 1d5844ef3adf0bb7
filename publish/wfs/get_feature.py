"""GetFeature: a page of features, of one query or of several, in any output format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from exports import gml
from publish.answer import Answer, digest
from publish.wfs import formats
from publish.wfs.binding import bind
from publish.wfs.effort import require_modest
from publish.wfs.errors import OptionNotSupported
from publish.wfs.file_formats import FileFormat
from publish.wfs.files import file_answer
from publish.wfs.formats import Format, Member, OutputFormat, Page
from publish.wfs.links import link_header
from publish.wfs.offer import Offer
from publish.wfs.paging import EVERYTHING, Paging, paging
from publish.wfs.reports import truncated
from publish.wfs.requests import AdHocQuery, GetFeature, Presentation, StoredQuery
from publish.wfs.selection import Chosen, Group, Selected, select
from publish.wfs.stored_queries import FEATURE_BY_ID, feature_by_id, find, spatial_data_set
from publish.wfs.turns import require_quick
from release.crs import CrsRef
from release.fragments import Chunk
from release.reader import Rows
from release.schema import FeatureType


def get_feature(request: GetFeature, offer: Offer) -> Answer:
    """The answer, of which nothing is made before it is sent; raises `WfsError`, `Withdrawn`, `Lengthy`."""
    form = _form(request)
    if (by_id := _by_id(request)) is not None:
        return feature_by_id(by_id, form, offer)
    queries = [query if isinstance(query, AdHocQuery) else spatial_data_set(query, offer) for query in request.queries]
    bounds = [bind(query, offer.names, request.version) for query in queries]
    if len({bound.crs.crs for bound in bounds}) > 1 and not form.references:
        raise OptionNotSupported("features in this output format all have one CRS", "srsName")
    require_modest([(part.predicate, part.sort) for bound in bounds for part in bound.parts])
    require_quick(bounds, form, request.presentation, offer)
    asked = paging("GetFeature", queries, _presentation(request, form), offer, request.version)
    selected = select(bounds, asked.edition, asked.start, 0 if asked.hits else asked.count)
    subject = ",".join(bound.subject for bound in bounds)
    if isinstance(form, FileFormat):
        return file_answer(selected, asked, form, offer, subject)
    page = _page(selected, asked, form, offer)
    form.check(page)
    tag = f"{form.encoder.name}-{digest(form.media_type, asked.identity)}"
    ending = truncated("wfs:FeatureCollection") if form is formats.GML32 and len(bounds) == 1 else b""
    return Answer(form.media_type, form.document(page, _members(selected, form)), tag, subject, _headers(page, offer), ending)


def _form(request: GetFeature) -> OutputFormat:
    """The output format; a count of hits is never a file but the version's own GML."""
    form = formats.find(request.presentation.output_format, request.version)
    hits = request.presentation.result_type == "hits"
    return formats.OWN[request.version] if hits and isinstance(form, FileFormat) else form


def _by_id(request: GetFeature) -> StoredQuery | None:
    """The query when it is GetFeatureById, which answers with no collection and so stands alone; raises `WfsError`."""
    for query in request.queries:
        if isinstance(query, StoredQuery) and find(query.id) is FEATURE_BY_ID:
            if len(request.queries) > 1:
                raise OptionNotSupported("GetFeatureById is the only query of its request", "storedQuery_id")
            return query
    return None


def _presentation(request: GetFeature, form: OutputFormat) -> Presentation:
    """Everything, unless a count is asked: of a file, which has no next page, and of GetSpatialDataSet.

    INSPIRE TG Download Services 3.1, Req 46: a predefined data set comes whole.
    """
    given = request.presentation
    whole = isinstance(form, FileFormat) or any(isinstance(query, StoredQuery) for query in request.queries)
    return replace(given, count=EVERYTHING) if whole and given.count is None else given


def _page(selected: Selected, asked: Paging, form: Format, offer: Offer) -> Page:
    kinds = _different(chosen.kind for chosen in selected.chosen)
    whole = _different(chosen.part.kind for chosen in selected.chosen)
    return Page(
        feature_types=kinds,
        crs=selected.groups[0].bound.crs,
        matched=selected.matched,
        returned=selected.returned,
        hits=asked.hits,
        timestamp=gml.midnight(offer.view.day),
        schema_location=offer.schema_location(whole, form.version),
        words=offer.words(whole),
        next=asked.next(selected.next),
        previous=asked.previous(selected.previous),
    )


def _different(kinds: Iterable[FeatureType]) -> tuple[FeatureType, ...]:
    """Each once; compared and not hashed, because the hash of a model reads all of it."""
    found: list[FeatureType] = []
    for kind in kinds:
        if kind not in found:
            found.append(kind)
    return tuple(found)


def _members(selected: Selected, form: Format) -> Iterator[Member]:
    """What each query selects. An object that an earlier one has selected too is only referred to: its gml:id is in the document once."""
    seen: dict[str, list[Rows]] = {}
    for group in selected.groups:
        yield Member(group.matched, group.returned, _features(group, form, seen))


def _features(group: Group, form: Format, seen: dict[str, list[Rows]]) -> Iterator[Chunk]:
    for chosen in group.chosen:
        known = seen.setdefault(chosen.part.kind.qualified, [])
        if known and form.references:
            yield from _without(chosen, np.concatenate(known), form, group.bound.crs)
        else:
            yield from form.members(chosen.features(form, group.bound.crs))
        known.append(chosen.rows)


def _without(chosen: Chosen, known: Rows, form: Format, crs: CrsRef) -> Iterator[Chunk]:
    """The features in order, those that are known as references (WFS 2.0 §7.6.4.2: a local reference)."""
    repeated = np.isin(chosen.rows, known)
    for run in np.split(np.arange(len(repeated)), np.flatnonzero(np.diff(repeated)) + 1):
        rows = chosen.rows[run]
        if len(rows) and repeated[run[0]]:
            for number in chosen.table.table.ids[rows].tolist():
                yield form.reference(f"{chosen.part.kind.name}.{number}")
        else:
            yield from form.members(replace(chosen, rows=rows).features(form, crs))


def _headers(page: Page, offer: Offer) -> dict[str, str]:
    """The counts and the pages around, for readers of formats without a place for them."""
    counts = {"OGC-NumberMatched": str(page.matched), "OGC-NumberReturned": str(page.returned)}
    return counts | link_header(page.next, page.previous, offer.schema.words.licence, offer.records(page.feature_types))
