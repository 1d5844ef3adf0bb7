// The list below the map: the same objects for who does not use the map, page by page.

import { button, byId, element } from "./dom.js";
import { address } from "./facts.js";
import { whole, words } from "./words.js";

const LENGTH = 10;

/** @typedef {import("./service.js").Item} Item */

export class List {
  /**
   * @param {import("./service.js").Service} service
   * @param {import("./state.js").Choice} choice
   * @param {() => number[]} extent of the view, in EPSG:3857
   * @param {(item: Item) => void} open
   */
  constructor(service, choice, extent, open) {
    this.service = service;
    this.choice = choice;
    this.extent = extent;
    this.open = open;
    this.offset = 0;
    /** @type {AbortController | undefined} */
    this.asking = undefined;
    byId("list").hidden = false;
    byId("previous").addEventListener("click", () => this.show(this.offset - LENGTH));
    byId("next").addEventListener("click", () => this.show(this.offset + LENGTH));
  }

  /** The page that begins at `offset`; a question that is still open is dropped. */
  async show(offset = 0) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const { nis, products } = this.choice;
    try {
      const none = { items: [], matched: 0 };
      const page = products.length
        ? await this.service.list(products, nis, this.extent(), Math.max(0, offset), LENGTH, asking.signal)
        : none;
      if (this.asking === asking) this.#write(Math.max(0, offset), page);
    } catch {
      if (!asking.signal.aborted) byId("list-says").textContent = words.failed;
    }
  }

  /**
   * @param {number} offset
   * @param {import("./service.js").Page} page
   */
  #write(offset, { items, matched }) {
    const where = this.choice.nis ? words.inPlace(this.choice.name) : words.inView;
    this.offset = offset;
    byId("rows").replaceChildren(...items.map((item) => this.#row(item)));
    byId("list-says").textContent = items.length
      ? words.listed(whole(offset + 1), whole(offset + items.length), whole(matched), where)
      : this.choice.silence || words.nothing(where); // of what nobody chose nothing is said, least of all that there is none
    /** @type {HTMLButtonElement} */ (byId("previous")).disabled = offset === 0;
    /** @type {HTMLButtonElement} */ (byId("next")).disabled = offset + items.length >= matched;
  }

  /** @param {Item} item */
  #row(item) {
    const { properties } = item;
    return element(
      "tr",
      { role: "row" },
      element(
        "th",
        { scope: "row", role: "rowheader" },
        button(address(properties), () => this.open(item)),
        element("span", { class: "note" }, `${properties.POSTCODE ?? ""} ${properties.GEMEENTE ?? ""}`.trim()),
      ),
      element("td", { role: "cell" }, properties.POITYPE ?? "", ...(item.geometry ? [] : [element("span", { class: "note" }, ` (${words.noWhere})`)])),
    );
  }
}
