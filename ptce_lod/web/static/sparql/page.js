// What every file here shares: the page's settings and texts, and a way to make elements.
// Everything of the data becomes text or an attribute, never HTML; styles are classes of static/sparql.css, as the content security policy asks.
export const settings = JSON.parse(document.getElementById("sparql-settings").textContent);
const numbers = new Intl.NumberFormat(settings.language === "fr" ? "fr-FR" : "en-GB");

/** The number as the language writes it. */
export const number = (value) => numbers.format(value);

/** The text of that key, its {slots} filled. */
export const text = (key, slots = {}) =>
  settings.texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? slots[name] : whole));

const plural = new Intl.PluralRules(settings.language);

/** The text of that key for n things; the singular's key ends in "One". */
export const counted = (key, n, slots = {}) =>
  text(plural.select(n) === "one" && `${key}One` in settings.texts ? `${key}One` : key, { n: number(n), ...slots });

/** An element with attributes and children; children are elements or texts. */
export const make = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

/** The same in SVG. */
export const draw = (name, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

const fill = (element, attributes, children) => {
  Object.entries(attributes).forEach(([key, value]) => {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value);
  });
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
};

/** A labelled <select>; `choose` gets the value. */
export const select = (label, options, value, choose) => {
  const box = make("select", {}, ...options.map(([key, name]) => make("option", { value: key, selected: String(key) === String(value) }, name)));
  box.addEventListener("change", () => choose(box.value));
  return make("label", {}, `${label} `, box);
};
