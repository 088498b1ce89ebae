// Reads an answer: solutions or triples, prefixed names, links, which columns hold numbers and geometry.
import { settings } from "./page.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger"].map((n) => XSD + n));
const WKT = /^\s*(?:<([^>]*)>\s*)?(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON)\s*(?:Z|M|ZM)?\s*\(/i;
const byLength = Object.entries(settings.prefixes).sort((a, b) => b[1].length - a[1].length);
const read = new WeakMap();

/** The answer as { vars, rows, boolean, isGraph }. Yasr's own JSON reader rewrites "{{…}}" in literals, so JSON is read again here. */
export const answerOf = (results) => {
  if (!read.has(results)) read.set(results, parse(results));
  return read.get(results);
};

const parse = (results) => {
  const none = { vars: [], rows: [], isGraph: false };
  if (!results || results.hasError()) return none;
  if ((results.getContentType() || "").includes("sparql-results+json")) {
    const json = JSON.parse(results.getOriginalResponseAsString());
    return { vars: json.head.vars || [], rows: json.results ? json.results.bindings : [], boolean: json.boolean, isGraph: false };
  }
  const rows = results.getBindings();
  return rows ? { vars: results.getVariables(), rows, isGraph: results.getType() === "ttl" } : none;
};

/** The prefixed name of an IRI, or the IRI. */
export const shorten = (iri) => {
  const found = byLength.find(([, namespace]) => iri.startsWith(namespace) && iri.length > namespace.length && !/[/#?]/.test(iri.slice(namespace.length)));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
};

/** Where an IRI leads from this page: our own without scheme and host, http(s) as it is, anything else nowhere. */
export const hrefOf = (iri) => {
  if (iri.startsWith(settings.baseIri)) return settings.base + iri.slice(settings.baseIri.length);
  return /^https?:\/\//.test(iri) ? iri : "";
};

export const isIri = (term) => Boolean(term) && term.type === "uri";
export const isNumber = (term) => Boolean(term) && (NUMBERS.has(term.datatype) || (!term.datatype && term.type !== "uri" && /^-?\d+(\.\d+)?$/.test(term.value)));
export const isGeometry = (term) => Boolean(term) && term.type !== "uri" && ((term.datatype || "").endsWith("geosparql#wktLiteral") || !term.datatype) && WKT.test(term.value);

/** What a term is called in a picture: a short text. */
export const nameOf = (term) => {
  if (!term) return "";
  if (term.type === "triple") return `<< ${["subject", "predicate", "object"].map((part) => nameOf(term.value[part])).join(" ")} >>`;
  if (term.type === "uri") return shorten(term.value);
  return term.type === "bnode" ? `_:${term.value.replace(/^_:/, "")}` : term.value;
};

/** The columns whose filled cells all pass `test`, in a sample of 200 rows; empty columns do not count. */
export const columns = (answer, test) => {
  const sample = answer.rows.slice(0, 200);
  return answer.vars.filter((name) => {
    const cells = sample.map((row) => row[name]).filter(Boolean);
    return cells.length > 0 && cells.every(test);
  });
};

/** WKT as GeoJSON, longitude first; null when it is not read here. Source: OGC GeoSPARQL 1.1, 8.5.1 (CRS84 unless EPSG:4326 is named). */
export const geometryOf = (wkt) => {
  const head = WKT.exec(wkt);
  if (!head) return null;
  const latitudeFirst = /EPSG\/[^/]*\/4326$/.test(head[1] || "");
  if (head[1] && !latitudeFirst && !/CRS84$/.test(head[1])) return null;
  const body = wkt.slice(wkt.indexOf("(", head[0].length - 1))
    .replace(/[^-+\d.eE,()\s]/g, "")
    .replace(/([-+\d.eE]+)\s+([-+\d.eE]+)(?:\s+[-+\d.eE]+)*/g, (_, a, b) => (latitudeFirst ? `[${Number(b)},${Number(a)}]` : `[${Number(a)},${Number(b)}]`))
    .replace(/\(/g, "[").replace(/\)/g, "]");
  let coordinates;
  try { coordinates = JSON.parse(body); } catch (error) { return null; }
  const type = { POINT: "Point", LINESTRING: "LineString", POLYGON: "Polygon", MULTIPOINT: "MultiPoint", MULTILINESTRING: "MultiLineString", MULTIPOLYGON: "MultiPolygon" }[head[2].toUpperCase()];
  if (type === "Point") coordinates = coordinates[0];
  if (type === "MultiPoint") coordinates = coordinates.map((point) => (Array.isArray(point[0]) ? point[0] : point));
  return { type, coordinates };
};

/** Solutions as CSV. Source: SPARQL 1.1 Query Results CSV, RFC 4180. */
export const csvOf = (answer) => {
  const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value);
  const lines = [answer.vars, ...answer.rows.map((row) => answer.vars.map((name) => {
    const term = row[name];
    if (!term) return "";
    return term.type === "uri" || term.type === "literal" ? term.value : nameOf(term);
  }))];
  return lines.map((line) => line.map(cell).join(",") + "\r\n").join("");
};

/** What Yasr's download button gives for an answer: CSV of solutions, N-Triples of a graph. */
export const downloadOf = (results) => {
  const answer = answerOf(results);
  if (answer.isGraph) return { getData: () => results.getOriginalResponseAsString(), contentType: "application/n-triples", title: "N-Triples", filename: "result.nt" };
  if (answer.boolean !== undefined) return undefined;
  return { getData: () => csvOf(answer), contentType: "text/csv", title: "CSV", filename: "result.csv" };
};
