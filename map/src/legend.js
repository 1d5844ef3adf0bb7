// The legend of the field that colours the municipalities.

import { element } from "./dom.js";

/**
 * @param {import("./told.js").Told} told
 * @param {string} name of the field, or empty
 */
export function showLegend(told, name) {
  const place = document.getElementById("legend");
  if (!place) return; // no parameters today
  const field = told.areas?.fields.find((each) => each.name === name);
  place.hidden = !field;
  place.replaceChildren(...(field ? field.classes.map(row) : []));
}

/** @param {import("./told.js").Class} one */
function row({ label, colour }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width: "22", height: "16", "aria-hidden": "true", class: "symbol" })) svg.setAttribute(name, value);
  const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const look = { width: "22", height: "16", fill: colour, stroke: "#5f6b73" };
  for (const [name, value] of Object.entries(look)) box.setAttribute(name, value);
  svg.append(box);
  return element("div", { class: "legend-row" }, svg, label);
}
