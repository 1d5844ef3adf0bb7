"""The channel of the POI door, which the plugins of Geopunt call: the objects of a sample, each by its number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from publish.poi.kinds import opens
from publish.poi.routes import ROOT
from release.crs import LAMBERT72
from release.manifest import Part
from release.schema import FeatureType, Product, Schema
from schedules.parity import places
from schedules.parity.channels import Channel, Place
from schedules.parity.errors import Undecodable
from schedules.parity.rows import SEPARATOR, Row, Shape
from schedules.parity.sealed import Sealed

_ADDRESS = {"STRAAT": "street", "HUISNR": "streetnumber", "BUSNR": "boxnumber", "POSTCODE": "postalcode", "GEMEENTE": "municipality"}
_CATEGORIES = ("THEMA", "CATEGORIE", "POITYPE")


def carries(schema: Schema, product: Product) -> bool:
    """Whether the door is for a product: the parts of the points that have a theme."""
    return product.value is not None and opens(schema.feature_type(product.feature_type))


def channels() -> tuple[Channel, ...]:
    """The one channel."""
    return (Channel("POI door", Part.SAMPLE, _objects, offers=carries),)


def _objects(place: Place, sealed: Sealed) -> Iterator[Row]:
    """What the door tells of each object; the fields that it does not carry are those of the sealed table."""
    few = sealed.sample(place.seed(sealed.product))
    numbers = few.ids.tolist()
    asked = {"maxmodel": "true", "srsout": LAMBERT72.short.partition(":")[2]}
    questions = (f"{ROOT}?{urlencode(asked | {'id': number})}" for number in numbers)
    for number, (texts, _), answer in zip(numbers, few.rows(), place.served.each(questions), strict=True):
        for found in orjson.loads(answer)["pois"]:
            if found["oidn"] == number:  # the door looks for the last 31 bits of it too
                yield _row(found, texts, sealed.kind)


def _row(found: Mapping[str, Any], sealed: bytes, kind: FeatureType) -> Row:
    """Raises `Undecodable` for an object without one place."""
    names = Shape(kind).names
    known = dict(zip(names, sealed.decode().split(SEPARATOR), strict=True))
    (point,) = found["location"]["points"]
    x, y = point["Point"]["coordinates"]
    if not found["description"]["value"].removeprefix("TEST – ").startswith(known["OMSCHR"]):
        raise Undecodable("the description of an object is not that of its product")
    told = known | dict(_told(found))
    return SEPARATOR.join(told[name] for name in names).encode(), places.point(x, y, places.METRES)


def _told(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    (label,), (link,), categories = found["labels"], found["links"], found["categories"]
    yield from {"OIDN": str(found["oidn"]), "NAAM": label["value"], "LINK1": link["href"], "LINKOMSCH1": link["value"]}.items()
    yield from ((field, found["location"]["address"][name]) for field, name in _ADDRESS.items())
    yield from zip(_CATEGORIES, (category["value"] for category in categories), strict=True)
    yield "PRODUCT", categories[-1]["term"]
