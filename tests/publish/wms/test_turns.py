"""Large maps take turns: others find a thread, and are answered, while one is drawn and more wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from publish.answer import Answer
from publish.threads import THREADS
from publish.wms import service
from publish.wms.get_map import get_map
from publish.wms.keywords import pixels
from publish.wms.kvp import Kvp
from publish.wms.offer import Offer
from publish.wms.requests import GetMap
from tests.publish.wms.conftest import asked

SMALL, LARGE = asked({}), asked({"WIDTH": 4096, "HEIGHT": 513})
SECONDS = 60


class Gate:
    """Holds large maps until it is opened, and counts them."""

    def __init__(self) -> None:
        self.opened, self.lock = threading.Event(), threading.Lock()
        self.now = self.most = self.all = 0

    def draw(self, request: GetMap, offer: Offer) -> Answer:
        if request.map.width * request.map.height <= service.LARGE:
            return get_map(request, offer)
        with self.lock:
            self.now, self.all = self.now + 1, self.all + 1
            self.most = max(self.most, self.now)
        assert self.opened.wait(SECONDS)
        with self.lock:
            self.now -= 1
        return get_map(request, offer)


async def _flooded(application: Starlette, gate: Gate) -> tuple[int, list[int]]:
    """The status of a small map that is asked for while more large ones are under way than there are threads; and of those."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://wms") as http:
        large = [asyncio.create_task(http.get("/wms", params=LARGE)) for _ in range(THREADS + 2)]
        try:
            while not gate.all:
                await asyncio.sleep(0.01)
            small = await asyncio.wait_for(http.get("/wms", params=SMALL), SECONDS)
        finally:
            gate.opened.set()
        return small.status_code, [answer.status_code for answer in await asyncio.gather(*large)]


def test_a_small_map_does_not_wait_for_large_ones(
    releases: Path, application: Callable[..., Starlette], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    monkeypatch.setattr(service, "get_map", gate.draw)
    small, large = asyncio.run(_flooded(application(releases), gate))
    assert small == 200 and large == [200] * (THREADS + 2)
    assert (gate.most, gate.all) == (1, THREADS + 2)


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({}, 10_000),
        ({"LAYERS": "POI,POI,Onbekend"}, 30_000),  # a report may be a picture too
        ({"LAYERS": None}, 10_000),
        ({"REQUEST": "map"}, 10_000),
        ({"WIDTH": None}, 0),
        ({"REQUEST": "GetFeatureInfo", "WIDTH": 4096, "HEIGHT": 4096}, 0),
        ({"REQUEST": None}, 0),
    ],
)
def test_the_pixels_of_all_layers_count(keywords: dict[str, Any], expected: int) -> None:
    query = str(httpx.QueryParams({name: value for name, value in asked(keywords).items() if value is not None}))
    assert pixels(Kvp.parse(query.encode())) == expected
