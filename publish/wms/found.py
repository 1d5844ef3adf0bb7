"""What GetFeatureInfo has found, and the words that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from exports.notice import Notice
from exports.symbology import Layer
from publish.features import Features
from publish.wms.offer import Offer
from publish.wording import attribution, sentences
from release.crs import Crs
from release.reader import ReleaseTable
from release.schema import FeatureType
from release.truth import Rows


@dataclass(frozen=True)
class Found:
    """Rows of each layer that was asked about, in the order of the question; geometries are given in `crs`."""

    offer: Offer
    crs: Crs
    rows: tuple[tuple[Layer, Rows], ...]

    @property
    def count(self) -> int:
        """How many features, each once."""
        return sum(len(features.rows) for features in self.features)

    @property
    def kinds(self) -> tuple[FeatureType, ...]:
        """The feature types of the layers, each once."""
        found: list[FeatureType] = []
        for layer, _ in self.rows:
            if layer.feature_type not in found:
                found.append(layer.feature_type)
        return tuple(found)

    @cached_property
    def features(self) -> tuple[Features, ...]:
        """The features of each layer; an object that several layers have comes once."""
        return tuple(self._features())

    def _features(self) -> Iterator[Features]:
        seen: dict[str, set[int]] = {}
        for layer, rows in self.rows:
            known = seen.setdefault(layer.feature_type.qualified, set())
            fresh = np.array([row not in known for row in rows.tolist()], dtype=np.bool_)
            known.update(rows.tolist())
            yield Features(self.table(layer), rows[fresh])

    def table(self, layer: Layer) -> ReleaseTable:
        """The table of a layer."""
        return self.offer.view.release.table(layer.feature_type.qualified)

    @property
    def sources(self) -> tuple[str, ...]:
        """`Bron: …` of each layer, each once (CONTRACT B.3)."""
        return tuple(dict.fromkeys(attribution(self.offer.view, layer.product) for layer, _ in self.rows))

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that go with every popup (CONTRACT B.3)."""
        return self.words.state, self.words.reuse

    @property
    def words(self) -> Notice:
        """The same for programs; outside production it says TEST."""
        products = [layer.product for layer, _ in self.rows]
        return sentences(self.offer.view, products, production=not self.offer.settings.test)
