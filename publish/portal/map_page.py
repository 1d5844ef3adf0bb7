"""The map: its page, and what the script in it is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from publish.access_log import note
from publish.conditional import is_current, lifetime
from publish.pages import language
from publish.portal.addresses import MapServices
from publish.portal.frame import Frame
from publish.portal.layers import MapTold, told
from publish.portal.places import Extent, areas, around, places
from publish.redirects import moved
from publish.shelf import View

BUNDLE = Path(__file__).parents[1] / "static" / "kaart"
"""What `make setup` makes of the sources in `map/`: kaart.js, kaart.css and the licences of what is in them."""

_PICTURE = (900, 600)


@dataclass(frozen=True)
class Picture:
    """The map for who has no scripts: the products in it, the field that colours the municipalities (or empty), pixels, and its address.

    The address is null when no area is known.
    """

    products: tuple[str, ...]
    field: str
    size: tuple[int, int] = _PICTURE
    address: str | None = None


@dataclass(frozen=True)
class MapPage:
    """Answers for `/kaart`."""

    frame: Frame
    services: MapServices

    def page(self, request: Request) -> Response:
        """The page; `?gemeente=44021` chooses a municipality, one that is unknown chooses none, a code of before leads to today's."""
        view, nis = self.frame.shelf.view(), request.query_params.get("gemeente", "")
        if (today := view.release.schema.today_code(nis)) != nis:
            note(request, "map")
            return moved(request, f"{self.frame.pages.public_url}/kaart", urlencode([*_others(request), ("gemeente", today)]))
        found = places(view)
        chosen = next((place for place in found if place.nis == nis), None)
        shown = told(view, self.services, self.frame.pages, language(request))
        return self.frame.page(
            request,
            view,
            "map",
            {"Content-Security-Policy": self._policy()},
            shown=shown,
            places=found,
            chosen=chosen,
            bundle=bundle(BUNDLE),
            picture=self._picture(request, view, shown, around(found if chosen is None or chosen.extent is None else (chosen,))),
        )

    def layers(self, request: Request) -> Response:
        """What the script is told, as JSON."""
        view, chosen = self.frame.shelf.view(), language(request)
        note(request, "map")
        text = told(view, self.services, self.frame.pages, chosen).model_dump_json()
        # It tells of settings and of the state of registers as well, which the content id does not cover.
        headers = lifetime(view, f"kaart-{hashlib.sha256(text.encode()).hexdigest()[:16]}")
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(text, headers=headers, media_type="application/json")

    def _policy(self) -> str:
        """The pages' own policy, and on top of it: our script, what it fetches from us, and the pictures of the base map."""
        base = self.services.base_map
        pictures = "" if base is None else f" {base.origin}"
        parts = ("default-src 'none'", "script-src 'self'", "style-src 'self'", f"img-src 'self'{pictures}", "connect-src 'self'")
        return "; ".join((*parts, "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"))

    def _picture(self, request: Request, view: View, shown: MapTold, extent: Extent | None) -> Picture:
        """What is chosen, as a picture; products that are withdrawn are not in it."""
        there = [product.id for product in shown.products if product.count is not None]
        asked = request.query_params.getlist("product")
        products = tuple(name for name in there if name in asked or not asked)
        fields = () if shown.areas is None else tuple(field.name for field in shown.areas.fields)
        field = request.query_params.get("beleid", "")
        drawn = Picture(products, field if field in fields else "")
        kind = areas(view.release.schema)
        layers = ([(kind.name, drawn.field)] if kind and shown.areas else []) + [(name, "") for name in reversed(products)]
        if extent is None or not layers:
            return drawn
        query = {
            "service": "WMS",
            "version": "1.3.0",
            "request": "GetMap",
            "layers": ",".join(name for name, _ in layers),
            "styles": ",".join(style for _, style in layers),
            "crs": "EPSG:3857",
            "bbox": ",".join(f"{number:.0f}" for number in _widened(extent)),
            "width": str(drawn.size[0]),
            "height": str(drawn.size[1]),
            "format": "image/png",
        }
        return replace(drawn, address=f"{self.frame.pages.root}{self.services.wms}?{urlencode(query)}")


@cache
def bundle(folder: Path) -> str | None:
    """A mark of the bundle that changes with it, so that no browser keeps an old one; null when set-up has not made it."""
    files = [folder / "kaart.js", folder / "kaart.css"]
    if not all(file.is_file() for file in files):
        return None
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _others(request: Request) -> list[tuple[str, str]]:
    """The parameters of the page but the municipality."""
    return [(name, value) for name, value in request.query_params.multi_items() if name != "gemeente"]


def _widened(extent: Extent) -> Extent:
    """The extent in the shape of the picture, with a margin."""
    west, south, east, north = extent
    scale = 1.05 * max((east - west) / _PICTURE[0], (north - south) / _PICTURE[1])
    half_width, half_height = scale * _PICTURE[0] / 2, scale * _PICTURE[1] / 2
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return middle_x - half_width, middle_y - half_height, middle_x + half_width, middle_y + half_height
