// Elements are made here, with text as text: what a municipality or a register wrote is never read as HTML.

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/**
 * An element with attributes and children; strings become text.
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * A button that does something.
 * @param {string} text
 * @param {() => void} act
 * @param {string} [className]
 */
export function button(text, act, className = "") {
  const made = element("button", { type: "button", ...(className ? { class: className } : {}) }, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * A link that a person follows; an address that is not of the web becomes text.
 * @param {string} address
 * @param {string} text
 * @returns {Node}
 */
export function link(address, text) {
  const ours = address.startsWith("/") && !address.startsWith("//");
  if (!ours && !/^https?:\/\//.test(address)) return document.createTextNode(text);
  return element("a", ours ? { href: address } : { href: address, rel: "noopener noreferrer" }, text);
}
