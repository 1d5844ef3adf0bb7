"""What one address offers at the moment of a request: the layers of its theme, from one release on one day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from exports import symbology
from exports.symbology import Layer
from publish.shelf import View
from publish.wms.errors import LayerNotDefined
from release.schema import FeatureType, Product, Schema


@dataclass(frozen=True)
class WmsSettings:
    """`public_url` is what every link is made from, without a slash at its end; `test` says TEST in every document."""

    public_url: str = "http://127.0.0.1:8080"
    test: bool = True


@dataclass(frozen=True)
class Offer:
    """A view of the release, the theme whose layers are offered from it (null: all), and the address that they are offered at."""

    view: View
    theme: str | None
    url: str
    settings: WmsSettings

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers offered, in the order of the capabilities."""
        return tuple(layer for layer in symbology.layers(self.schema) if self.theme in (None, layer.feature_type.prefix))

    @property
    def schema(self) -> Schema:
        """The schema of the release."""
        return self.view.release.schema

    @property
    def kinds(self) -> tuple[FeatureType, ...]:
        """The feature types of the layers, each once."""
        found: list[FeatureType] = []
        for layer in self.layers:
            if layer.feature_type not in found:  # the hash of a model would read all of it
                found.append(layer.feature_type)
        return tuple(found)

    def layer(self, name: str, locator: str = "layers") -> Layer:
        """The layer of this name, as capabilities write it or with the prefix of its feature type; raises `LayerNotDefined`."""
        for layer in self.layers:
            if name in (layer.name, f"{layer.feature_type.prefix}:{layer.name}"):
                return layer
        raise LayerNotDefined(f"no layer {name[:60]!r}; offered are {', '.join(layer.name for layer in self.layers)}", locator)

    def link(self, parameters: dict[str, str]) -> str:
        """An address of this service with a query."""
        return f"{self.url}?{urlencode(parameters, quote_via=quote, safe=':,/()*')}"

    def record_url(self, product: Product) -> str:
        """Where the metadata record of a product is (ISO 19139)."""
        return f"{self.settings.public_url}/catalogus/iso/{product.uuid}.xml"

    def schema_location(self, kinds: tuple[FeatureType, ...], version: str) -> str:
        """Where the WFS beside this service tells the application schema of feature types."""
        names = ",".join(kind.qualified for kind in kinds)
        query = {"SERVICE": "WFS", "VERSION": version, "REQUEST": "DescribeFeatureType", "TYPENAME": names}
        return f"{self.url.removesuffix('wms')}wfs?{urlencode(query, quote_via=quote, safe=':,/')}"


def offered(view: View, theme: str | None, path: str, settings: WmsSettings) -> Offer | None:
    """The offer of a theme (the prefix of its feature types) or, without one, of all; null when nothing has that prefix."""
    offer = Offer(view, theme, settings.public_url + path, settings)
    return offer if offer.layers else None
