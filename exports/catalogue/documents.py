"""Every document of the catalogue by its path; only the run that publishes loads this."""

from __future__ import annotations

from collections.abc import Iterator

from exports import iso19139
from exports.catalogue import atom, dcat, opensearch
from exports.resources import Resources


def documents(resources: Resources) -> Iterator[tuple[str, bytes]]:
    """Every document by its path; the dates inside are those of the content, so that the same content gives the same bytes."""
    yield from iso19139.documents(resources)
    yield from dcat.documents(resources)
    yield from atom.documents(resources)
    yield opensearch.PATH, opensearch.description(resources)
