// The layers of the map: base map (where there is one), municipalities, and the objects of each product.
//
// All of Flanders is shown from vector tiles, in which many objects that lie close together are one, with their number. Those of one
// municipality are fetched themselves, so that none of a neighbour is counted with them.

import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorSource from "ol/source/Vector.js";
import XYZ from "ol/source/XYZ.js";
import { fromLonLat } from "ol/proj.js";
import { Fill, Stroke, Style } from "ol/style.js";

import { classOf, looks } from "./symbols.js";
import { tileSource } from "./tileset.js";

/** @typedef {import("./told.js").Told} Told */
/** @typedef {import("./told.js").Product} Product */
/** @typedef {import("./state.js").Choice} Choice */
/** @typedef {import("ol/Feature.js").FeatureLike} FeatureLike */

/** From this zoom on each object is drawn on its own. */
export const ALONE = 17;

/** Pixels along a side of a tile of points, and of one of the 32 × 32 cells in it: room for a disc with its number of each product. */
const WIDE = 2048;
const CELL = 64;
/** Between two levels tiles are drawn up to this much smaller, in levels of zoom, and else larger: cells are 56 pixels wide or more. */
const NARROWED = 0.2;
const NORMAL = 512;
/** Metres of EPSG:3857 in a pixel at zoom 0. */
const COARSEST = 40075016.68557849 / 256;

/**
 * The base map that the operator has set.
 * @param {{url: string, attribution: string}} base
 */
export function baseLayer(base) {
  return new TileLayer({ source: new XYZ({ url: base.url }) });
}

/**
 * Municipalities: pale on their own, coloured by the chosen field; the chosen one has a strong outline.
 * @param {Told} told
 * @param {import("./told.js").Areas} areas
 * @param {Choice} choice
 */
export async function areaLayer(told, areas, choice) {
  const over = told.base_map ? "99" : ""; // the base map shows through
  const plain = new Fill({ color: told.base_map ? "#ffffff55" : "#fbfbf8" });
  const border = new Stroke({ color: areas.border, width: 0.75 });
  const strong = new Stroke({ color: "#123a63", width: 3 });
  const fills = new Map(areas.fields.flatMap((field) => field.classes).map(({ colour }) => [colour, new Fill({ color: colour + over })]));
  return new VectorTileLayer({
    source: await tileSource(told.tiles, areas.id, NORMAL),
    style: (feature) => {
      const field = areas.fields.find(({ name }) => name === choice.field);
      const found = field && classOf(field.classes, feature.get(field.name));
      const chosen = choice.nis !== "" && feature.get("NISCODE") === choice.nis;
      return new Style({
        fill: (found && fills.get(found.colour)) || plain,
        stroke: chosen ? strong : border,
        zIndex: chosen ? 1 : 0,
      });
    },
  });
}

/** The objects of a product. */
export class Points {
  /**
   * @param {Told} told
   * @param {Product} product
   */
  static async of(told, product) {
    return new Points(told, product, await tileSource(told.tiles, product.id, WIDE, coarser));
  }

  /**
   * @param {Told} told
   * @param {Product} product
   * @param {import("ol/source/VectorTile.js").default} source of its tiles
   */
  constructor(told, product, source) {
    const look = looks(product, told.products.indexOf(product));
    /** @param {boolean} discs */
    const style = (discs) => (/** @type {FeatureLike} */ feature, /** @type {number} */ resolution) => {
      const count = standsFor(feature);
      return count > 1 === discs ? look(count, feature, cellAt(Math.log2(COARSEST / resolution)), resolution) : undefined;
    };
    this.product = product.id;
    /** @type {import("./service.js").Item[]} */
    this.items = [];
    this.zoom = 0;
    this.grouped = new VectorSource();
    const tiles = [false, true].map((discs) => new VectorTileLayer({ source, renderBuffer: CELL, style: style(discs) }));
    const local = [false, true].map((discs) => new VectorLayer({ source: this.grouped, style: style(discs), visible: false }));
    this.everywhere = tiles;
    this.local = local;
    /** Lone objects, and the discs, which go over those of every product: a number is never hidden. */
    this.lone = [tiles[0], local[0]];
    this.discs = [tiles[1], local[1]];
  }

  /**
   * @param {boolean} shown
   * @param {boolean} local only those of a municipality
   */
  show(shown, local) {
    for (const layer of this.everywhere) layer.setVisible(shown && !local);
    for (const layer of this.local) layer.setVisible(shown && local);
  }

  /** @param {import("./service.js").Item[]} items the objects of the chosen municipality */
  fill(items) {
    this.items = items.filter(({ geometry }) => geometry);
    this.#group();
  }

  /** @param {number} zoom */
  zoomed(zoom) {
    const level = zoom >= ALONE ? ALONE : levelAt(zoom);
    if (level === this.zoom) return;
    this.zoom = level;
    this.#group();
  }

  /** One feature for the objects of a cell, as in a tile; near by, for those at one place. */
  #group() {
    const cell = this.zoom < ALONE ? cellAt(this.zoom) : 0.01;
    /** @type {Map<string, Feature[]>} */
    const cells = new Map();
    for (const { properties, geometry } of this.items) {
      const place = fromLonLat(geometry?.coordinates);
      const key = place.map((metres) => Math.floor(metres / cell)).join();
      const found = new Feature({ ...properties, geometry: new Point(place) });
      cells.set(key, [...(cells.get(key) ?? []), found]);
    }
    this.grouped.clear(true);
    this.grouped.addFeatures([...cells.values()].map((features) => new Feature({ features, geometry: amid(features), near: this.zoom >= ALONE })));
  }
}

/**
 * The middle of points.
 * @param {Feature[]} features
 */
function amid(features) {
  const places = features.map((each) => /** @type {Point} */ (each.getGeometry()).getCoordinates());
  return new Point([0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length));
}

/**
 * Side of a cell at a zoom, in metres: as in the tiles of that level, of which the coarser are taken between two levels.
 * @param {number} zoom
 */
function cellAt(zoom) {
  return (CELL * COARSEST) / 2 ** levelAt(zoom);
}

/** @param {number} zoom */
function levelAt(zoom) {
  return Math.floor(zoom + NARROWED);
}

/**
 * Which of two levels of tiles is taken at a resolution between theirs, as `levelAt` says: positive for the coarser one.
 * @param {number} resolution
 * @param {number} _high
 * @param {number} low
 */
function coarser(resolution, _high, low) {
  return resolution - low * 2 ** NARROWED;
}

/**
 * How many objects a feature stands for.
 * @param {FeatureLike} feature
 * @returns {number}
 */
export function standsFor(feature) {
  return feature.get("features")?.length ?? feature.get("AANTAL") ?? 1;
}

/**
 * The identifiers (OIDN) of the objects that a feature stands for; none where a tile does not tell them.
 * @param {FeatureLike} feature
 * @returns {number[]}
 */
export function identifiers(feature) {
  const grouped = feature.get("features");
  if (grouped) return grouped.map((/** @type {FeatureLike} */ each) => each.get("OIDN"));
  const id = feature.getId();
  return id === undefined ? [] : [Number(id)];
}
