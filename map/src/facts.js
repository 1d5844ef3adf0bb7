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
    // A click on the map leaves the focus there: Escape is heard wherever it is.
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden) this.close();
    });
  }

  close() {
    const within = this.panel.contains(document.activeElement);
    this.panel.hidden = true;
    this.panel.replaceChildren();
    this.mark(undefined);
    if (within) byId("map").focus({ preventScroll: true });
  }

  failed() {
    this.#show("", [element("p", {}, words.failed)]);
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
      properties.POITYPE ?? properties.NAAM,
      [
        element("p", {}, address(properties), element("br"), `${properties.POSTCODE ?? ""} ${properties.GEMEENTE ?? ""}`.trim()),
        element("p", { lang: "nl" }, properties.OMSCHR ?? ""),
        this.#list(this.#fields(properties.PRODUCT, properties, true), properties),
        ...actions,
        ...explanation(properties),
      ],
      this.told.state,
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
    this.#show(words.here(String(items.length)), [element("ul", {}, ...rows)], this.told.state);
  }

  /**
   * What a municipality decides itself.
   * @param {string} collection
   * @param {Item} item
   */
  municipality(collection, item) {
    const { properties } = item;
    const more = `${this.root}/gemeente/${properties.NISCODE}${english ? "?lang=en" : ""}`;
    const absent = this.#fields(collection, properties, false).map(({ label }) => label);
    this.#show(
      `${words.policy} ${properties.NAAM}`,
      [
        this.#list(this.#fields(collection, properties, true), properties),
        ...(absent.length ? [element("p", { class: "note" }, words.notStated(absent.join("; ")))] : []),
        element("p", {}, link(more, words.more)),
        ...explanation(properties),
      ],
      this.told.state,
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

  /**
   * A head that stays, what scrolls where it does not fit, and the sentence, which can always be read whole.
   * @param {string} title
   * @param {Node[]} content
   * @param {string} [sentence]
   */
  #show(title, content, sentence) {
    this.mark(undefined);
    const close = button("×", () => this.close(), "close");
    close.setAttribute("aria-label", words.close);
    const body = element("div", { class: "body" }, ...content);
    const foot = sentence ? [element("p", { class: "note sentence", lang: "nl" }, sentence)] : [];
    this.panel.replaceChildren(element("div", { class: "head" }, ...(title ? [element("h2", {}, title)] : []), close), body, ...foot);
    this.panel.hidden = false;
    if (body.scrollHeight > body.clientHeight) {
      for (const [name, text] of Object.entries({ tabindex: "0", role: "group", "aria-label": title })) body.setAttribute(name, text);
    }
  }

  /**
   * The fields that have a value, or those that have none.
   * @param {string} product
   * @param {Record<string, any>} properties
   * @param {boolean} stated
   */
  #fields(product, properties, stated) {
    return (this.told.facts[product] ?? []).filter(
      ({ name }) => !ELSEWHERE.has(name) && name !== "NISCODE" && ((properties[name] ?? null) !== null) === stated,
    );
  }

  /**
   * @param {import("./told.js").Fact[]} fields
   * @param {Record<string, any>} properties
   */
  #list(fields, properties) {
    return element("dl", {}, ...fields.flatMap(({ name, label, codes }) => [element("dt", {}, label), element("dd", {}, value(properties[name], codes))]));
  }
}

/** @param {Record<string, any>} properties */
function explanation({ LINK1, LINKOMSCH1 }) {
  return LINK1 ? [element("p", {}, link(LINK1, LINKOMSCH1 ?? words.moreExplained))] : [];
}

/**
 * @param {unknown} found
 * @param {Record<string, string>} codes
 * @returns {Node | string}
 */
function value(found, codes) {
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
