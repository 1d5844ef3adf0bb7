"""What the application over a candidate serves, counted and compared with the candidate's manifest."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time

import httpx

from publish.app import ServeSettings, create_app
from release.reader import Release
from release.schema import DatasetState, Product
from schedules.cadence import BRUSSELS


def served_counts(release: Release, day: date) -> Iterator[str]:
    """Products whose count in WFS or OGC API differs from the manifest, in words."""
    yield from asyncio.run(_compare(release, day))


async def _compare(release: Release, day: date) -> list[str]:
    problems = []
    manifest = release.edition(day)
    async with _client(release, day) as client:
        for product in release.schema.products:
            if _withdrawn(release, product, day):
                continue
            expected = manifest.products[product.id].public
            counts = {"WFS": await _wfs(client, product), "OGC API": await _ogcapi(client, product)}
            problems += [
                f"{day} {product.id}: {channel} serves {count}, the manifest says {expected}"
                for channel, count in counts.items()
                if count != expected
            ]
    return problems


@asynccontextmanager
async def _client(release: Release, day: date) -> AsyncIterator[httpx.AsyncClient]:
    settings = ServeSettings(releases=release.folder.parent)
    app = create_app(settings, clock=lambda: datetime.combine(day, time(12), BRUSSELS), release=release)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


def _withdrawn(release: Release, product: Product, day: date) -> bool:
    states = release.states(day)
    return any(states[name] is DatasetState.WITHDRAWN for name in product.datasets)


async def _wfs(client: httpx.AsyncClient, product: Product) -> int:
    query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": product.feature_type, "resultType": "hits"}
    if product.value is not None:
        query["cql_filter"] = f"PRODUCT='{product.value}'"
    answer = await client.get("/wfs", params=query)
    matched = re.search(r'numberMatched="(\d+)"', answer.text)
    return int(matched[1]) if matched else -answer.status_code


async def _ogcapi(client: httpx.AsyncClient, product: Product) -> int:
    collection = product.id if product.value is not None else product.feature_type.partition(":")[2]
    answer = await client.get(f"/ogc/features/v1/collections/{collection}/items", params={"f": "json", "limit": "1"})
    return int(answer.json().get("numberMatched", -1)) if answer.status_code == httpx.codes.OK else -answer.status_code
