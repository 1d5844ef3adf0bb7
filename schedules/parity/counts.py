"""What services and catalogue say of numbers, beside the manifest: how many objects match, and how many records there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exports.notice import PRODUCTION
from exports.resources import Resources
from publish.ogcapi import routes as ogcapi
from release.schema import Product
from schedules.parity.channels import Place
from schedules.parity.errors import Undecodable
from schedules.parity.sealed import withdrawn

_HITS = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record", "resultType": "hits"}


def counts(place: Place) -> Iterator[str]:
    """In words every number that differs."""
    products = place.release.edition(place.day).products
    for product in place.release.schema.products:
        expected = products[product.id].public
        yield from _differing(place, f"{product.id}: the ISO 19139 record", _in_record(place, product), expected)
        if not withdrawn(place.release, product, place.day):
            yield from _differing(place, f"{product.id}: WFS", _in_wfs(place, product), expected)
            yield from _differing(place, f"{product.id}: OGC API", _in_ogcapi(place, product), expected)
    records = _records(place)
    yield from _differing(place, "catalogue: CSW", _number(place, "/catalogus/csw", _HITS, r'numberOfRecordsMatched="(\d+)"'), records)
    items = "/ogc/records/v1/collections/catalogus/items"
    yield from _differing(place, "catalogue: OGC API Records", _number(place, items, {"f": "json"}, r'"numberMatched":\s*(\d+)'), records)


def _differing(place: Place, what: str, count: int | str, expected: int) -> Iterator[str]:
    if isinstance(count, str):
        yield f"{place.day} {what} cannot be read ({count})"
    elif count != expected:
        yield f"{place.day} {what} serves {count}, the manifest says {expected}"


def _in_record(place: Place, product: Product) -> int | str:
    pattern = r"<gmd:geometricObjectCount>\s*<gco:Integer>(\d+)</gco:Integer>"
    return _number(place, f"/catalogus/iso/{product.uuid}.xml", {}, pattern)


def _in_wfs(place: Place, product: Product) -> int | str:
    query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": product.feature_type, "resultType": "hits"}
    if product.value is not None:
        query["cql_filter"] = f"PRODUCT='{product.value}'"
    return _number(place, "/wfs", query, r'numberMatched="(\d+)"')


def _in_ogcapi(place: Place, product: Product) -> int | str:
    collection = product.id if product.value is not None else product.feature_type.partition(":")[2]
    address = f"{ogcapi.ROOT}/collections/{collection}/items"
    return _number(place, address, {"f": "json", "limit": "1"}, r'"numberMatched":\s*(\d+)')


def _records(place: Place) -> int:
    """DESIGN decision 16: outside production a harvester is given nothing."""
    site = place.served.site
    if not site.production:
        return 0
    described = Resources.of(place.release.schema, place.release.edition(place.day).products, site.public_url, PRODUCTION)
    return len(described.datasets) + len(described.services)


def _number(place: Place, address: str, parameters: dict[str, str], pattern: str) -> int | str:
    """The number, or in words why there is none."""
    try:
        found = re.search(pattern, place.served.get(address, parameters).text)
    except Undecodable as error:
        return str(error)
    return int(found[1]) if found else "it states no number"
