"""Features of a WFS or an OGC API: OWSLib speaks the protocols, our client carries the bytes.

OWSLib 0.35 gives OGC API requests no time-out, reads every answer whole and follows redirects; therefore it gets the
capabilities as text and makes the addresses, and `Client` fetches with its limits.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from owslib.feature.wfs200 import WebFeatureService_2_0_0
from owslib.ogcapi.features import Features
from pydantic import BaseModel, ConfigDict, ValidationError

from etl.definitions import DatasetDefinition, SourceSpec
from etl.delivery import Kind
from etl.errors import BadDefinition, DeliveryRefused, NoDelivery, SourceError
from etl.sources.client import Answer, Client, Limits, Now, check_base, follow, utc_now
from etl.sources.json_text import parse
from etl.sources.polygons import Areas, as_areas
from etl.sources.spool import Draft, Spool, SpooledDelivery
from etl.sources.vector import to_record

PAGE = 1000
_MOST_PAGES = 100_000
_JSON_FORMATS = ("application/geo+json", "application/json", "geojson", "json")

logging.getLogger("owslib").setLevel(logging.WARNING)  # its DEBUG lines hold every address with its query

Found = Iterator[tuple[Mapping[str, object], object, str | None]]


class _Link(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    rel: str = ""
    href: str
    type: str | None = None


class _Feature(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    properties: dict[str, object] | None
    geometry: dict[str, object] | None


class _Collection(BaseModel):
    """A GeoJSON FeatureCollection (RFC 7946), as both kinds of service answer."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    features: tuple[_Feature, ...]
    links: tuple[_Link, ...] = ()
    numberMatched: int | str | None = None  # the name on the wire
    crs: dict[str, object] | None = None  # GeoJSON of 2008, which WFS servers still write


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of features, and the CRS that it came in."""

    collection: _Collection
    crs: str

    @property
    def matched(self) -> int | None:
        number = self.collection.numberMatched
        return number if isinstance(number, int) else None

    def __iter__(self) -> Found:
        return ((feature.properties or {}, feature.geometry, self.crs) for feature in self.collection.features)


class ServiceSource:
    """`source.kind = "wfs"` or `"ogcapi"`: the layer of the definition, whole, on every day; fetched into the spool."""

    def __init__(
        self,
        spool: Spool,
        *,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        now: Now = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._spool, self._limits, self._transport, self._now, self._sleep = spool, limits or Limits(), transport, now, sleep

    def pull(self, definition: DatasetDefinition, day: date) -> SpooledDelivery:
        """The layer as a full delivery with the day as its number; raises `SourceError`, `DeliveryRefused`, `NoDelivery`."""
        crs = definition.position.default_crs if definition.position else "EPSG:31370"
        draft = Draft(definition.id, Kind.FULL, day, int(f"{day:%Y%m%d}"))
        with self._client(definition.source) as client:
            found = features(client, definition.source, crs)
            records = (to_record(definition, *feature) for feature in found)
            return self._spool.write(draft, (record for record in records if record is not None))

    def missed(self, definition: DatasetDefinition, after: date, before: date) -> tuple[date, ...]:
        """None: a service has no past."""
        return ()

    def reopen(self, definition: DatasetDefinition, reference: str) -> SpooledDelivery:
        """A fetched delivery from the spool; raises `NoDelivery` when it is gone."""
        return self._spool.open(definition.id, reference)

    def _client(self, source: SourceSpec) -> Client:
        limits = replace(self._limits, total_bytes=source.max_bytes, timeout=source.timeout_seconds)
        return Client(limits, transport=self._transport, now=self._now, sleep=self._sleep)


def read_service_polygons(source: SourceSpec, *, crs: str = "EPSG:31370", transport: httpx.BaseTransport | None = None) -> Areas:
    """The polygons of a WFS or OGC API layer, e.g. `VRBG:Refgem` of `https://geo.api.vlaanderen.be/VRBG/wfs`; raises `SourceError`."""
    limits = Limits(total_bytes=source.max_bytes, timeout=source.timeout_seconds)
    with Client(limits, transport=transport) as client:
        return as_areas(features(client, source, crs), source.location or "")


def features(client: Client, source: SourceSpec, crs: str) -> Found:
    """Properties, geometry and CRS of every feature of the layer, in the CRS asked for; raises `SourceError`, `DeliveryRefused`."""
    if source.location is None or source.layer is None:
        raise BadDefinition("a source of kind wfs or ogcapi needs source.location and source.layer")
    read = {"wfs": _read_wfs, "ogcapi": _read_ogcapi}.get(source.kind)
    if read is None:
        raise BadDefinition(f"source.kind {source.kind} is no service")
    return read(client, check_base(source.location), source.layer, crs)


def _read_wfs(client: Client, base: str, layer: str, crs: str) -> Found:
    """WFS 2.0 §7.7.4.4: pages by startIndex and count; the short CRS name keeps coordinates in x, y order (DOMAIN 6.1)."""
    service = _capabilities(client, base)
    if layer not in service.contents:
        raise NoDelivery(f"{base} has no feature type {layer}")
    try:
        operation = service.getOperationByName("GetFeature")
        offered = [str(value) for value in operation.parameters.get("outputFormat", {}).get("values", [])]
        # OWSLib takes the address from the capabilities; the token of trust is the address that was configured.
        operation.methods = [{"type": "Get", "url": base}]
    except KeyError:
        raise SourceError(f"{base}: its capabilities name no GetFeature") from None
    form = next((name for wanted in _JSON_FORMATS for name in offered if name.split(";")[0].lower() == wanted), None)
    if form is None:
        raise SourceError(f"{base}: offers no GeoJSON for GetFeature")
    taken, last = 0, None
    for number in range(1, _MOST_PAGES):
        url = service.getGETGetFeatureRequest(typename=[layer], maxfeatures=PAGE, startindex=taken, outputFormat=form)
        page = _fetch(client, f"{url}&{urlencode({'srsname': crs})}", f"{base} ({layer}, page {number})", crs)
        if page == last:
            raise SourceError(f"{base}: ignores startIndex, so that its features cannot be read page by page")
        yield from page
        # A server may give fewer than asked (WFS 2.0 §7.6.3.5), so a short page is not the last one.
        taken, last = taken + len(page.collection.features), page
        if not page.collection.features or taken == page.matched:
            return _check_all(taken, page, base)
    raise SourceError(f"{base}: more than {_MOST_PAGES} pages")


def _check_all(taken: int, page: _Page, place: str) -> None:
    if page.matched is not None and taken != page.matched:
        raise SourceError(f"{place}: gave {taken} features, of {page.matched} that it says match")


def _capabilities(client: Client, base: str) -> WebFeatureService_2_0_0:
    query = urlencode({"service": "WFS", "request": "GetCapabilities", "acceptversions": "2.0.0", "version": "2.0.0"})
    answer = client.fetch(lambda: httpx.Request("GET", f"{base}{'&' if '?' in base else '?'}{query}"), base)
    if answer.status != 200:
        raise SourceError(f"{base}: answered {answer.status} to GetCapabilities")
    try:
        return WebFeatureService_2_0_0(base, "2.0.0", xml=answer.body)
    except Exception as error:  # noqa: BLE001  OWSLib raises whatever its parsing meets: lxml, attribute and type errors
        raise SourceError(f"{base}: its capabilities cannot be read as WFS 2.0.0 ({type(error).__name__})") from None


class _BoundedFeatures(Features):  # type: ignore[misc]  # OWSLib ships no types
    """OWSLib's OGC API client with our transport: its single point of sending is `_request`."""

    def __init__(self, client: Client, base: str) -> None:
        self._client, self._page = client, 0
        super().__init__(base, json_="{}")

    def _request(
        self, method: str = "GET", path: str = "", data: object = None, as_dict: bool = True, kwargs: Mapping[str, object] | None = None
    ) -> _Page:
        self._page += 1
        self.sent = f"{self._build_url(path)}?{urlencode(dict(kwargs or {}))}"
        return _fetch(self._client, self.sent, f"{self.url}{path} (page {self._page})", None)


