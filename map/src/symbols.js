// How things look: the symbols of products and the colours of classes, from what the server tells.

import Point from "ol/geom/Point.js";
import { Circle, Fill, RegularShape, Stroke, Style, Text } from "ol/style.js";

import { spelled } from "./words.js";

/** @typedef {import("./told.js").Product} Product */
/** @typedef {import("./told.js").Class} Class */
/** @typedef {import("ol/Feature.js").FeatureLike} FeatureLike */

const OUTLINE = new Stroke({ color: "#ffffff", width: 1.5 });
/** All of them are drawn. OpenLayers 10.11 looks for symbols of tiles under a click only where this is said. */
const declutterMode = /** @type {const} */ ("none");
const WHITE = new Fill({ color: "#ffffff" });
/** Where the discs of the first, second and third product go when they are of one place, in pixels right and up. */
const ASIDE = [
  [0, 16],
  [-14, -8],
  [14, -8],
];
/** The part of a cell that is for the discs of the first, second and third product, so that none hides another: west, south, east, north. */
const PARTS = [
  [0, 0.54, 1, 1],
  [0, 0, 0.54, 0.54],
  [0.54, 0, 1, 0.54],
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
 * @returns {(count: number, feature: FeatureLike, cell: number, pixel: number) => Style} of a feature that stands for so many, in cells of so
 *   many metres, where a pixel has so many
 */
export function looks(product, position) {
  /** @type {Map<string, Style>} */
  const made = new Map();
  const fill = new Fill({ color: product.colour });
  const slot = position % PARTS.length;
  return (count, feature, cell, pixel) => {
    const near = Boolean(feature.get("near"));
    const key = `${count} ${near}`;
    let style = made.get(key);
    if (!style) made.set(key, (style = count > 1 ? several(count, fill, near ? ASIDE[slot] : [0, 0]) : one(product.shape, fill)));
    if (count === 1 || near) return style;
    const own = style.clone();
    own.setGeometry(within(feature, cell, PARTS[slot], (radius(count) + 1) * pixel));
    return own;
  };
}

/**
 * As near to where a feature is as its disc may be: in the part of the cell that is for its product.
 * @param {FeatureLike} feature
 * @param {number} cell side of a cell
 * @param {number[]} part
 * @param {number} reach of the disc
 */
function within(feature, cell, [west, south, east, north], reach) {
  const place = /** @type {any} */ (feature.getGeometry()).getFlatCoordinates();
  const limits = [
    [west, east],
    [south, north],
  ];
  return new Point(
    limits.map(([low, high], axis) => {
      const corner = Math.floor(place[axis] / cell);
      const [least, most] = [(corner + low) * cell + reach, (corner + high) * cell - reach];
      return least > most ? (least + most) / 2 : Math.min(most, Math.max(least, place[axis]));
    }),
  );
}

/** @param {number} count */
function radius(count) {
  return 8 + 2 * Math.log10(count);
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
    image: new Circle({ radius: radius(count), displacement: [right, up], fill, stroke: OUTLINE, declutterMode }),
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
