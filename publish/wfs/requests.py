"""Requests as the standard names them, read from KVP or XML alike; names and filters are still as the client wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from publish.wfs.documents import Element
from publish.wfs.versions import Version


@dataclass(frozen=True)
class GetCapabilities:
    """`<GetCapabilities service="WFS"><AcceptVersions>…`; no sections means all."""

    version: Version
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class DescribeFeatureType:
    """`<DescribeFeatureType><TypeName>…`; no names means all feature types."""

    type_names: tuple[str, ...]
    namespaces: Mapping[str, str]
    output_format: str | None = None
    version: Version = Version.V2_0_0


@dataclass(frozen=True)
class ListStoredQueries:
    """`<ListStoredQueries/>`."""


@dataclass(frozen=True)
class DescribeStoredQueries:
    """`<DescribeStoredQueries><StoredQueryId>…`; no ids means all."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdHocQuery:
    """`<Query typeNames="POI:POI" srsName="…">`, or the keywords that stand for one; what is given in two ways must hold in both."""

    type_names: tuple[str, ...] = ()
    namespaces: Mapping[str, str] = field(default_factory=dict)
    srs_name: str | None = None
    filter: Element | None = None
    cql: str | None = None
    bbox: str | None = None
    resource_ids: tuple[str, ...] = ()
    property_names: tuple[str, ...] = ()
    sort_by: tuple[tuple[str, bool], ...] = ()
    """Name and whether it descends."""


@dataclass(frozen=True)
class StoredQuery:
    """`<StoredQuery id="…"><Parameter name="id">…`; names of parameters in lower case."""

    id: str
    parameters: Mapping[str, str]


Query = AdHocQuery | StoredQuery
"""A query expression (WFS 2.0 §7.9)."""


@dataclass(frozen=True)
class Presentation:
    """How much of the answer, and in what form (WFS 2.0 §7.6.3); `release` names the sealed release of a `next` link."""

    output_format: str | None = None
    start_index: int = 0
    count: int | None = None
    result_type: Literal["results", "hits"] = "results"
    release: str | None = None


@dataclass(frozen=True)
class GetFeature:
    """`<GetFeature count="10"><Query …/><Query …/></GetFeature>`; at least one query."""

    queries: tuple[Query, ...]
    presentation: Presentation
    version: Version = Version.V2_0_0


@dataclass(frozen=True)
class GetPropertyValue:
    """`<GetPropertyValue valueReference="POI:PRODUCT"><Query …/></GetPropertyValue>`."""

    query: Query
    presentation: Presentation
    value_reference: str


Request = GetCapabilities | DescribeFeatureType | ListStoredQueries | DescribeStoredQueries | GetFeature | GetPropertyValue
