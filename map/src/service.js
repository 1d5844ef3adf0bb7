// Questions to the OGC API Features of this site. Addresses are paths on this host; nothing else is asked.

/**
 * @typedef {{id: string, geometry: {type: string, coordinates: any} | null, properties: Record<string, any>}} Item
 * @typedef {{items: Item[], matched: number}} Page
 */

/** Objects on a page when all are wanted: the most that the API gives. */
const WHOLE = 10000;
const WEB_MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857";

export class Service {
  /** @param {string} root path of the API, e.g. `/ogc/features/v1` */
  constructor(root) {
    this.root = root;
    /** @type {Map<string, Promise<number>>} */
    this.counted = new Map();
  }

  /**
   * How many objects of a product there are in a municipality.
   * @param {string} product
   * @param {string} nis
   * @returns {Promise<number>}
   */
  count(product, nis) {
    const key = `${product} ${nis}`;
    let found = this.counted.get(key);
    if (!found) {
      found = this.#get(product, { NISCODE: nis, resulttype: "hits" }).then((answer) => answer.numberMatched);
      found.catch(() => this.counted.delete(key)); // it may be asked again
      this.counted.set(key, found);
    }
    return found;
  }

  /**
   * A page of objects of these products: of a municipality in the order of its streets, or of what is in the extent (EPSG:3857).
   * @param {string[]} products
   * @param {string} nis
   * @param {number[]} extent
   * @param {number} offset
   * @param {number} limit
   * @param {AbortSignal} signal
   * @returns {Promise<Page>}
   */
  async list(products, nis, extent, offset, limit, signal) {
    /** @type {Record<string, string>} */
    const only = nis
      ? { NISCODE: nis, sortby: "STRAAT,HUISNR,BUSNR" }
      : { bbox: extent.map((number) => number.toFixed(1)).join(), "bbox-crs": WEB_MERCATOR };
    const query = { ...only, filter: `PRODUCT IN (${products.map(quoted).join()})`, offset: String(offset), limit: String(limit) };
    return page(await this.#get("POI", query, signal));
  }

  /**
   * Every object of a municipality, for the map: where it is, what it is, and its identifier. `take` gets them page by page.
   * @param {string} nis
   * @param {string[]} products
   * @param {AbortSignal} signal
   * @param {(items: Item[]) => void} take
   */
  async each(nis, products, signal, take) {
    const query = { NISCODE: nis, filter: `PRODUCT IN (${products.map(quoted).join()})`, properties: "OIDN,PRODUCT", limit: String(WHOLE) };
    for (let offset = 0, matched = 1; offset < matched; offset += WHOLE) {
      const { items, matched: all } = page(await this.#get("POI", { ...query, offset: String(offset) }, signal));
      matched = all;
      take(items);
    }
  }

  /**
   * These objects.
   * @param {number[]} identifiers values of OIDN
   * @param {string[]} products
   * @returns {Promise<Page>}
   */
  async objects(identifiers, products) {
    const filter = `OIDN IN (${identifiers.join()}) AND PRODUCT IN (${products.map(quoted).join()})`;
    return page(await this.#get("POI", { filter, limit: String(identifiers.length) }));
  }

  /**
   * What a municipality decides itself.
   * @param {string} collection
   * @param {string} nis
   * @returns {Promise<Item | undefined>}
   */
  async municipality(collection, nis) {
    return page(await this.#get(collection, { NISCODE: nis, skipGeometry: "true" })).items[0];
  }

  /**
   * @param {string} collection
   * @param {Record<string, string>} query
   * @param {AbortSignal} [signal]
   */
  async #get(collection, query, signal) {
    const address = `${this.root}/collections/${encodeURIComponent(collection)}/items?${new URLSearchParams({ f: "json", ...query })}`;
    const answer = await fetch(address, { signal, headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }
}

/**
 * @param {any} answer
 * @returns {Page}
 */
function page(answer) {
  return { items: answer.features, matched: answer.numberMatched };
}

/**
 * A text literal of CQL2 (OGC 21-065r2, characterLiteral).
 * @param {string} text
 */
function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
