"""The provider plugin of pygeoapi: a thin shell over the open release, since pygeoapi makes one for each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pygeoapi.provider.base import (
    BaseProvider,
    ProviderConnectionError,
    ProviderInvalidQueryError,
    ProviderItemNotFoundError,
)

from publish.ogcapi.collections import Collection, collections
from publish.ogcapi.features import Criteria, geojson, objects, page
from publish.ogcapi.identifiers import parse_id
from publish.ogcapi.parameters import reference
from publish.ogcapi.schemas import json_schema
from publish.shelf import Edition, Shelf, View
from release.crs import LAMBERT72, CrsRef, parse_crs
from release.errors import BrokenRelease, QueryError, ReleaseError
from release.predicate import BBox, Compare, Ids, Operator, Predicate, both
from release.query import SortKey

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Opened:
    """A view within the configuration of pygeoapi, which copies that deep: the release is never copied."""

    view: View

    def __deepcopy__(self, memo: object) -> Opened:
        """Itself."""
        return self


class Unavailable(ProviderConnectionError):  # type: ignore[misc] # pygeoapi has no types
    """Nothing is published, or a dataset is withdrawn (CONTRACT A.4)."""

    http_status_code = HTTPStatus.SERVICE_UNAVAILABLE


def _translated(method: Callable[P, T]) -> Callable[P, T]:
    """Errors of the release become those that pygeoapi renders."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except QueryError as error:
            raise ProviderInvalidQueryError(user_msg=str(error)) from error
        except BrokenRelease as error:  # its message names the seal, which is never sent out
            raise Unavailable(user_msg="the release cannot be opened") from error
        except ReleaseError as error:
            raise Unavailable(user_msg=str(error)) from error

    return call


class ReleaseProvider(BaseProvider):  # type: ignore[misc] # pygeoapi has no types
    """Features of one collection. `data` is the folder of releases, or within our app what is `Opened`."""

    @_translated
    def __init__(self, provider_def: Mapping[str, Any]) -> None:
        """Open nothing that is open already; raises `Unavailable`."""
        super().__init__(provider_def)
        data = provider_def["data"]
        self._view = data.view if isinstance(data, Opened) else _shelf(str(data)).view()
        self._collection = collections(self._view.release.schema)[provider_def["options"]["collection"]]
        # pygeoapi reads `fields`, which gives `_fields` back without ever calling get_fields().
        self._fields = self.get_fields()

    def get_fields(self) -> dict[str, dict[str, object]]:
        """JSON Schema of every field by name; made anew, since pygeoapi changes what it gets."""
        return {field.name: json_schema(field) for field in self._collection.feature_type.fields}

    @_translated
    def query(  # the signature is that of pygeoapi
        self,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: Sequence[float] = (),
        datetime_: str | None = None,
        properties: Sequence[tuple[str, str]] = (),
        sortby: Sequence[Mapping[str, str]] = (),
        select_properties: Sequence[str] = (),
        skip_geometry: bool = False,
        q: str | None = None,
        crs_transform_spec: Any = None,
        filterq: object = None,
        **_: object,
    ) -> dict[str, object]:
        """A GeoJSON FeatureCollection; `bbox` comes in the storage CRS. Our features have no time, so any `datetime_` fits."""
        if q is not None or filterq is not None:
            # DESIGN decision 6: pygeofilter misreads filters. Our own route parses CQL2; here it is refused, never misread.
            raise QueryError("q and filter are not supported here; use the property parameters and bbox")
        criteria = Criteria(
            predicate=both(*(Compare(name, Operator.EQUAL, text) for name, text in properties), _box(bbox, self._collection)),
            sort=tuple(SortKey(key["property"], key["order"] == "-") for key in sortby),
            start=offset,
            count=0 if resulttype == "hits" else limit,
            crs=_target(crs_transform_spec),
            properties=tuple(select_properties) or None,
            geometry=not skip_geometry,
        )
        found = page(Edition(self._view), self._collection, criteria)
        features = objects(geojson(found, criteria))
        return {"type": "FeatureCollection", "features": features, "numberMatched": found.matched, "numberReturned": len(features)}

    @_translated
    def get(self, identifier: str, crs_transform_spec: Any = None, **_: object) -> dict[str, object]:
        """A GeoJSON Feature; raises `ProviderItemNotFoundError`."""
        number = parse_id(identifier, self._collection)
        criteria = Criteria(predicate=Ids(() if number is None else (number,)), crs=_target(crs_transform_spec))
        features = objects(geojson(page(Edition(self._view), self._collection, criteria), criteria))
        if not features:
            raise ProviderItemNotFoundError(user_msg="no such feature")
        return features[0]


@cache
def _shelf(folder: str) -> Shelf:
    return Shelf(Path(folder), lambda: datetime.now(UTC))


def _box(bbox: Sequence[float], collection: Collection) -> Predicate | None:
    return BBox(LAMBERT72, *bbox) if bbox and collection.feature_type.geometry is not None else None


def _target(spec: Any) -> CrsRef:
    """pygeoapi gives no specification when the storage CRS is wanted."""
    return reference(LAMBERT72 if spec is None else parse_crs(spec.target_crs_uri).crs)
