"""The documents of the catalogue, made by the run that publishes; the server copies them.

::

    iso/<uuid>.xml   ISO 19139 records of data sets and services, ISO 19110 of their feature catalogues
    dcat.ttl|rdf|jsonld   DCAT-AP Vlaanderen
    atom/…           service and data set feeds, OpenSearch description
"""

from __future__ import annotations

from collections.abc import Iterator

from exports import iso19139
from exports.resources import Resources


def documents(resources: Resources) -> Iterator[tuple[str, bytes]]:
    """Every document by its path; the dates inside are those of the content, so that the same content gives the same bytes."""
    yield from iso19139.documents(resources)


__all__ = ["documents"]
