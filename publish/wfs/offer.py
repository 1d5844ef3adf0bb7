"""What one address offers at the moment of a request: the feature types of its theme, from one release on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from exports.notice import Notice
from publish.shelf import Shelf, View
from publish.wfs.names import Names
from publish.wfs.versions import Version
from publish.wording import sentences
from release.schema import FeatureType, Product, Schema


@dataclass(frozen=True)
class WfsSettings:
    """`public_url` is what every link is made from; `count_default` is the page of an answer without a count.

    It is larger than the data: clients take it for their page, and one that does not page would miss the rest without noticing. Nothing
    is gained by small pages, since answers are streamed.
    """

    public_url: str = "http://127.0.0.1:8080"
    test: bool = True
    count_default: int = 1_000_000
    max_post_bytes: int = 1_000_000


@dataclass(frozen=True)
class Offer:
    """A view of the release, the feature types offered from it, and the address that they are offered at; `shelf` has earlier ones.

    In `haste` only what is sure to be quick is answered (`turns`).
    """

    shelf: Shelf
    view: View
    names: Names
    url: str
    settings: WfsSettings
    haste: bool = False

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
        return _link(self.url, parameters)

    def record_url(self, product: Product) -> str:
        """Where the metadata record of a product is (ISO 19139)."""
        return f"{self.settings.public_url.rstrip('/')}/catalogus/iso/{product.uuid}.xml"

    def records(self, kinds: Iterable[FeatureType]) -> list[str]:
        """Where the metadata records of what feature types hold are."""
        return [self.record_url(product) for product in self._products(kinds)]

    def words(self, kinds: Iterable[FeatureType]) -> Notice:
        """The sentences that go with features of these types (CONTRACT B.3)."""
        return sentences(self.view, self._products(kinds) or self.schema.products, production=not self.settings.test)

    def _products(self, kinds: Iterable[FeatureType]) -> list[Product]:
        return [self.schema.whole(kind) for kind in kinds if self.schema.products_of(kind)]

    def schema_location(self, kinds: tuple[FeatureType, ...], version: Version = Version.V2_0_0) -> str:
        """Where the application schema of these feature types is, in the GML of a version."""
        return _schema_location(self.url, ",".join(kind.qualified for kind in kinds), version)


def _link(url: str, parameters: dict[str, str]) -> str:
    return f"{url}?{urlencode(parameters, quote_via=quote, safe=':,/()*')}"


@lru_cache(maxsize=256)  # it stands in every answer
def _schema_location(url: str, names: str, version: Version) -> str:
    keyword = "TYPENAMES" if version is Version.V2_0_0 else "TYPENAME"
    return _link(url, {"SERVICE": "WFS", "VERSION": str(version), "REQUEST": "DescribeFeatureType", keyword: names})


def offered(shelf: Shelf, view: View, theme: str | None, path: str, settings: WfsSettings) -> Offer | None:
    """The offer of a theme (the prefix of its feature types) or, without one, of all; null when nothing has that prefix.

    Attribute tables are not features; they are in the files and OGC API (CONTRACT B.2).
    """
    kinds = tuple(kind for kind in view.release.schema.feature_types if kind.geometry is not None and theme in (None, kind.prefix))
    return Offer(shelf, view, Names(kinds), settings.public_url.rstrip("/") + path, settings) if kinds else None
