// The words of the map in both languages; a page is in one of them.

const DUTCH = {
  all: "in heel Vlaanderen",
  close: "Sluiten",
  counting: "Tellen …",
  failed: "Dit kon niet worden opgehaald. Probeer het later opnieuw.",
  here: (/** @type {string} */ n) => `${n} objecten op deze plaats`,
  inPlace: (/** @type {string} */ name) => `in ${name}`,
  inView: "in beeld",
  listed: (/** @type {string} */ from, /** @type {string} */ to, /** @type {string} */ of, /** @type {string} */ where) =>
    `${from} tot ${to} van ${of} objecten ${where}`,
  locale: "nl-BE",
  more: "Alles over deze gemeente",
  moreExplained: "Uitleg",
  noneChosen: "Er is geen product gekozen: kies wat er op de kaart staat.",
  noneOffered: "De registers zijn nu niet beschikbaar. Dat betekent niet dat er niets is.",
  nothing: (/** @type {string} */ where) => `Geen objecten van de gekozen producten ${where}.`,
  noWhere: "zonder plaats, niet op de kaart",
  notStated: (/** @type {string} */ labels) => `Niet opgegeven: ${labels}. Dat betekent niet dat het er niet is.`,
  policy: "Beleid van de gemeente",
  shown: (/** @type {string} */ n, /** @type {string} */ where) => `${n} objecten ${where}.`,
  shownHow: "Objecten zonder plaats staan alleen in de lijst.",
  zoomIn: "Inzoomen",
  zoomOut: "Uitzoomen",
  zoomTo: "Toon op de kaart",
};

/** @type {typeof DUTCH} */
const ENGLISH = {
  all: "in the whole of Flanders",
  close: "Close",
  counting: "Counting …",
  failed: "This could not be fetched. Try again later.",
  here: (n) => `${n} objects at this place`,
  inPlace: (name) => `in ${name}`,
  inView: "in view",
  listed: (from, to, of, where) => `${from} to ${to} of ${of} objects ${where}`,
  locale: "en-GB",
  more: "Everything on this municipality",
  moreExplained: "Explanation",
  noneChosen: "No product is chosen: choose what is on the map.",
  noneOffered: "The registers are not available now. It does not mean that there is nothing.",
  nothing: (where) => `No objects of the chosen products ${where}.`,
  noWhere: "without a position, not on the map",
  notStated: (labels) => `Not stated: ${labels}. It does not mean that there is none.`,
  policy: "Policy of the municipality",
  shown: (n, where) => `${n} objects ${where}.`,
  shownHow: "Objects without a position are in the list only.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomTo: "Show on the map",
};

export const english = document.documentElement.lang === "en";
export const words = english ? ENGLISH : DUTCH;

/**
 * A number for people.
 * @param {number} count
 */
export function whole(count) {
  return new Intl.NumberFormat(words.locale).format(count);
}

/**
 * `21 november 2026` for a date as ISO 8601, a decimal comma for a number, anything else as it is.
 * @param {unknown} value
 */
export function spelled(value) {
  if (typeof value === "number") return new Intl.NumberFormat(words.locale, { useGrouping: false }).format(value);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return new Intl.DateTimeFormat(words.locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(value));
  }
  return String(value);
}
