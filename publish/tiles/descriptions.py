"""The documents of the tiles: what there is, from the objects that serve it (OGC 20-057, OGC 17-083r4, OGC 20-024)."""

from __future__ import annotations

from dataclasses import dataclass

from exports.notice import licence_name
from exports.symbology import Layer
from publish.documents import MEDIA_TYPE as JSON
from publish.documents import Document, Entry, Json, Section
from publish.pages import Language
from publish.tiles.conformance import CLASSES
from publish.tiles.links import HTML, OPENAPI, TILESETS, Links, link
from publish.tiles.matrices import SETS, WEB_MERCATOR_QUAD, TileMatrixSet
from publish.tiles.metadata import fields, tile_json, tileset_metadata
from publish.tiles.tilesets import Tileset, Tilesets
from publish.wording import attribution, state_sentence
from release.crs import CRS84
from release.schema import Text

TILE_JSON = "application/json"
"""TileJSON has no media type of its own."""


@dataclass(frozen=True)
class Descriptions:
    """Documents about the tilesets of a view, in one language."""

    links: Links
    tilesets: Tilesets
    spoken: Language
    production: bool

    def landing(self) -> Document:
        """OGC 19-072 §7.2: the landing page."""
        url, title = self.links.url, self._title(Text(nl="Vectortegels", en="Vector tiles"))
        words = Text(
            nl="OGC API Tiles: de objecten met een positie als vectortegels, vandaag geldig.",
            en="OGC API Tiles: the objects that have a position as vector tiles, as they hold today.",
        )
        links = [
            *self.links.here(url, title),
            link(f"{url}/openapi", "service-desc", OPENAPI, "OpenAPI 3.0"),
            link(f"{url}/openapi?f=html", "service-doc", HTML, "OpenAPI 3.0 (HTML)"),
            link(f"{url}/conformance", "conformance", JSON, self._say("Conformiteit", "Conformance")),
            link(
                f"{url}/conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance", JSON, self._say("Conformiteit", "Conformance")
            ),
            link(f"{url}/collections", "data", JSON, self._say("Collecties", "Collections")),
            link(f"{url}/collections", "http://www.opengis.net/def/rel/ogc/1.0/data", JSON, self._say("Collecties", "Collections")),
            link(
                f"{url}/tileMatrixSets",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                JSON,
                self._say("Tegelmatrixsets", "Tile matrix sets"),
            ),
            self._licence(),
        ]
        content: Json = {"title": title, "description": self._told(words), "links": links}
        pages = (
            ("collections", "Collecties", "Collections"),
            ("tileMatrixSets", "Tegelmatrixsets", "Tile matrix sets"),
            ("conformance", "Conformiteit", "Conformance"),
            ("openapi", "Beschrijving (OpenAPI)", "Description (OpenAPI)"),
        )
        entries = [Entry(self._say(nl, en), f"{url}/{path}?f=html") for path, nl, en in pages]
        return Document(
            content,
            self._say("Vectortegels", "Vector tiles"),
            self._told(words),
            [Section(self._say("Wat er is", "What there is"), entries)],
        )

    def conformance(self) -> Document:
        """OGC 19-072 §7.4: the conformance classes."""
        entries = [Entry(name) for name in CLASSES]
        title = self._say("Conformiteit", "Conformance")
        return Document({"conformsTo": list(CLASSES)}, title, sections=[Section(self._say("Klassen", "Classes"), entries)])

    def collections(self) -> Document:
        """OGC 20-024 §8.2: every collection."""
        url, title = f"{self.links.url}/collections", self._say("Collecties", "Collections")
        layers = self.tilesets.layers.values()
        content: Json = {"links": self.links.here(url, title), "collections": [self._described(layer) for layer in layers]}
        entries = [
            Entry(self._told(layer.title), f"{self.links.collection(layer.name)}?f=html", self._told(layer.abstract)) for layer in layers
        ]
        return Document(content, title, sections=[Section(title, entries)])

    def collection(self, layer: Layer) -> Document:
        """OGC 20-024 §8.3: one collection, with where its objects are."""
        extent = self.tilesets.located(layer).extent(CRS84)
        known = {} if extent is None else {"extent": {"spatial": {"bbox": [extent], "crs": CRS84.url}}}
        tilesets = Entry(self._say("Tegelsets", "Tilesets"), f"{self.links.tilesets(layer.name)}?f=html")
        sections = [Section(self._say("Wat er is", "What there is"), [tilesets]), self._fields(layer)]
        return Document(self._described(layer) | known, self._told(layer.title), self._summary(layer), sections)

    def tilesets_of(self, layer: Layer) -> Document:
        """OGC 20-057 §9.2 (/req/tilesets-list/tileset-links): the tilesets of a collection."""
        url, title = self.links.tilesets(layer.name), self._say("Tegelsets", "Tilesets")
        found = [self.tilesets.tileset(layer.name, matrices) for matrices in SETS]
        content: Json = {"links": self.links.here(url, title), "tilesets": [self._item(tileset) for tileset in found]}
        entries = [
            Entry(known.matrices.id, f"{self.links.tileset(layer.name, known.matrices)}?f=html", known.matrices.title) for known in found
        ]
        return Document(content, self._told(layer.title), self._summary(layer), [Section(title, entries)])

    def tileset(self, tileset: Tileset) -> Document:
        """OGC 20-057 §8.2, OGC 17-083r4 §7: the metadata of a tileset."""
        layer, matrices = tileset.layer, tileset.matrices
        attributed = attribution(self.tilesets.view, layer.product)
        content = tileset_metadata(
            tileset, self._title(layer.title), self._summary(layer), attributed, self._tileset_links(tileset), self.links.uri(matrices)
        )
        limits = tileset.limits[-1:]
        told = [Entry(f"{known.level}: {known.first_row}–{known.last_row}, {known.first_column}–{known.last_column}") for known in limits]
        tiles = Entry(str(self.links.tiles(layer.name, matrices)["href"]))
        also = [Entry("TileJSON", self.links.tile_json(layer.name, matrices))] if matrices is WEB_MERCATOR_QUAD else []
        sections = [
            Section(
                self._say("Tegels", "Tiles"), [tiles, *also, Entry(matrices.id, f"{self.links.matrices(matrices)}?f=html", matrices.title)]
            ),
            Section(self._say("Diepste niveau: rijen, kolommen", "Deepest level: rows, columns"), told),
            self._fields(layer),
        ]
        return Document(content, self._told(layer.title), attributed, sections)

    def tile_json(self, tileset: Tileset) -> Document:
        """TileJSON 3.0."""
        layer, matrices = tileset.layer, tileset.matrices
        template = f"{self.links.tileset(layer.name, matrices)}/{{z}}/{{y}}/{{x}}"
        content = tile_json(
            tileset, self._title(layer.title), self._summary(layer), attribution(self.tilesets.view, layer.product), template
        )
        return Document(content, layer.name, media_type=TILE_JSON)

    def matrix_sets(self) -> Document:
        """OGC 17-083r4 §8.2: the tile matrix sets."""
        title = self._say("Tegelmatrixsets", "Tile matrix sets")
        listed = [
            {
                "id": known.id,
                "title": known.title,
                "crs": known.crs.url,
                **({"uri": known.uri} if known.uri else {}),
                "links": [link(self.links.matrices(known), "self", JSON, known.title)],
            }
            for known in SETS.values()
        ]
        entries = [Entry(known.id, f"{self.links.matrices(known)}?f=html", known.title) for known in SETS.values()]
        url = f"{self.links.url}/tileMatrixSets"
        return Document({"tileMatrixSets": listed, "links": self.links.here(url, title)}, title, sections=[Section(title, entries)])

    def matrix_set(self, matrices: TileMatrixSet) -> Document:
        """OGC 17-083r4 §8.3: one tile matrix set."""
        content = matrices.document()
        levels = [Entry(f"{m['id']}: {m['cellSize']:g} m, {m['matrixWidth']} × {m['matrixHeight']}") for m in content["tileMatrices"]]
        return Document(content, matrices.id, matrices.title, [Section(self._say("Niveaus", "Levels"), levels)])

    def _described(self, layer: Layer) -> Json:
        address = self.links.collection(layer.name)
        record = f"{self.links.public}/catalogus/iso/{layer.product.uuid}.xml"
        return {
            "id": layer.name,
            "title": self._title(layer.title),
            "description": self._summary(layer),
            "attribution": attribution(self.tilesets.view, layer.product),
            "dataType": "vector",
            "crs": [matrices.crs.url for matrices in SETS.values()],
            "links": [
                *self.links.here(address, self._told(layer.title)),
                link(self.links.tilesets(layer.name), TILESETS, JSON, self._say("Tegelsets", "Tilesets")),
                link(f"{self.links.public}/stijlen", "http://www.opengis.net/def/rel/ogc/1.0/styles", JSON, self._say("Stijlen", "Styles")),
                link(record, "describedby", "application/xml", "ISO 19139"),
                self._licence(),
            ],
        }

    def _item(self, tileset: Tileset) -> Json:
        matrices = tileset.matrices
        return {
            "title": f"{self._title(tileset.layer.title)} ({matrices.id})",
            "dataType": "vector",
            "crs": matrices.crs.url,
            "tileMatrixSetId": matrices.id,
            "tileMatrixSetURI": self.links.uri(matrices),
            "links": self._tileset_links(tileset),
        }

    def _tileset_links(self, tileset: Tileset) -> list[Json]:
        layer, matrices = tileset.layer, tileset.matrices
        found = [*self.links.here(self.links.tileset(layer.name, matrices), f"{self._told(layer.title)} ({matrices.id})")]
        if matrices is WEB_MERCATOR_QUAD:
            found.append(link(self.links.tile_json(layer.name, matrices), "alternate", TILE_JSON, "TileJSON 3.0"))
        collection = link(
            self.links.collection(layer.name), "http://www.opengis.net/def/rel/ogc/1.0/geodata", JSON, self._told(layer.title)
        )
        return [*found, self.links.scheme(matrices), self.links.tiles(layer.name, matrices), collection, self._licence()]

    def _fields(self, layer: Layer) -> Section:
        entries = [Entry(name, note=title) for name, title in fields(layer).items()]
        return Section(self._say("Attributen", "Attributes"), entries)

    def _licence(self) -> Json:
        uri = self.tilesets.view.release.schema.words.licence
        return link(uri, "license", HTML, licence_name(uri))

    def _summary(self, layer: Layer) -> str:
        """What a layer is, and the sentence of CONTRACT B.3 that goes with every metadata record."""
        return f"{self._told(layer.abstract)} {state_sentence(self.tilesets.view, [layer.product])}"

    def _title(self, text: Text) -> str:
        """DESIGN decision 16: outside production everything says TEST."""
        return ("" if self.production else "TEST – ") + self._told(text)

    def _told(self, text: Text) -> str:
        return text.en if self.spoken == "en" else text.nl

    def _say(self, nl: str, en: str) -> str:
        return en if self.spoken == "en" else nl
