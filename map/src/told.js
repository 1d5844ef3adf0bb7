// What the server tells the map (/kaart/lagen.json), as publish/portal/layers.py writes it.

/**
 * @typedef {{label: string, colour: string, value: string | null, low: number | null, high: number | null}} Class
 * @typedef {{name: string, title: string, classes: Class[]}} Field
 * @typedef {{id: string, title: string, colour: string, shape: string, count: number | null, attribution: string}} Product
 * @typedef {{id: string, title: string, border: string, attribution: string, fields: Field[]}} Areas
 * @typedef {{name: string, label: string, codes: Record<string, string>}} Fact
 * @typedef {[number, number, number, number]} Extent
 * @typedef {{
 *   state: string, features: string, tiles: string, extent: Extent | null,
 *   base_map: {url: string, attribution: string} | null,
 *   products: Product[], areas: Areas | null, facts: Record<string, Fact[]>, places: Record<string, Extent | null>
 * }} Told
 */

/**
 * @param {string} address
 * @returns {Promise<Told>}
 */
export async function fetchTold(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}
