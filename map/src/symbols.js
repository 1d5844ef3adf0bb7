// How things look: the symbols of products and the colours of classes, from what the server tells.

import { Circle, Fill, RegularShape, Stroke, Style, Text } from "ol/style.js";

import { spelled } from "./words.js";

/** @typedef {import("./told.js").Product} Product */
/** @typedef {import("./told.js").Class} Class */

const OUTLINE = new Stroke({ color: "#ffffff", width: 1.5 });
/** All of them are drawn. OpenLayers 10.11 looks for symbols of tiles under a click only where this is said. */
const declutterMode = /** @type {const} */ ("none");
const WHITE = new Fill({ color: "#ffffff" });
/** Where the discs of the first, second and third product go, in pixels right and up, so that none hides another. */
const ASIDE = [
  [0, 12],
  [-11, -6],
  [11, -6],
];
const SHAPES = {
  triangle: { points: 3, radius: 8 },
  square: { points: 4, radius: 8, angle: Math.PI / 4 },
  diamond: { points: 4, radius: 8 },
};

/**
 * Makes what is drawn of a product: for one object its symbol, for several a disc with their number, larger for more.
 * @param {Product} product
 * @param {number} position of the product among all
 * @returns {(count: number) => Style}
 */
export function looks(product, position) {
  /** @type {Map<number, Style>} */
  const made = new Map();
  const fill = new Fill({ color: product.colour });
  return (count) => {
    let style = made.get(count);
    if (!style) made.set(count, (style = count > 1 ? several(count, fill, ASIDE[position % ASIDE.length]) : one(product.shape, fill)));
    return style;
  };
}

/**
 * @param {string} shape
 * @param {Fill} fill
 */
function one(shape, fill) {
  const corners = SHAPES[/** @type {keyof SHAPES} */ (shape)];
  const look = { fill, stroke: OUTLINE, declutterMode };
  return new Style({ image: corners ? new RegularShape({ ...corners, ...look }) : new Circle({ radius: 6.5, ...look }) });
}

/**
 * @param {number} count
 * @param {Fill} fill
 * @param {number[]} aside
 */
function several(count, fill, [right, up]) {
  return new Style({
    image: new Circle({ radius: 8 + 2 * Math.log10(count), displacement: [right, up], fill, stroke: OUTLINE, declutterMode }),
    text: new Text({ text: short(count), font: "600 11px system-ui, sans-serif", fill: WHITE, offsetX: right, offsetY: -up, declutterMode }),
  });
}

/** @param {number} count */
function short(count) {
  return count < 1000 ? String(count) : `${spelled(Math.round(count / 100) / 10)}k`;
}

/**
 * The class that a value is in.
 * @param {Class[]} classes
 * @param {unknown} value
 */
export function classOf(classes, value) {
  const absent = value === undefined || value === null || value === "";
  return classes.find(({ value: code, low, high }) => {
    if (code === null && low === null && high === null) return absent;
    if (absent) return false;
    if (code !== null) return value === code;
    return (low === null || Number(value) >= low) && (high === null || Number(value) < high);
  });
}
