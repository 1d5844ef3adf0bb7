// The layers of the map: base map (where there is one), municipalities, and the objects of each product.
//
// All of Flanders is shown from vector tiles, in which many objects that lie close together are one, with their number. Those of one
// municipality are fetched themselves, so that none of a neighbour is counted with them.

import GeoJSON from "ol/format/GeoJSON.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import Cluster from "ol/source/Cluster.js";
import VectorSource from "ol/source/Vector.js";
import XYZ from "ol/source/XYZ.js";
import { Fill, Stroke, Style } from "ol/style.js";

import { classOf, looks } from "./symbols.js";
import { tileSource } from "./tileset.js";

/** @typedef {import("./told.js").Told} Told */
/** @typedef {import("./told.js").Product} Product */
/** @typedef {import("./state.js").Choice} Choice */
/** @typedef {import("ol/Feature.js").FeatureLike} FeatureLike */

/** From this zoom on each object is drawn on its own. */
export const ALONE = 17;

/** Pixels along a side of a tile of points: those that stand for several are then 64 pixels apart, which leaves room for their number. */
const WIDE = 2048;
const NORMAL = 512;
/** Pixels within which the objects of a municipality are one. */
const TOGETHER = 50;

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
    return new Points(told, product, await tileSource(told.tiles, product.id, WIDE));
  }

  /**
   * @param {Told} told
   * @param {Product} product
   * @param {import("ol/source/VectorTile.js").default} source of its tiles
   */
  constructor(told, product, source) {
    const look = looks(product, told.products.indexOf(product));
    const style = (/** @type {FeatureLike} */ feature) => look(standsFor(feature));
    this.product = product.id;
    this.everywhere = new VectorTileLayer({ source, renderBuffer: 64, style });
    this.objects = new VectorSource();
    this.grouped = new Cluster({ distance: TOGETHER, source: this.objects });
    this.local = new VectorLayer({ source: this.grouped, style, visible: false });
    this.layers = [this.everywhere, this.local];
  }

  /**
   * @param {boolean} shown
   * @param {boolean} local only those of a municipality
   */
  show(shown, local) {
    this.everywhere.setVisible(shown && !local);
    this.local.setVisible(shown && local);
  }

  /** @param {import("./service.js").Item[]} items the objects of the chosen municipality */
  fill(items) {
    const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });
    const located = items.filter(({ geometry }) => geometry);
    this.objects.clear(true);
    this.objects.addFeatures(format.readFeatures({ type: "FeatureCollection", features: located.map((item) => ({ type: "Feature", ...item })) }));
  }

  /** @param {number} zoom */
  zoomed(zoom) {
    this.grouped.setDistance(zoom >= ALONE ? 0 : TOGETHER);
  }
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
