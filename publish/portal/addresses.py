"""Addresses of services, as the application that serves them states them: to copy, and for the map to ask."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from release.schema import Text


@dataclass(frozen=True)
class Address:
    """A service: its title, and its path below the public address."""

    title: Text
    path: str


@dataclass(frozen=True)
class BaseMap:
    """A base map of somebody else: address of its tiles with `{z}`, `{x}` and `{y}`, and whom it is from."""

    url: str
    attribution: str

    @property
    def origin(self) -> str:
        """`https://tiles.example.org`: what the Content-Security-Policy of the map has to name."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class MapServices:
    """What the map asks: roots of OGC API Features and Tiles and of the WMS, as paths below the public address."""

    features: str
    tiles: str
    wms: str
    base_map: BaseMap | None = None
