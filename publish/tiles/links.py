"""Links between the documents of the tiles, made from the public address alone (DESIGN 16)."""

from __future__ import annotations

from dataclasses import dataclass

from exports.vector_tile import MEDIA_TYPE as MVT
from publish.documents import MEDIA_TYPE as JSON
from publish.tiles.matrices import TileMatrixSet

Link = dict[str, str | bool]
"""`href`, `rel`, `type` and `title`, as OGC API Common writes a link."""

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
TEMPLATE = "{tileMatrix}/{tileRow}/{tileCol}"


def link(href: str, rel: str, media_type: str, title: str) -> Link:
    """One link."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


@dataclass(frozen=True)
class Links:
    """Addresses below the root of the API; `public` is the address of everything."""

    public: str
    url: str

    def collection(self, name: str) -> str:
        """A collection."""
        return f"{self.url}/collections/{name}"

    def tilesets(self, name: str) -> str:
        """The tilesets of a collection."""
        return f"{self.collection(name)}/tiles"

    def tileset(self, name: str, matrices: TileMatrixSet) -> str:
        """One of them."""
        return f"{self.tilesets(name)}/{matrices.id}"

    def matrices(self, matrices: TileMatrixSet) -> str:
        """The definition of a tile matrix set."""
        return f"{self.url}/tileMatrixSets/{matrices.id}"

    def uri(self, matrices: TileMatrixSet) -> str:
        """The name by which clients know a tile matrix set: the registered one, or for ours where it is defined."""
        return matrices.uri or self.matrices(matrices)

    def here(self, address: str, title: str) -> list[Link]:
        """The document itself, and the same as a page."""
        return [link(address, "self", JSON, title), link(f"{address}?f=html", "alternate", HTML, f"{title} (HTML)")]

    def scheme(self, matrices: TileMatrixSet) -> Link:
        """OGC 20-057 §8.3: where a tileset says how it is cut."""
        return link(self.matrices(matrices), TILING_SCHEME, JSON, matrices.title)

    def tiles(self, name: str, matrices: TileMatrixSet) -> Link:
        """The template of the tiles (OGC 20-057 §7.1: tileMatrix, tileRow, tileCol)."""
        return link(f"{self.tileset(name, matrices)}/{TEMPLATE}?f=mvt", "item", MVT, "Vectortegels (MVT)") | {"templated": True}

    def tile_json(self, name: str, matrices: TileMatrixSet) -> str:
        """TileJSON of a tileset."""
        return f"{self.tileset(name, matrices)}?f=tilejson"
