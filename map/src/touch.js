// What a click on the map does: go nearer to many objects, open one or a few, or else the municipality.

import { ALONE, identifiers, standsFor } from "./layers.js";

const TOUCH = 6; // pixels around a click
const MOST = 20; // objects at one place that are listed

export class Touch {
  /**
   * @param {import("ol/Map.js").default} map
   * @param {{drawn: import("ol/layer/Layer.js").default[], areas: import("ol/layer/Layer.js").default | null, collection: string}} layers
   *   those of objects, that of municipalities, and the collection that the latter are in
   * @param {import("./service.js").Service} service
   * @param {import("./state.js").Choice} choice
   * @param {import("./facts.js").Facts} facts
   */
  constructor(map, layers, service, choice, facts) {
    this.map = map;
    this.layers = layers;
    this.service = service;
    this.choice = choice;
    this.facts = facts;
    map.on("singleclick", (event) => this.#at(event).catch(() => facts.failed()));
  }

  /** @param {import("ol/MapBrowserEvent.js").default} event */
  async #at({ pixel }) {
    const layerFilter = (/** @type {any} */ layer) => this.layers.drawn.includes(layer);
    const hits = this.map.getFeaturesAtPixel(pixel, { hitTolerance: TOUCH, layerFilter });
    if (!hits.length) return this.#municipality(pixel);
    const view = this.map.getView();
    const scale = view.getZoom() ?? 0;
    const found = [...new Set(hits.flatMap(identifiers))];
    const many = hits.some((hit) => standsFor(hit) > 1) && (scale < ALONE || !found.length);
    if (many) return void view.animate({ center: where(hits[0]), zoom: scale + 2, duration: 200 });
    return this.#objects(found.slice(0, MOST));
  }

  /** @param {number[]} chosen */
  async #objects(chosen) {
    const { items } = await this.service.objects(chosen, this.choice.products);
    if (items.length === 1) this.facts.object(items[0]);
    else this.facts.choose(items, (item) => this.facts.object(item));
  }

  /** @param {number[]} pixel */
  async #municipality(pixel) {
    const { areas, collection } = this.layers;
    const [hit] = areas ? this.map.getFeaturesAtPixel(pixel, { layerFilter: (layer) => layer === areas }) : [];
    const item = hit && (await this.service.municipality(collection, hit.get("NISCODE")));
    if (item) this.facts.municipality(collection, item);
  }
}

/**
 * Where the objects of a feature are; its disc stands in the middle of a cell.
 * @param {import("ol/Feature.js").FeatureLike} feature
 * @returns {number[]}
 */
function where(feature) {
  return /** @type {any} */ (feature.getGeometry()).getFlatCoordinates().slice(0, 2);
}
