"""Records and polygons from vector files through fiona: CSV, GeoPackage, Shapefile, GeoJSON, FlatGeobuf, GML."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import fiona
from fiona.errors import FionaError

from etl.definitions import DatasetDefinition, RecordType, SourceSpec
from etl.delivery import Header, Kind
from etl.errors import BadDefinition, NoDelivery, SourceError
from etl.sources.json_text import canonical

DRIVERS = ("CSV", "GPKG", "ESRI Shapefile", "GeoJSON", "FlatGeobuf", "GML")  # none that reads another file or the network

# fiona gives null for text that it cannot decode, and logs the text. So of formats without an encoding of their own it reads the
# bytes as ISO-8859-1, which never fails and loses nothing, and `_decoded` is strict about the real encoding.
_BYTES = "ISO-8859-1"
_WITHOUT_ENCODING = ("CSV", "ESRI Shapefile")
logging.getLogger("fiona").setLevel(logging.CRITICAL)

_OGR_DATE = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[ T]\d{2}:\d{2}:\d{2}.*)?")


@dataclass(frozen=True, slots=True)
class VectorDelivery:
    """The features of a file as records: `{property: value, "geometry": {"x", "y", "crs"}}`."""

    header: Header
    reference: str
    definition: DatasetDefinition
    path: Path

    def records(self) -> Iterator[tuple[int, object]]:
        """Number from 1 (features without any value are no records) and record; raises `SourceError`."""
        return enumerate(_records(self.definition, self.path), start=1)

    def discard(self) -> None:
        """Nothing: the file is not ours."""


@dataclass(frozen=True, slots=True)
class VectorSource:
    """`source.kind = "vector"`: the file of the definition, whole, on every day; `folder` is where the definition lies."""

    folder: Path

    def pull(self, definition: DatasetDefinition, day: date) -> VectorDelivery:
        """The file as a full delivery with the day as its number; raises `NoDelivery`, `SourceError`."""
        path = self._path(definition)
        header = file_header(definition, day, _records(definition, path))
        return VectorDelivery(header, f"vector:{day}#{header.digest}", definition, path)

    def missed(self, definition: DatasetDefinition, after: date, before: date) -> tuple[date, ...]:
        """None: a file has no past."""
        return ()

    def reopen(self, definition: DatasetDefinition, reference: str) -> VectorDelivery:
        """The file again (`vector:<day>#<digest>`); raises `NoDelivery` when its records have changed."""
        match = re.fullmatch(r"vector:(\d{4}-\d{2}-\d{2})#[0-9a-f]{64}", reference)
        if match is None:
            raise NoDelivery(f"no file of {definition.id} has this reference")
        delivery = self.pull(definition, date.fromisoformat(match[1]))
        if delivery.reference != reference:
            raise NoDelivery(f"the delivery that was kept is gone: {delivery.path} has changed since")
        return delivery

    def _path(self, definition: DatasetDefinition) -> Path:
        location = definition.source.location
        if location is None:
            raise BadDefinition(f"{definition.id}: source.location names no file")
        path = self.folder / location
        if not path.is_file():
            raise NoDelivery(f"no delivery of {definition.id}: {path} does not exist")
        if path.stat().st_size > definition.source.max_bytes:
            raise SourceError(f"{path} is larger than source.max_bytes allows")
        return path


def file_header(definition: DatasetDefinition, day: date, records: Iterator[dict[str, object]]) -> Header:
    """The header of a source that states none: full, numbered by its day, the digest over the canonical records."""
    digest = hashlib.sha256()
    for record in records:
        digest.update(canonical(record) + b"\n")
    return Header(definition.id, Kind.FULL, day, int(f"{day:%Y%m%d}"), digest.hexdigest())


def features(path: Path, source: SourceSpec) -> Iterator[tuple[Mapping[str, object], object, str | None]]:
    """Properties, geometry (GeoJSON-like, or null) and CRS (`EPSG:31370`, or WKT) of every feature; raises `SourceError`."""
    if not path.is_file():
        raise SourceError(f"{path} does not exist")
    try:
        with fiona.open(path, layer=source.layer, encoding=_BYTES, enabled_drivers=list(DRIVERS)) as collection:
            crs = _crs(collection.crs)
            encoding = source.encoding if collection.driver in _WITHOUT_ENCODING else None
            for feature in collection:
                yield _decoded(dict(feature.properties), encoding), feature.geometry, crs
    except (FionaError, ValueError, LookupError, OSError) as error:
        # The message of GDAL may repeat what it stumbled over, so only its kind is told.
        raise SourceError(f"{path} cannot be read as a vector file ({type(error).__name__})") from None


def to_record(
    definition: DatasetDefinition, properties: Mapping[str, object], geometry: object, crs: str | None
) -> dict[str, object] | None:
    """One feature as a record, or null when no property has a value.

    A value takes the type that the definition states where nothing is lost by it (files type loosely, CSV not at all).
    Of a point, `geometry.x` and `geometry.y` are given, and `geometry.crs` when the definition has that field.
    """
    types = {field.path: field.type for field in definition.record.fields}
    record = {name: _typed(value, types.get(name)) for name, value in properties.items()}
    if all(value is None for value in record.values()):
        return None
    if isinstance(geometry, Mapping) and geometry.get("type") == "Point":
        x, y = geometry["coordinates"][:2]
        record["geometry"] = {"x": x, "y": y} | ({"crs": crs} if "geometry.crs" in types else {})
    return record


def _records(definition: DatasetDefinition, path: Path) -> Iterator[dict[str, object]]:
    for properties, geometry, crs in features(path, definition.source):
        record = to_record(definition, properties, geometry, crs)
        if record is not None:
            yield record


def _decoded(properties: dict[str, object], encoding: str | None) -> dict[str, object]:
    if encoding is None:
        return properties

    def real(text: str) -> str:
        return text.encode(_BYTES).decode(encoding)

    return {real(name): real(value) if isinstance(value, str) else value for name, value in properties.items()}


def _crs(crs: fiona.crs.CRS) -> str | None:
    if not crs:
        return None
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())


def _typed(value: object, wanted: RecordType | None) -> object:
    """The value in the wanted type; one that does not fit stays as it is, for the rules to find."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if wanted is RecordType.TEXT and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    reader = _READERS.get(wanted) if wanted is not None and isinstance(value, str) else None
    return value if reader is None else reader(str(value))


def _integer(text: str) -> object:
    return int(text) if re.fullmatch(r"-?\d{1,18}", text) else text


def _number(text: str) -> object:
    return float(text) if re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", text) else text


def _boolean(text: str) -> object:
    return {"true": True, "false": False}.get(text.lower(), text)


def _date(text: str) -> object:
    """GDAL writes `2014/10/23` or `2014/10/23 00:00:00+00`."""
    match = _OGR_DATE.fullmatch(text)
    return "-".join(match.groups()) if match else text


_READERS: Mapping[RecordType, Callable[[str], object]] = {
    RecordType.INTEGER: _integer,
    RecordType.NUMBER: _number,
    RecordType.BOOLEAN: _boolean,
    RecordType.DATE: _date,
    RecordType.TIMESTAMP: lambda text: text.replace("/", "-"),
}
