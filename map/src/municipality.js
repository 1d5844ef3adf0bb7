// The objects of the chosen municipality on the map.

/** @typedef {import("./service.js").Item} Item */

export class Municipality {
  /**
   * @param {import("./service.js").Service} service
   * @param {import("./layers.js").Points[]} points
   */
  constructor(service, points) {
    this.service = service;
    this.points = points;
    /** @type {AbortController | undefined} */
    this.asking = undefined;
  }

  /**
   * Fetch and draw them, page by page; a municipality that is still coming in is dropped.
   * @param {string} nis or empty for none
   */
  async load(nis) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    /** @type {Item[]} */
    const items = [];
    this.#draw(items);
    if (!nis || !this.points.length) return;
    const products = this.points.map(({ product }) => product);
    try {
      await this.service.each(nis, products, asking.signal, (more) => {
        items.push(...more);
        this.#draw(items);
      });
    } catch {
      // Dropped, or not to be had: the counts and the list say so.
    }
  }

  /** @param {Item[]} items */
  #draw(items) {
    for (const one of this.points) one.fill(items.filter(({ properties }) => properties.PRODUCT === one.product));
  }
}
