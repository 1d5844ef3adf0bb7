// What is chosen: it stands in the form and in the address, so that a link shows the same map. Nothing is stored.

import { byId } from "./dom.js";
import { words } from "./words.js";

export class Choice {
  constructor() {
    this.municipality = /** @type {HTMLSelectElement} */ (byId("municipality"));
    this.policy = /** @type {HTMLSelectElement | null} */ (document.getElementById("policy"));
    this.boxes = /** @type {HTMLInputElement[]} */ ([...byId("products").querySelectorAll("input[type=checkbox]")]);
    this.#read(new URLSearchParams(location.search));
  }

  /** NIS code, or empty for the whole of Flanders. */
  get nis() {
    return this.municipality.value;
  }

  /** Name of the chosen municipality, or empty. */
  get name() {
    return this.nis ? this.municipality.selectedOptions[0].text : "";
  }

  /** The products that are shown. */
  get products() {
    return this.boxes.filter((box) => box.checked).map((box) => box.value);
  }

  /** In words why no product is shown; empty where one is. */
  get silence() {
    if (this.products.length) return "";
    return this.boxes.some((box) => !box.disabled) ? words.noneChosen : words.noneOffered;
  }

  /** Name of the field that colours the municipalities, or empty. */
  get field() {
    return this.policy ? this.policy.value : "";
  }

  /**
   * @param {() => void} act
   * @param {() => void} moved called when another municipality is chosen, after `act`
   */
  onChange(act, moved) {
    byId("choice").addEventListener("submit", (event) => event.preventDefault());
    byId("choice").addEventListener("change", (event) => {
      this.#write();
      act();
      if (event.target === this.municipality) moved();
    });
  }

  /** @param {URLSearchParams} query */
  #read(query) {
    const products = query.getAll("product");
    if (products.length) for (const box of this.boxes) box.checked = !box.disabled && products.includes(box.value);
    const field = query.get("beleid") ?? "";
    if (this.policy && [...this.policy.options].some((option) => option.value === field)) this.policy.value = field;
    const nis = query.get("gemeente") ?? "";
    if ([...this.municipality.options].some((option) => option.value === nis)) this.municipality.value = nis;
  }

  #write() {
    const query = new URLSearchParams(location.search);
    for (const name of ["gemeente", "beleid", "product"]) query.delete(name);
    if (this.nis) query.set("gemeente", this.nis);
    if (this.field) query.set("beleid", this.field);
    if (this.boxes.some((box) => !box.checked && !box.disabled)) {
      for (const product of this.products.length ? this.products : [""]) query.append("product", product);
    }
    history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
  }
}
