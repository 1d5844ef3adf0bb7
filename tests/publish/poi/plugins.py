"""What the Geopunt plugins send, and how they read what comes back: every key that they index unguarded is indexed here too.

Written from what DOMAIN 1.4 says of them; what they would fail on raises here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

Get = Callable[[str], Any]
"""Path and query to the JSON document."""

CORE = "/poi/v1/core"


def int32(text: object) -> int:
    """A number as both plugins keep it: 32 bits with a sign."""
    number = int(str(text))
    if not -(2**31) <= number < 2**31:
        raise OverflowError(f"{number} does not fit")
    return number


@dataclass(frozen=True)
class Qgis:
    """The plugin of QGIS: everything in longitude and latitude."""

    get: Get

    def listed(self, *path: str) -> dict[str, str]:
        """Labels with their codes, as its boxes are filled; sorted, so that they must be texts."""
        found = {each["value"]: each["term"] for each in self.get("/".join((CORE, *path)))["categories"]}
        return dict(sorted(found.items()))

    def ask(self, keyword: str = "", *, count: int = 32, whole: bool = True, cluster: bool = True, **filters: str) -> Any:
        query: dict[str, object] = {"keyword": keyword} if keyword else {}
        query |= {"srsOut": 4326, "srsIn": 4326, "maxcount": count, "theme": "", "category": "", "POItype": "", "region": ""}
        query |= {"Clustering": "true" if cluster and not whole else "false", "maxModel": "true" if whole else "false"} | filters
        return self.get(f"{CORE}?{urlencode(query)}")

    def table(self, answer: Any) -> tuple[int, list[tuple[str, ...]]]:
        """The list of results: number found, and rows of texts, sorted."""
        rows = []
        for poi in answer["pois"]:
            address = poi["location"]["address"]
            theme, category, type_ = (poi["categories"][n]["value"] for n in range(3))
            place = (address["street"], address["streetnumber"], address["boxnumber"], address["postalcode"], address["municipality"])
            row = (poi["id"], theme, category, type_, poi["labels"][0]["value"], *place)
            if not all(isinstance(cell, str) for cell in row):
                raise TypeError("a cell of the table is no text")
            rows.append(row)
        for poi in answer["pois"]:
            _, _ = poi["location"]["points"][0]["Point"]["coordinates"]
        return int(answer["labels"][0]["value"]), sorted(rows)

    def layer(self, answer: Any) -> list[dict[str, object]]:
        """Selected results as features of a layer."""
        found = []
        for poi in answer["pois"]:
            x, y = poi["location"]["points"][0]["Point"]["coordinates"]
            feature = self._address(poi) | {
                "id": int32(poi["id"]),
                "link": poi["links"][0]["href"],
                "lastupdate": poi["updated"],
                "owner": poi["authors"][0]["value"],
                "xy": (float(x), float(y)),
            }
            found.append(feature)
        return found

    def all(self, answer: Any) -> list[dict[str, object]]:
        """Everything as a layer, from the min model: objects, then clusters."""
        found: list[dict[str, object]] = []
        for poi in answer["pois"]:
            x, y = poi["location"]["points"][0]["Point"]["coordinates"]
            texts = {"type": poi["categories"][0]["value"], "name": poi["labels"][0]["value"], "link": poi["links"][0]["href"]}
            found.append(self._address(poi) | texts | {"id": int32(poi["id"]), "count": 1, "xy": (float(x), float(y))})
        for cluster in answer["clusters"]:
            x, y = cluster["point"]["Point"]["coordinates"]
            found.append({"type": cluster["point"]["type"], "count": int32(cluster["count"]), "xy": (float(x), float(y))})
        return found

    @staticmethod
    def _address(poi: Mapping[str, Any]) -> dict[str, object]:
        """An address without `boxnumber` would leave the box of the object before, or fail."""
        return {name: poi["location"]["address"][name] for name in ("street", "streetnumber", "boxnumber", "postalcode", "municipality")}


@dataclass(frozen=True)
class ArcGis:
    """The plugin of ArcGIS Pro: Lambert 72; texts, numbers and times of its classes are not nullable where they are not texts."""

    get: Get

    def themes(self) -> dict[str, str]:
        return {each["value"]: each["term"] for each in self.get(f"{CORE}/themes")["categories"]}

    def categories(self, theme: str) -> list[str]:
        """By the code that it knows for a label, else by the label."""
        code = {"Bouwen en wonen": "BouwenEnWonen"}.get(theme, theme)
        return [each["value"] for each in self.get(f"{CORE}/themes/{code}/categories")["categories"]]

    def types(self, theme: str, category: str) -> dict[str, str]:
        return {each["value"]: each["term"] for each in self.get(f"{CORE}/themes/{theme}/categories/{category}/poitypes")["categories"]}

    def ask(self, keyword: str = "", region: str = "", bbox: str | None = None, **codes: str) -> list[dict[str, object]]:
        """The rows of its table, from the max model."""
        query = {"theme": "", "maxcount": "32", "clustering": "false", "poitype": "", "crs": "Lambert72"}
        query |= {"keyword": keyword, "region": region, "category": "", "maxmodel": "true"} | codes
        answer = self.get(f"{CORE}?{urlencode(query | ({'bbox': bbox} if bbox is not None else {}))}")
        return [self._row(poi) for poi in answer["pois"]]

    @staticmethod
    def _row(poi: Mapping[str, Any]) -> dict[str, object]:
        by_type = {each["type"]: each["value"] for each in poi["categories"]}
        for name in ("created", "updated"):
            if name in poi:
                datetime.fromisoformat(poi[name])  # null fails
        if not isinstance(poi["description"], Mapping) or not isinstance(poi["license"], Mapping):
            raise TypeError("a group of values is wanted")
        address = poi["location"]["address"]
        x, y = map(float, poi["location"]["points"][0]["Point"]["coordinates"])
        return {
            "id": int32(poi["id"]),
            "theme": by_type["Thema"],
            "category": by_type["Categorie"],
            "type": by_type["Type"],
            "name": poi["labels"][0]["value"],
            "street": address["street"],
            "house": address["streetnumber"],
            "xy": (x, y),
        }
