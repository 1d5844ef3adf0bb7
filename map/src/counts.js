// How many objects there are of each product, in the chosen municipality or in all of Flanders, with and without a position.

import { byId } from "./dom.js";
import { whole, words } from "./words.js";

/** @typedef {import("./told.js").Told} Told */

export class Counts {
  /**
   * @param {Told} told
   * @param {import("./service.js").Service} service
   * @param {import("./state.js").Choice} choice
   */
  constructor(told, service, choice) {
    this.told = told;
    this.service = service;
    this.choice = choice;
  }

  /** Show the counts of what is chosen now; an answer that comes after another choice is dropped. */
  async show() {
    const { nis, products, name } = this.choice;
    const known = this.told.products.filter((product) => product.count !== null);
    try {
      const counts = await Promise.all(known.map((product) => (nis ? this.service.count(product.id, nis) : product.count ?? 0)));
      if (nis !== this.choice.nis) return;
      known.forEach((product, position) => this.#write(product.id, whole(counts[position])));
      if (this.choice.silence) return void (byId("total").textContent = this.choice.silence);
      const sum = counts.filter((_, position) => products.includes(known[position].id)).reduce((one, other) => one + other, 0);
      byId("total").textContent = `${words.shown(whole(sum), nis ? words.inPlace(name) : words.all)} ${words.shownHow}`;
    } catch {
      known.forEach((product) => this.#write(product.id, "–"));
      byId("total").textContent = words.failed;
    }
  }

  /**
   * @param {string} product
   * @param {string} text
   */
  #write(product, text) {
    const place = document.querySelector(`[data-count="${CSS.escape(product)}"]`);
    if (place) place.textContent = text;
  }
}
