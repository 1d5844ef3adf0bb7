"""What one address offers at the moment of a request: the feature types of its theme, from one release on one day."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from publish.shelf import View
from publish.wfs.names import Names
from release.schema import FeatureType, Schema


@dataclass(frozen=True)
class WfsSettings:
    """`public_url` is what every link is made from; `count_default` is the page of an answer without a count."""

    public_url: str = "http://127.0.0.1:8080"
    test: bool = True
    count_default: int = 100_000
    max_post_bytes: int = 1_000_000


@dataclass(frozen=True)
class Offer:
    """A view of the release, the feature types offered from it, and the address that they are offered at."""

    view: View
    names: Names
    url: str
    settings: WfsSettings

    @property
    def kinds(self) -> tuple[FeatureType, ...]:
        """The feature types offered."""
        return self.names.feature_types

    @property
    def schema(self) -> Schema:
        """The schema of the release."""
        return self.view.release.schema

    def link(self, parameters: dict[str, str]) -> str:
        """An address of this service with a query."""
        return f"{self.url}?{urlencode(parameters, quote_via=quote, safe=':,/()*')}"

    def schema_location(self, kinds: tuple[FeatureType, ...]) -> str:
        """Where the application schema of these feature types is."""
        names = ",".join(kind.qualified for kind in kinds)
        return self.link({"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "DescribeFeatureType", "TYPENAMES": names})


def offered(view: View, theme: str | None, path: str, settings: WfsSettings) -> Offer | None:
    """The offer of a theme (the prefix of its feature types) or, without one, of all; null when nothing has that prefix.

    Attribute tables are not features; they are in the files and OGC API (CONTRACT B.2).
    """
    kinds = tuple(kind for kind in view.release.schema.feature_types if kind.geometry is not None and theme in (None, kind.prefix))
    return Offer(view, Names(kinds), settings.public_url.rstrip("/") + path, settings) if kinds else None
