"""Where deliveries come from: folder, HTTP, vector file, WFS and OGC API."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import httpx

from etl.definitions import DIRECTORY, DatasetDefinition
from etl.delivery import Source
from etl.errors import SourceError
from etl.sources.client import Limits, Now, utc_now
from etl.sources.folder import FolderSource
from etl.sources.http import HttpSource
from etl.sources.services import ServiceSource
from etl.sources.spool import Spool
from etl.sources.tokens import Credentials
from etl.sources.vector import VectorSource

__all__ = ["Access", "Credentials", "Limits", "Spool", "open_source"]


@dataclass(frozen=True, slots=True)
class Access:
    """What fetching needs: where fetched deliveries are kept, who we are, how patient, and the clock and wire to use."""

    spool: Spool
    credentials: Credentials | None = None
    limits: Limits = field(default_factory=Limits)
    transport: httpx.BaseTransport | None = None
    now: Now = utc_now


def open_source(definition: DatasetDefinition, setting: str | None, access: Access, *, folder: Path = DIRECTORY) -> Source:
    """The source of a dataset: by its `source.kind`, and for `delivery` by the setting `folder:PATH` or `http:URL`.

    `folder` is where the definition lies: a relative `source.location` of a vector file counts from there.
    Raises `SourceError` when the setting is missing or cannot be read.
    """
    if definition.source.kind == "vector":
        return VectorSource(folder)
    if definition.source.kind in ("wfs", "ogcapi"):
        return ServiceSource(access.spool, limits=access.limits, transport=access.transport, now=access.now)
    return _open_setting(setting or "", access)


def _open_setting(setting: str, access: Access) -> Source:
    kind, _, rest = setting.partition(":")
    if kind == "folder" and rest:
        return FolderSource(Path(rest))
    if kind not in ("http", "https") or not rest:
        raise SourceError("VLOK_SOURCE is not set: give folder:PATH, or http:URL (http:https://host/path)")
    if access.credentials is None:
        raise SourceError("VLOK_SOURCE is http, which needs VLOK_CLIENT_ID, VLOK_CLIENT_KEY_FILE and VLOK_TOKEN_URL")
    url = setting if rest.startswith("//") else rest
    return HttpSource(url, access.credentials, access.spool, limits=access.limits, transport=access.transport, now=access.now)
