// The panel with what is public of an object or a municipality, and the sentence that goes with it (CONTRACT B.3).

import { button, byId, element, link } from "./dom.js";
import { english, spelled, words } from "./words.js";

/** @typedef {import("./service.js").Item} Item */

/** Said in the title, the sentence or the address; or numbers that tell a person nothing. */
const ELSEWHERE = new Set(
  "UIDN OIDN THEMA CATEGORIE PRODUCT POITYPE NAAM OMSCHR STRAAT HUISNR BUSNR POSTCODE GEMEENTE LINK1 LINKOMSCH1".split(" "),
);

/** Where the identifiers of addresses, building units and buildings are; the number alone is enough to read. */
const REGISTER = "https://data.vlaanderen.be/id/";

export class Facts {
  /**
   * @param {import("./told.js").Told} told
   * @param {string} root path before every address of ours
   * @param {(item: Item | undefined) => void} mark shows on the map of which object the facts are
   */
  constructor(told, root, mark) {
    this.mark = mark;
    this.told = told;
    this.root = root;
    this.panel = byId("facts");
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  close() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    this.mark(undefined);
    byId("map").focus({ preventScroll: true });
  }

  failed() {
    this.#show(element("p", {}, words.failed));
  }

  /**
   * What is public of an object.
   * @param {Item} item
   * @param {(item: Item) => void} [zoom] adds a button that shows it on the map
   */
  object(item, zoom) {
    const { properties } = item;
    const actions = item.geometry ? (zoom ? [button(words.zoomTo, () => zoom(item))] : []) : [element("p", { class: "note" }, words.noWhere)];
    this.#show(
      element("h2", {}, properties.POITYPE ?? properties.NAAM),
      element("p", {}, address(properties), element("br"), `${properties.POSTCODE ?? ""} ${properties.GEMEENTE ?? ""}`.trim()),
      element("p", { lang: "nl" }, properties.OMSCHR ?? ""),
      this.#list(properties.PRODUCT, properties),
      ...actions,
      ...this.#closing(properties),
    );
    this.mark(item);
  }

  /**
   * Several objects at one place: each can be opened.
   * @param {Item[]} items
   * @param {(item: Item) => void} open
   */
  choose(items, open) {
    const rows = items.map((item) => element("li", {}, button(`${address(item.properties)} – ${item.properties.POITYPE}`, () => open(item))));
    this.#show(element("h2", {}, words.here(String(items.length))), element("ul", {}, ...rows));
  }

  /**
   * What a municipality decides itself.
   * @param {string} collection
   * @param {Item} item
   */
  municipality(collection, item) {
    const { properties } = item;
    const more = `${this.root}/gemeente/${properties.NISCODE}${english ? "?lang=en" : ""}`;
    this.#show(
      element("h2", {}, `${words.policy} ${properties.NAAM}`),
      this.#list(collection, properties, true),
      element("p", {}, link(more, words.more)),
      ...this.#closing(properties),
    );
  }

  /** Move the reader to the panel, after a choice by keyboard. */
  focus() {
    this.panel.focus({ preventScroll: true });
    this.panel.scrollIntoView({ block: "nearest" });
  }

  /** Pixels of the map that the panel covers at its right. */
  get covers() {
    return !this.panel.hidden && getComputedStyle(this.panel).position === "absolute" ? this.panel.offsetWidth + 12 : 0;
  }

  /** @param {...Node} content */
  #show(...content) {
    this.mark(undefined);
    this.panel.replaceChildren(button("×", () => this.close(), "close"), ...content);
    this.panel.firstElementChild?.setAttribute("aria-label", words.close);
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
  }

  /**
   * @param {string} product
   * @param {Record<string, any>} properties
   * @param {boolean} [absent] also say what is not stated
   */
  #list(product, properties, absent = false) {
    const rows = (this.told.facts[product] ?? []).filter(
      ({ name }) => !ELSEWHERE.has(name) && name !== "NISCODE" && (absent || (properties[name] ?? null) !== null),
    );
    return element("dl", {}, ...rows.flatMap(({ name, label, codes }) => [element("dt", {}, label), element("dd", {}, value(properties[name], codes))]));
  }

  /** @param {Record<string, any>} properties */
  #closing(properties) {
    const explained = properties.LINK1 ? [element("p", {}, link(properties.LINK1, properties.LINKOMSCH1 ?? words.moreExplained))] : [];
    return [...explained, element("p", { class: "note", lang: "nl" }, this.told.state)];
  }
}

/**
 * @param {unknown} found
 * @param {Record<string, string>} codes
 * @returns {Node | string}
 */
function value(found, codes) {
  if (found === null || found === undefined) return element("span", { class: "note" }, words.notStated);
  if (typeof found === "string" && found in codes) return codes[found];
  if (typeof found === "string" && found.startsWith(REGISTER)) return link(found, found.slice(found.lastIndexOf("/") + 1));
  if (typeof found === "string" && /^https?:\/\//.test(found)) return link(found, found.replace(/^https?:\/\//, ""));
  return spelled(found);
}

/**
 * `Kerkstraat 12A bus 0201`.
 * @param {Record<string, any>} properties
 */
export function address({ STRAAT, HUISNR, BUSNR }) {
  return [STRAAT, HUISNR, BUSNR ? `bus ${BUSNR}` : ""].filter(Boolean).join(" ");
}