def _read_ogcapi(client: Client, base: str, layer: str, crs: str) -> Found:
    """OGC API Features part 1 §7.15: pages by the link `next`; part 2 §6: `crs` as a URI."""
    service, seen, taken = _BoundedFeatures(client, base), set[str](), 0
    query = {"f": "json", "limit": str(PAGE), "crs": crs_uri(crs)}
    for _ in range(_MOST_PAGES):
        page: _Page = service.collection_items(layer, **query)
        yield from page
        taken += len(page.collection.features)
        link = next((link.href for link in page.collection.links if link.rel == "next"), None)
        if link is None or not page.collection.features:
            return _check_all(taken, page, base)
        following = follow(link, service.sent, base, seen, base)
        if urlsplit(following).path != urlsplit(service.sent).path:
            raise SourceError(f"{base}: the link to the next page leads to another collection")
        query = {"crs": crs_uri(crs)} | dict(parse_qsl(urlsplit(following).query))
    raise SourceError(f"{base}: more than {_MOST_PAGES} pages")


def crs_uri(crs: str) -> str:
    """`http://www.opengis.net/def/crs/EPSG/0/31370` of `EPSG:31370`; degrees are asked for as CRS84, so that x comes first."""
    if crs in ("EPSG:4326", "EPSG:4258"):
        return "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    return f"http://www.opengis.net/def/crs/EPSG/0/{crs.removeprefix('EPSG:')}"


def _fetch(client: Client, url: str, place: str, crs: str | None) -> _Page:
    """One page; `crs` is what it is in unless it says otherwise (null: OGC API, which says so or answers in CRS84)."""
    answer = client.fetch(lambda: httpx.Request("GET", url, headers={"accept": "application/geo+json, application/json"}), place)
    if answer.status == 404:
        raise NoDelivery(f"{place}: answered 404")
    if answer.status != 200:
        raise SourceError(f"{place}: answered {answer.status}")
    try:
        collection = _Collection.model_validate(parse(answer.body, file=place))
    except (ValidationError, DeliveryRefused):
        raise SourceError(f"{place}: the answer is no GeoJSON FeatureCollection") from None
    return _Page(collection, _stated_crs(answer, collection) or crs or "EPSG:4326")


def _stated_crs(answer: Answer, collection: _Collection) -> str | None:
    """OGC API part 2 §6.4: `Content-Crs`; GeoJSON of 2008: `{"crs": {"properties": {"name": "urn:…"}}}`."""
    properties = (collection.crs or {}).get("properties")
    name = properties.get("name") if isinstance(properties, Mapping) else None
    text = answer.headers.get("content-crs") or (name if isinstance(name, str) else "")
    match = re.search(r"EPSG.*?(\d+)>?$", text)
    return f"EPSG:{match[1]}" if match else None
