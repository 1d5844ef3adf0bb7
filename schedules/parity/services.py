"""The channels that the application answers: WFS in its three versions, OGC API Features."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from publish.ogcapi import routes as ogcapi
from release.crs import LAMBERT72, Crs
from release.manifest import Part
from release.schema import FeatureType, Product
from schedules.parity import gml, json_features, layers, places, tabular
from schedules.parity.channels import Channel, Place
from schedules.parity.rows import Row, Shape, id_rows
from schedules.parity.sealed import Sealed

_PAGE = 2_000
_DBF_BYTES = 254

Decode = Callable[[Iterator[bytes], FeatureType], Iterator[Row]]


def channels() -> tuple[Channel, ...]:
    """Every output format of WFS in its own version, every format of OGC API Features that holds data, and the lists of ids."""
    return (*_WFS, *_OGC_API, _ID_LIST)


def _wfs(version: str, output: str, decode: Decode, place: Place, sealed: Sealed) -> Iterator[Row]:
    """Everything, page by page."""
    names, count = ("typeNames", "count") if version == "2.0.0" else ("typeName", "maxFeatures")
    parameters = {"service": "WFS", "version": version, "request": "GetFeature", names: sealed.kind.qualified, "outputFormat": output}
    parameters |= {**_only(sealed.product), count: str(_PAGE)}
    start, found = 0, _PAGE
    while found == _PAGE:
        answer = place.served.get("/wfs", parameters | {"startIndex": str(start)})
        found = 0
        for row in decode(iter([answer.content]), sealed.kind):
            found += 1
            yield row
        start += found


def _only(product: Product) -> Mapping[str, str]:
    return {} if product.value is None else {"cql_filter": f"PRODUCT='{product.value}'"}


def _wfs_file(output: str, extension: str, place: Place, sealed: Sealed) -> Iterator[Row]:
    """A file of some objects: it is made on request, with the code that writes the downloads."""
    chosen = _chosen(place, sealed)
    if chosen is None:
        return
    parameters = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": sealed.kind.qualified}
    only = " AND ".join([chosen, *_only(sealed.product).values()])
    answer = place.served.get("/wfs", parameters | {"outputFormat": output, "cql_filter": only})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.zip"
        path.write_bytes(answer.content)
        yield from layers.layer_rows(f"/vsizip/{path}/{sealed.kind.name}.{extension}", sealed.kind)


def _csv(documents: Iterator[bytes], kind: FeatureType) -> Iterator[Row]:
    for document in documents:
        yield from tabular.csv_rows(BytesIO(document), kind)


def _flatgeobuf(documents: Iterator[bytes], kind: FeatureType) -> Iterator[Row]:
    """A file for each page."""
    with tempfile.NamedTemporaryFile(suffix=".fgb") as file:
        for document in documents:
            Path(file.name).write_bytes(document)
            yield from layers.layer_rows(file.name, kind)


def _items(form: str, crs: Crs | None, decode: Decode, place: Place, sealed: Sealed) -> Iterator[Row]:
    """Every item of the collection of a product or table, from the first page on by the links to the next one."""
    parameters = {"f": form, "limit": str(_PAGE)} | ({"crs": crs.url} if crs is not None and sealed.kind.geometry is not None else {})
    yield from decode(place.served.pages(_address(sealed), parameters), sealed.kind)


def _ids(place: Place, sealed: Sealed) -> Iterator[Row]:
    """The list with which a copy is compared (docs: the change feed)."""
    name = sealed.product.id
    yield from id_rows(place.served.get(f"/downloads/{name}/{name}_ids.txt").text.splitlines())


def _some_items(place: Place, sealed: Sealed) -> Iterator[Row]:
    """Items chosen by a filter, in the CRS of the other channels: the texts of all of them are read in the CRS of the API."""
    chosen = _chosen(place, sealed)
    if chosen is not None:
        parameters = {"f": "json", "limit": str(_PAGE), "crs": LAMBERT72.url, "filter": chosen}
        yield from json_features.rows(place.served.pages(_address(sealed), parameters), sealed.kind)


def _each_item(place: Place, sealed: Sealed) -> Iterator[Row]:
    """Items at their own addresses."""
    few, query = sealed.sample(place.seed(sealed.product)), urlencode({"f": "json", "crs": LAMBERT72.url})
    addresses = (f"{_address(sealed)}/{sealed.kind.name}.{number}?{query}" for number in few.ids.tolist())
    found = (b'{"features":[' + item + b"]}" for item in place.served.each(addresses))
    yield from json_features.rows(found, sealed.kind)


def _chosen(place: Place, sealed: Sealed) -> str | None:
    """The objects of the sample in CQL, by their keys; null when nothing has a place."""
    few, field = sealed.sample(place.seed(sealed.product)), sealed.kind.fields[Shape(sealed.kind).key].name
    values = [str(value) if isinstance(value, int) else f"'{value}'" for value in few.table.arrow[field].to_pylist()]
    return f"{field} IN ({','.join(values)})" if values else None


def _address(sealed: Sealed) -> str:
    collection = sealed.product.id if _is_part(sealed) else sealed.kind.name
    return f"{ogcapi.ROOT}/collections/{collection}/items"


def _is_part(sealed: Sealed) -> bool:
    return sealed.product.value is not None and sealed.kind.qualified == sealed.product.feature_type


_GML31 = partial(gml.rows, dialect=gml.GML31)
_GML2 = partial(gml.rows, dialect=gml.GML2)

_WFS = (
    Channel("WFS 2.0.0 GML 3.2", Part.ALL, partial(_wfs, "2.0.0", "application/gml+xml; version=3.2", gml.rows), shared=True),
    Channel("WFS 1.1.0 GML 3.1", Part.ALL, partial(_wfs, "1.1.0", "text/xml; subtype=gml/3.1.1", _GML31), shared=True),
    Channel("WFS 1.0.0 GML 2", Part.ALL, partial(_wfs, "1.0.0", "GML2", _GML2), shared=True),
    Channel("WFS GeoJSON", Part.ALL, partial(_wfs, "2.0.0", "application/geo+json", json_features.rows), shared=True),
    Channel("WFS CSV", Part.ALL, partial(_wfs, "2.0.0", "csv", _csv), points_only=True, shared=True),
    Channel("WFS Shapefile", Part.SAMPLE, partial(_wfs_file, "shape-zip", "shp"), longest=_DBF_BYTES),
    Channel("WFS GeoPackage", Part.SAMPLE, partial(_wfs_file, "geopackage", "gpkg")),
)
_OGC_API = (
    Channel("OGC API GeoJSON", Part.DEGREES, partial(_items, "json", None, partial(json_features.rows, unit=places.DEGREES)), tables=True),
    Channel("OGC API GeoJSON, EPSG:31370", Part.SAMPLE, _some_items),
    Channel("OGC API GeoJSON, one item", Part.SAMPLE, _each_item),
    Channel("OGC API GML", Part.ALL, partial(_items, "gml", LAMBERT72, gml.rows), tables=True),
    Channel("OGC API CSV", Part.ALL, partial(_items, "csv", None, _csv), points_only=True, tables=True),
    Channel("OGC API FlatGeobuf", Part.ALL, partial(_items, "fgb", LAMBERT72, _flatgeobuf), tables=True),
)
_ID_LIST = Channel("list of ids", Part.IDS, _ids)
