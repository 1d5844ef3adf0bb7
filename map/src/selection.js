// The ring around the object whose facts are shown.

import Feature from "ol/Feature.js";
import Point from "ol/geom/Point.js";
import VectorLayer from "ol/layer/Vector.js";
import { fromLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style } from "ol/style.js";

export class Selection {
  constructor() {
    this.source = new VectorSource();
    this.layer = new VectorLayer({
      source: this.source,
      style: [
        new Style({ image: new Circle({ radius: 13, stroke: new Stroke({ color: "#ffffff", width: 5 }) }) }),
        new Style({ image: new Circle({ radius: 13, stroke: new Stroke({ color: "#b35900", width: 3 }) }) }),
        new Style({ image: new Circle({ radius: 2.5, fill: new Fill({ color: "#b35900" }) }) }), // where it is told as one of several
      ],
    });
  }

  /** @param {import("./service.js").Item | undefined} item or none */
  mark(item) {
    this.source.clear(true);
    if (item?.geometry) this.source.addFeature(new Feature(new Point(fromLonLat(item.geometry.coordinates))));
  }
}
