// Where the tiles of a collection are, from its TileJSON, and the source that reads them.

import MVT from "ol/format/MVT.js";
import { intersects } from "ol/extent.js";
import { transformExtent } from "ol/proj.js";
import VectorTileSource from "ol/source/VectorTile.js";
import { createXYZ } from "ol/tilegrid.js";

/**
 * The tiles of a collection, drawn `tileSize` pixels wide; tiles that are not there are not asked for.
 * @param {string} root path of the tiles, e.g. `/ogc/tiles/v1`
 * @param {string} collection
 * @param {number} tileSize
 * @param {number | import("ol/array.js").NearestDirectionFunction} [zDirection] which level is taken between two; by default the nearest
 */
export async function tileSource(root, collection, tileSize, zDirection = 0) {
  const place = `${root}/collections/${encodeURIComponent(collection)}/tiles/WebMercatorQuad`;
  const answer = await fetch(`${place}?f=tilejson`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { maxzoom, bounds } = await answer.json();
  const tileGrid = createXYZ({ tileSize, maxZoom: maxzoom });
  const extent = bounds && transformExtent(bounds, "EPSG:4326", "EPSG:3857");
  return new VectorTileSource({
    format: new MVT(),
    tileGrid,
    zDirection,
    tileUrlFunction: (coordinate) => {
      const [z, x, y] = coordinate;
      return extent && intersects(tileGrid.getTileCoordExtent(coordinate), extent) ? `${place}/${z}/${y}/${x}` : undefined;
    },
  });
}
