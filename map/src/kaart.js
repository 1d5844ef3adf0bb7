// The map at /kaart. Read from here:
//
//   /kaart/lagen.json ─► layers (tiles) · counts, facts, list (OGC API Features) ◄─ choice (form and address)

import "ol/ol.css";

import OlMap from "ol/Map.js";
import View from "ol/View.js";
import { defaults as controls } from "ol/control/defaults.js";
import ScaleLine from "ol/control/ScaleLine.js";
import { fromLonLat } from "ol/proj.js";

import { Counts } from "./counts.js";
import { byId, element } from "./dom.js";
import { Facts } from "./facts.js";
import { Points, areaLayer, baseLayer } from "./layers.js";
import { showLegend } from "./legend.js";
import { List } from "./list.js";
import { Municipality } from "./municipality.js";
import { Selection } from "./selection.js";
import { Service } from "./service.js";
import { Choice } from "./state.js";
import { fetchTold } from "./told.js";
import { Touch } from "./touch.js";
import { words } from "./words.js";

/** @typedef {import("./service.js").Item} Item */
/** @typedef {import("./told.js").Told} Told */

const FLANDERS = [280000, 6560000, 665000, 6715000]; // EPSG:3857, where no municipality has an area
const NEAR = 17; // zoom at which one object is shown
const AROUND = 24; // pixels around an object that show that it is chosen

/**
 * @param {Told} told
 * @param {HTMLElement} target
 */
async function start(told, target) {
  const choice = new Choice();
  const service = new Service(told.features);
  const selection = new Selection();
  const facts = new Facts(told, target.dataset.root ?? "", (item) => {
    selection.mark(item);
    if (item) makeWay(item);
  });
  const [areas, ...points] = await Promise.all([
    told.areas && areaLayer(told, told.areas, choice),
    ...told.products.filter((product) => product.count !== null).map((product) => Points.of(told, product)),
  ]);
  const drawn = [...points.flatMap(({ lone }) => lone), ...points.flatMap(({ discs }) => discs)];
  const base = told.base_map ? [baseLayer(told.base_map)] : [];

  const map = draw(target, [...base, ...(areas ? [areas] : []), ...drawn, selection.layer]);
  const view = map.getView();
  const list = new List(service, choice, () => view.calculateExtent(map.getSize()), open);
  const counts = new Counts(told, service, choice);
  const municipality = new Municipality(service, points);
  const cite = attribution(target);
  new Touch(map, { drawn, areas, collection: told.areas?.id ?? "" }, service, choice, facts);

  function refresh() {
    for (const one of points) one.show(choice.products.includes(one.product), choice.nis !== "");
    areas?.changed();
    showLegend(told, choice.field);
    cite(told, choice);
    counts.show();
    list.show();
  }

  function move() {
    const extent = told.places[choice.nis] ?? told.extent ?? FLANDERS;
    municipality.load(choice.nis);
    view.fit(extent, { padding: [24, 24, 40, 24], maxZoom: NEAR });
  }

  /** @param {Item} item */
  function zoom(item) {
    const [x, y] = fromLonLat(item.geometry?.coordinates);
    view.fit([x, y, x, y], { padding: [0, facts.covers, 0, 0], maxZoom: Math.max(view.getZoom() ?? 0, NEAR) });
    target.scrollIntoView({ block: "nearest" });
  }

  /**
   * Move the map so far that the panel does not lie over the object that it is about.
   * @param {Item} item
   */
  function makeWay(item) {
    const [width, height] = map.getSize() ?? [0, 0];
    const [x, y] = (item.geometry && map.getPixelFromCoordinate(fromLonLat(item.geometry.coordinates))) ?? [-1, -1];
    const free = width - facts.covers;
    const [east, north] = view.getCenter() ?? [0, 0];
    if (x > free - AROUND && x <= width && y >= 0 && y <= height) {
      view.animate({ center: [east + (x - free / 2) * (view.getResolution() ?? 0), north], duration: 200 });
    }
  }

  /** @param {Item} item */
  function open(item) {
    facts.object(item, zoom);
    facts.focus();
  }

  map.on("moveend", () => {
    for (const one of points) one.zoomed(view.getZoom() ?? 0);
    if (!choice.nis) list.show();
  });
  map.on("rendercomplete", () => {
    target.dataset.drawn = String(Number(target.dataset.drawn ?? 0) + 1); // for who waits until it is there
  });
  choice.onChange(refresh, move);
  move();
  refresh();
}

/**
 * The map with its buttons.
 * @param {HTMLElement} target
 * @param {import("ol/layer/Base.js").default[]} layers
 */
function draw(target, layers) {
  const zoomOptions = { zoomInTipLabel: words.zoomIn, zoomOutTipLabel: words.zoomOut };
  return new OlMap({
    target,
    layers,
    controls: controls({ attribution: false, rotate: false, zoomOptions }).extend([new ScaleLine()]),
    view: new View({ center: fromLonLat([4.4, 51.05]), zoom: 8, maxZoom: 19, enableRotation: false }),
  });
}

/**
 * Whom what is shown is from (CONTRACT B.3); gives what writes it.
 * @param {HTMLElement} target
 */
function attribution(target) {
  const place = element("p", { class: "attribution", lang: "nl" });
  target.after(place);
  return (/** @type {Told} */ told, /** @type {Choice} */ choice) => {
    const shown = told.products.filter((product) => choice.products.includes(product.id)).map((product) => product.attribution);
    const areas = told.areas ? [told.areas.attribution] : [];
    const base = told.base_map ? [told.base_map.attribution] : [];
    place.replaceChildren(...[...shown, ...areas, ...base].map((text) => element("span", {}, text)));
  };
}

const target = document.getElementById("map");
if (target) {
  for (const shown of document.querySelectorAll(".stage, #keys")) shown.removeAttribute("hidden");
  // On a phone the map comes first, and who wants to filter opens the filters.
  if (matchMedia("(max-width: 40rem)").matches) byId("filters").removeAttribute("open");
  fetchTold(target.dataset.told ?? "")
    .then((told) => start(told, target))
    .catch(() => target.replaceChildren(element("p", { role: "alert" }, words.failed)));
}
