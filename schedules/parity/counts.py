"""What services and catalogue say of numbers, beside the manifest: how many objects match, and how many records there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exports.notice import PRODUCTION
from exports.resources import Resources
from publish.ogcapi import routes as ogcapi
from publish.poi.routes import ROOT as POI
from release.schema import Product
from schedules.parity import door
from schedules.parity.channels import Place
from schedules.parity.errors import Undecodable
from schedules.parity.sealed import withdrawn

_DESCRIBED = {
    "/catalogus/dcat.ttl": r"\ba dcat:Dataset\b",
    "/catalogus/dcat.rdf": r"<dcat:Dataset[ >]",
    "/catalogus/dcat.jsonld": r'"@type":\s*"dcat:Dataset"',
    "/catalogus/atom/": r"<entry>",
}
"""What stands before each dataset in the catalogues that list them."""
_HITS = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record", "resultType": "hits"}


def counts(place: Place) -> Iterator[str]:
    """In words every number that differs."""
    products = place.release.edition(place.day).products
    for product in place.release.schema.products:
        expected = products[product.id].public
        if not withdrawn(place.release, product, place.day):
            yield from _differing(place, f"{product.id}: the ISO 19139 record", _in_record(place, product), expected)
            yield from _differing(place, f"{product.id}: WFS", _in_wfs(place, product), expected)
            yield from _differing(place, f"{product.id}: OGC API", _in_ogcapi(place, product), expected)
            if door.carries(place.release.schema, product):
                yield from _differing(place, f"{product.id}: POI door", _in_door(place, product), products[product.id].located)
    yield from _described(place, len(products))
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


def _in_door(place: Place, product: Product) -> int | str:
    """A type without any row is not offered there, and everything would be counted."""
    if not place.release.edition(place.day).products[product.id].located:
        return 0
    return _number(place, POI, {"maxcount": "1", "poitype": str(product.value)}, r'"value":"(\d+)","term":"count"')


def _described(place: Place, datasets: int) -> Iterator[str]:
    """Each product is described once, also while it is withdrawn; the documents are too large to be read for more than that."""
    for path, mark in _DESCRIBED.items():
        try:
            found = len(re.findall(mark, place.served.get(path).text))
        except Undecodable as error:
            yield f"{place.day} catalogue: {path} cannot be read ({error})"
        else:
            yield from _differing(place, f"catalogue: {path}", found, datasets)


def _records(place: Place) -> int:
    """DESIGN decision 16: outside production a harvester is given nothing."""
    site = place.served.site
    if not site.production:
        return 0
    products, gone = place.release.edition(place.day).products, place.release.withdrawals(place.day)
    described = Resources.of(place.release.schema, products, gone, site.public_url, PRODUCTION)
    return len(described.datasets) + len(described.services)


def _number(place: Place, address: str, parameters: dict[str, str], pattern: str) -> int | str:
    """The number, or in words why there is none."""
    try:
        found = re.search(pattern, place.served.get(address, parameters).text)
    except Undecodable as error:
        return str(error)
    return int(found[1]) if found else "it states no number"
