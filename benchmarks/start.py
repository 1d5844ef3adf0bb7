"""From `vlok serve` to its first answers."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.figures import StartFigures
from benchmarks.server import serving
from benchmarks.stand import DAY, Stand

TIMES = 3
_WFS = "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=POI:POI&resultType=hits"
_OGCAPI = "/ogc/features/v1/collections/POI/items?f=json&limit=10"


def measure(stand: Stand) -> Iterator[StartFigures]:
    """Start the server of a stand that has published, a few times over."""
    for _ in range(TIMES):
        yield _once(stand)


def _once(stand: Stand) -> StartFigures:
    began, times = time.monotonic(), list[float]()
    with serving(stand.home, DAY) as server:
        for path in ("/healthz", _WFS, _OGCAPI):
            server.wait(path)
            times.append(time.monotonic() - began)
    return StartFigures(healthz=times[0], wfs=times[1], ogcapi=times[2])
