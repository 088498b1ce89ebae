// Solutions with a geometry (WKT, or a latitude and a longitude) on the outline that the site's maps use: Leaflet without tiles, no other host.
import { answerOf, columns, downloadOf, geometryOf, hrefOf, isGeometry, isIri, isNumber, nameOf } from "./data.js";
import { make, number, settings, text } from "./page.js";

const LATITUDE = /^lat(itude)?$/i;
const LONGITUDE = /^(lon|lng|long|longitude)$/i;
const NAME = /label|name|nom|titre|title/i;
let library;

/** Leaflet, fetched from this site when the first map is drawn. */
const leaflet = () => {
  library = library || new Promise((resolve, reject) => {
    const folder = `${settings.static}vendor/leaflet/`;
    const script = make("script", { src: `${folder}leaflet.js` });
    script.addEventListener("load", () => resolve(window.L));
    script.addEventListener("error", () => { library = undefined; reject(new Error("leaflet.js")); });
    document.head.append(make("link", { rel: "stylesheet", href: `${folder}leaflet.css` }), script);
  });
  return library;
};

/** Which columns hold places: { wkt } or { lat, lon }, else null. */
const placesOf = (answer) => {
  const [wkt] = columns(answer, isGeometry);
  if (wkt) return { wkt };
  const numbers = columns(answer, isNumber);
  const lat = numbers.find((name) => LATITUDE.test(name));
  const lon = numbers.find((name) => LONGITUDE.test(name));
  return lat && lon ? { lat, lon } : null;
};

const placeOf = (row, places) => {
  if (places.wkt) return row[places.wkt] ? geometryOf(row[places.wkt].value) : null;
  return row[places.lat] && row[places.lon] ? { type: "Point", coordinates: [Number(row[places.lon].value), Number(row[places.lat].value)] } : null;
};

const MAINLAND = [[41.3, -5.2], [51.2, 9.6]];

/** What to show first: all places; only those of the mainland when some lie overseas, as both at once are dots on an ocean. */
const viewOf = (L, layer) => {
  const mainland = L.latLngBounds(MAINLAND);
  const bounds = layer.getLayers().map((shape) => (shape.getBounds ? shape.getBounds() : L.latLngBounds([shape.getLatLng()])));
  const near = bounds.filter((found) => mainland.contains(found));
  const chosen = near.length ? near : bounds;
  if (!chosen.length) return mainland;
  return chosen.reduce((all, found) => all.extend(found), L.latLngBounds(chosen[0].getSouthWest(), chosen[0].getNorthEast())).pad(0.15);
};

export class Places {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 5;
    this.label = text("map");
  }

  canHandleResults() {
    const results = this.yasr.results;
    return Boolean(results) && !results.hasError() && placesOf(answerOf(results)) !== null;
  }

  async draw() {
    const answer = answerOf(this.yasr.results);
    const places = placesOf(answer);
    const others = answer.vars.filter((name) => !Object.values(places).includes(name));
    const title = others.find((name) => NAME.test(name)) || others[0];
    const features = answer.rows.map((row) => ({ type: "Feature", geometry: placeOf(row, places), properties: { row } })).filter((feature) => feature.geometry);
    const box = make("div", { class: "places", role: "group", "aria-label": text("map") });
    this.yasr.resultsEl.append(box, make("p", { class: "caption" },
      `${text("points", { n: number(features.length), m: number(answer.rows.length - features.length) })} ${text("outline")}`));
    const [L, outline] = await Promise.all([leaflet(), fetch(`${settings.static}map/outline.json`).then((response) => response.json())]);
    if (!box.isConnected) return;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const accent = dark ? "#4fc3ac" : "#0b6b5b";
    this.map = L.map(box, { attributionControl: false, scrollWheelZoom: false, minZoom: 1, maxZoom: 16, zoomSnap: 0.25 });
    const layer = L.geoJSON({ type: "FeatureCollection", features }, {
      style: (feature) => (/Point$/.test(feature.geometry.type) ? {} : { color: accent, weight: 2, fillOpacity: 0.2 }),
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: features.length > 200 ? 4 : 6, color: "#fff", weight: 1.5, fillColor: accent, fillOpacity: 1 }),
      onEachFeature: (feature, shape) => {
        const { row } = feature.properties;
        const label = nameOf(row[title]);
        if (label) shape.bindTooltip(make("span", {}, label));
        shape.bindPopup(() => popup(row, others), { minWidth: 230, maxWidth: 320 });
      },
    });
    this.map.fitBounds(viewOf(L, layer), { maxZoom: 8 });
    L.geoJSON(outline, { interactive: false, style: { color: dark ? "#50655e" : "#9db1aa", weight: 1, fillColor: dark ? "#26332f" : "#dfe7e3", fillOpacity: 1 } }).addTo(this.map);
    layer.addTo(this.map);
  }

  destroy() {
    if (this.map) this.map.remove();
    this.map = undefined;
  }

  download() {
    return downloadOf(this.yasr.results);
  }
}

const popup = (row, names) => {
  const list = make("dl", { class: "facts" });
  names.forEach((name) => {
    const term = row[name];
    if (!term) return;
    const href = isIri(term) ? hrefOf(term.value) : "";
    list.append(make("dt", {}, name), make("dd", {}, href ? make("a", { href }, nameOf(term)) : nameOf(term)));
  });
  return list;
};
