// Triples, or rows that link one thing to another, as a drawing: a small force layout, computed at once and then still.
import { answerOf, columns, downloadOf, hrefOf, isIri, nameOf, shorten } from "./data.js";
import { draw, make, number, text } from "./page.js";

const MOST = 250;
const LABELS = new Set(["http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#prefLabel", "http://xmlns.com/foaf/0.1/name", "http://purl.org/dc/terms/title"]);
const isThing = (term) => Boolean(term) && (term.type === "uri" || term.type === "bnode");

/** The links of an answer, and names for its things; labels of a graph name its things instead of being drawn. */
const networkOf = (answer) => {
  const names = new Map();
  const links = [];
  const spo = answer.isGraph ? ["subject", "predicate", "object"] : ["s", "p", "o"];
  if (spo.every((name) => answer.vars.includes(name))) {
    answer.rows.forEach((row) => {
      const [s, p, o] = spo.map((name) => row[name]);
      if (!s || !p || !o) return;
      if (LABELS.has(p.value) && o.type !== "uri") names.set(s.value, o.value);
      else links.push([s, nameOf(p), o]);
    });
    return { names, links };
  }
  const [from, to] = columns(answer, isThing);
  if (!to) return { names, links };
  const edge = answer.vars.find((name) => name !== from && name !== to && columns(answer, isIri).includes(name));
  answer.rows.forEach((row) => { if (row[from] && row[to]) links.push([row[from], edge && row[edge] ? nameOf(row[edge]) : "", row[to]]); });
  const named = (name) => answer.vars.find((other) => other.toLowerCase() !== name.toLowerCase() && other.toLowerCase().startsWith(name.toLowerCase()) && /label|name|nom/i.test(other));
  [from, to].forEach((name) => {
    const label = named(name);
    if (label) answer.rows.forEach((row) => { if (row[name] && row[label]) names.set(row[name].value, row[label].value); });
  });
  return { names, links };
};

export class Network {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 3;
    this.label = text("network");
  }

  canHandleResults() {
    const results = this.yasr.results;
    return Boolean(results) && !results.hasError() && networkOf(answerOf(results)).links.length > 0;
  }

  draw() {
    const { names, links } = networkOf(answerOf(this.yasr.results));
    const nodes = new Map();
    const key = (term) => `${term.type} ${term.value} ${term["xml:lang"] || ""}`;
    const node = (term) => {
      if (!nodes.has(key(term))) nodes.set(key(term), { term, degree: 0, name: names.get(term.value) || nameOf(term) });
      nodes.get(key(term)).degree += 1;
      return nodes.get(key(term));
    };
    const shown = links.slice(0, MOST).map(([from, name, to]) => ({ from: node(from), name, to: node(to) }));
    const all = [...nodes.values()];
    const caption = links.length > MOST ? text("first", { n: number(MOST), m: number(links.length) }) : text("nodes", { n: number(all.length), m: number(shown.length) });
    const frame = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": text("network") }, picture(all, shown));
    this.yasr.resultsEl.append(make("figure", { class: "network" }, frame, make("figcaption", {}, caption)));
    frame.scrollTo((frame.scrollWidth - frame.clientWidth) / 2, (frame.scrollHeight - frame.clientHeight) / 2);
  }

  download() {
    return downloadOf(this.yasr.results);
  }
}

/** Fruchterman and Reingold's forces, from a spiral so that the same answer always gives the same drawing. */
const layout = (nodes, links) => {
  const ideal = nodes.length > 60 ? 62 : 80;
  const size = ideal * Math.sqrt(nodes.length + 1) * 2;
  nodes.forEach((node, index) => {
    const angle = index * 2.399963;
    const radius = size * 0.42 * Math.sqrt((index + 1) / nodes.length);
    Object.assign(node, { x: size / 2 + radius * Math.cos(angle), y: size / 2 + radius * Math.sin(angle) });
  });
  const steps = nodes.length > 150 ? 120 : 260;
  for (let step = 0; step < steps; step += 1) {
    nodes.forEach((node) => { node.dx = (size / 2 - node.x) * 0.8; node.dy = (size / 2 - node.y) * 1.6; });
    for (let i = 0; i < nodes.length; i += 1) {
      for (let j = i + 1; j < nodes.length; j += 1) {
        const [a, b] = [nodes[i], nodes[j]];
        const [x, y] = [a.x - b.x, a.y - b.y];
        const force = (ideal * ideal) / Math.max(x * x + y * y, 1);
        a.dx += x * force; a.dy += y * force; b.dx -= x * force; b.dy -= y * force;
      }
    }
    links.forEach(({ from, to }) => {
      const [x, y] = [from.x - to.x, from.y - to.y];
      const force = Math.sqrt(x * x + y * y) / ideal;
      from.dx -= x * force; from.dy -= y * force; to.dx += x * force; to.dy += y * force;
    });
    const heat = size * 0.06 * (1 - step / steps);
    nodes.forEach((node) => {
      const length = Math.sqrt(node.dx * node.dx + node.dy * node.dy) || 1;
      node.x += (node.dx / length) * Math.min(length, heat);
      node.y += (node.dy / length) * Math.min(length, heat);
    });
  }
};

const short = (name, length) => (name.length > length ? `${name.slice(0, length - 1)}…` : name);

const picture = (nodes, links) => {
  layout(nodes, links);
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const [left, top] = [Math.min(...xs) - 70, Math.min(...ys) - 24];
  const [width, height] = [Math.max(...xs) - left + 70, Math.max(...ys) - top + 30];
  const few = links.length <= 40;
  const svg = draw("svg", { viewBox: `${left} ${top} ${width} ${height}`, role: "group", "aria-label": text("network") },
    ...links.map(({ from, name, to }) => draw("g", { class: "link" },
      draw("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y }, draw("title", {}, name)),
      few && name ? draw("text", { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, "text-anchor": "middle" }, name) : undefined)),
    ...nodes.map((node) => {
      const href = isIri(node.term) ? hrefOf(node.term.value) : "";
      const drawn = draw("g", { class: isIri(node.term) ? "node" : "node literal", transform: `translate(${node.x} ${node.y})` },
        draw("title", {}, isIri(node.term) ? `${node.name} – ${shorten(node.term.value)}` : node.name),
        draw("circle", { r: Math.min(14, 5 + Math.sqrt(node.degree) * 1.5) }),
        draw("text", { y: -11, "text-anchor": "middle" }, short(node.name, nodes.length > 60 ? 20 : 30)));
      return href ? draw("a", { href, "aria-label": node.name }, drawn) : drawn;
    }));
  // as wide as there is room for, never so small that names cannot be read: then it scrolls
  svg.style.maxWidth = `${width * 1.3}px`;
  svg.style.minWidth = `${width * 0.8}px`;
  return svg;
};
