"""The pinned transformation from Lambert 72 to every CRS that is served (DESIGN decision 11).

BD72 to ETRS89 (2) is a Helmert transformation with a stated accuracy of 0.2 m; the grid BD72 to ETRS89 (3), 0.01 m, is used
when the operator has installed it. ETRS89 stands for WGS 84 in what is published (DOMAIN 6.2): both are the same coordinates.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache

import numpy as np
import pyproj.network
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.transformer import TransformerGroup

from release.crs import CRS84, ETRS89, LAMBERT72, WGS84, Crs

pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined] # pyproj re-exports it without saying so

_GRID, _HELMERT = "BD72 to ETRS89 (3)", "BD72 to ETRS89 (2)"


@cache
def _datum_shift() -> tuple[Transformer, str]:
    """31370 to 4258 in x, y order, and the name and accuracy of the operation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # PROJ warns that the grid is absent; we say which operation is used
        group = TransformerGroup(LAMBERT72.short, ETRS89.short, always_xy=True, allow_ballpark=False)
    for wanted in (_GRID, _HELMERT):
        for transformer in group.transformers:
            if wanted in (transformer.description or ""):
                return transformer, f"{wanted}, {transformer.accuracy} m"
    raise RuntimeError(f"PROJ knows neither {_GRID} nor {_HELMERT}")


def transformation_name() -> str:
    """The operation that is used, for the metadata: `BD72 to ETRS89 (2), 0.2 m`."""
    return _datum_shift()[1]


@cache
def _from_etrs89(code: str) -> Transformer:
    """ETRS89 taken as the datum of the target: a pure projection, no second datum shift."""
    source = WGS84.short if code == "3857" else ETRS89.short
    return Transformer.from_crs(source, f"EPSG:{code}", always_xy=True)


def transform_points(coordinates: NDArray[np.float64], target: Crs) -> NDArray[np.float64]:
    """From EPSG:31370 to a served CRS; shape (n, 2), x, y order in and out; NaN stays NaN."""
    if target == LAMBERT72:
        return coordinates
    lonlat = np.column_stack(_datum_shift()[0].transform(coordinates[:, 0], coordinates[:, 1]))
    lonlat[~np.isfinite(lonlat)] = np.nan
    if target in (ETRS89, WGS84, CRS84):
        return lonlat
    projected = np.column_stack(_from_etrs89(target.code).transform(lonlat[:, 0], lonlat[:, 1]))
    projected[~np.isfinite(projected)] = np.nan
    return projected


def stored_points(coordinates: NDArray[np.float64], target: Crs) -> NDArray[np.float64]:
    """`transform_points` with the decimals that a release stores."""
    return np.round(transform_points(coordinates, target), target.decimals)


def stored_shapes(wkb: Sequence[bytes | None], target: Crs) -> list[bytes | None]:
    """Geometries as WKB in EPSG:31370, moved as `stored_points`; null stays null."""
    shapes = shapely.from_wkb(np.asarray(wkb, dtype=object))
    moved: list[bytes | None] = shapely.to_wkb(shapely.transform(shapes, lambda xy: stored_points(xy, target))).tolist()
    return moved


def to_lambert72(coordinates: NDArray[np.float64], source: Crs) -> NDArray[np.float64]:
    """From a served CRS to EPSG:31370; shape (n, 2), x, y order in and out; not finite where it has no answer."""
    if source == LAMBERT72:
        return coordinates
    lonlat = coordinates
    if source not in (ETRS89, WGS84, CRS84):
        lonlat = np.column_stack(_from_etrs89(source.code).transform(coordinates[:, 0], coordinates[:, 1], direction="INVERSE"))
    return np.column_stack(_datum_shift()[0].transform(lonlat[:, 0], lonlat[:, 1], direction="INVERSE"))
