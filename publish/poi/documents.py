"""The answers, with every key that the plugins read without looking whether it is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exports.notice import licence_name
from publish.poi.kinds import Kind, Term
from publish.poi.parameters import Search
from publish.poi.search import Cluster, Found, short_id
from publish.shelf import View
from publish.wording import sentences, state, state_sentence

Json = Mapping[str, object]
Row = Mapping[str, str | int | None]

_FIELDS = ("OIDN", "PRODUCT", "NAAM", "OMSCHR", "STRAAT", "HUISNR", "BUSNR", "POSTCODE", "GEMEENTE", "LINK1", "LINKOMSCH1")
_ADDRESS = {"street": "STRAAT", "streetnumber": "HUISNR", "boxnumber": "BUSNR", "postalcode": "POSTCODE", "municipality": "GEMEENTE"}


def terms(listed: Iterable[Term], type_: str) -> Json:
    """A list of themes, categories or types, each once."""
    return {"categories": [_term(term, type_) for term in dict.fromkeys(listed)]}


@dataclass(frozen=True)
class Answer:
    """What was found, for a view; outside `production` every text of ours says TEST (DESIGN 16)."""

    view: View
    search: Search
    found: Found
    production: bool

    def document(self) -> Json:
        """The whole answer: the number of all that fit, objects, and in the min model clusters."""
        products = [kind.product for kind in self.found.among] or self.view.release.schema.products
        head: dict[str, object] = {
            "labels": [{"value": str(self.found.matched), "term": "count", "type": "Aantal"}],
            **sentences(self.view, products, production=self.production).members,
            "pois": self._objects(),
        }
        return head if self.search.whole else head | {"clusters": [_cluster(each) for each in self.found.clusters]}

    def _objects(self) -> list[Json]:
        if not len(self.found.rows):
            return []
        kinds = {str(kind.product.value): kind for kind in self.found.among}
        table = self.view.release.table(kinds[next(iter(kinds))].product.feature_type)
        rows: list[Row] = table.table.arrow.select(list(_FIELDS)).take(self.found.rows).to_pylist()
        points = table.coordinates(self.search.crs)[self.found.rows].tolist()
        return [self._object(row, kinds[str(row["PRODUCT"])], x, y) for row, (x, y) in zip(rows, points, strict=True)]

    def _object(self, row: Row, kind: Kind, x: float, y: float) -> Json:
        oidn = int(row["OIDN"] or 0)
        type_ = _term(kind.type, "Type")
        return {
            # Text, which the QGIS plugin compares with the text in its table; and OIDN, by which the feed of changes names it.
            "id": str(short_id(oidn)),
            "oidn": oidn,
            "labels": [{"value": row["NAAM"], "term": "primary", "type": "Naam"}],
            "categories": [_term(kind.theme, "Thema"), _term(kind.category, "Categorie"), type_] if self.search.whole else [type_],
            "location": {
                "points": [{"Point": {"type": "Point", "coordinates": [x, y]}, "term": "centroid", "type": "Punt"}],
                "address": {name: row[field] or "" for name, field in _ADDRESS.items()},
            },
            "links": [{"href": row["LINK1"], "value": row["LINKOMSCH1"], "term": "information", "type": "text/html"}],
            **(self._more(row, kind) if self.search.whole else {}),
        }

    def _more(self, row: Row, kind: Kind) -> Json:
        """What only the max model has. CONTRACT B: a record has no dates; `updated`, which the plugins need, is that of the sentences."""
        words = self.view.release.schema.words
        return {
            "description": {"value": self._marked(f"{row['OMSCHR']} {state_sentence(self.view, [kind.product])}")},
            "updated": f"{state(self.view, [kind.product])}T00:00:00",
            "authors": [{"value": words.publisher, "term": "owner", "type": "Eigenaar"}],
            "license": {"href": words.licence, "value": licence_name(words.licence), "term": "license", "type": "text/html"},
        }

    def _marked(self, text: str) -> str:
        return text if self.production else f"TEST – {text}"


def _term(term: Term, type_: str) -> Json:
    return {"value": term.value, "term": term.term, "type": type_}


def _cluster(cluster: Cluster) -> Json:
    point = {"type": "Point", "coordinates": [cluster.x, cluster.y]}
    return {"count": cluster.count, "point": {"Point": point, "type": "Cluster"}}
