// The map of poles: clusters over the outline of France, no tiles unless the operator chose some. Filters change map, list and address
// without loading the page anew. Without this script the drawing, the list and the form do the same.
(() => {
  const holder = document.getElementById("map");
  if (!window.L || !L.markerClusterGroup || !holder) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const box = document.createElement("div");
  const texts = holder.dataset;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", texts.label);
  const map = L.map(box, { scrollWheelZoom: false, minZoom: 2, maxZoom: 13, zoomSnap: 0.25, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm });
  map.attributionControl.setPrefix(false);
  const clusters = L.markerClusterGroup({
    showCoverageOnHover: false, maxClusterRadius: 36, animate: !calm, chunkedLoading: true,
    iconCreateFunction: (cluster) => {
      const count = cluster.getChildCount();
      const size = 26 + Math.min(26, Math.round(Math.sqrt(count) * 4));
      const icon = document.createElement("span");
      icon.textContent = String(count);
      return L.divIcon({ html: icon, className: "pole-cluster", iconSize: [size, size] });
    },
  });
  // a cluster is reached by keyboard, and says how many it stands for
  const name = (layer) => {
    const element = layer.getElement && layer.getElement();
    if (!element || !layer.getChildCount) return;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", texts.several.replace("{n}", String(layer.getChildCount())));
  };
  const nameAll = () => clusters._featureGroup && clusters._featureGroup.eachLayer(name);
  clusters.on("animationend layeradd", nameAll);
  map.on("zoomend moveend layeradd", nameAll);

  const marker = (feature) => {
    const [longitude, latitude] = feature.geometry.coordinates;
    const about = feature.properties;
    const label = texts.language === "en" ? about.label_en : about.label_fr;
    const link = document.createElement("a");
    link.href = new URL(about.document).pathname;
    link.textContent = label;
    const content = document.createElement("div");
    content.append(link);
    const place = [about.place, about.region].filter(Boolean).join(", ");
    if (place) content.append(document.createElement("br"), place);
    const point = L.marker([latitude, longitude], { alt: label, title: label, keyboard: true, icon: L.divIcon({ className: "pole-point", iconSize: [16, 16] }) });
    point.on("add", () => { const element = point.getElement(); if (element) element.setAttribute("aria-label", label); });
    return point.bindPopup(content);
  };
  const show = (data) => {
    clusters.clearLayers();
    const points = data.features.filter((feature) => feature.geometry).map(marker);
    clusters.addLayers(points);
    const mainland = points.map((point) => point.getLatLng()).filter((at) => at.lat > 41 && at.lat < 52 && at.lng > -6 && at.lng < 10);
    const shown = mainland.length ? mainland : points.map((point) => point.getLatLng());
    if (shown.length) map.fitBounds(L.latLngBounds(shown).pad(0.15), { maxZoom: 7.5, animate: false });
    nameAll();
  };
  const load = (address) => fetch(address, { headers: { Accept: "application/geo+json" } }).then((response) => {
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  });
  Promise.all([fetch(texts.outline).then((response) => response.json()), load(texts.geojson)]).then(([outline, data]) => {
    holder.replaceChildren(box);
    map.invalidateSize();
    map.fitBounds([[41.3, -5.2], [51.2, 9.6]], { animate: false });
    if (texts.tiles) L.tileLayer(texts.tiles, { attribution: texts.attribution }).addTo(map);
    else L.geoJSON(outline, { interactive: false, style: { color: dark ? "#50655e" : "#9db1aa", weight: 1, fillColor: dark ? "#26332f" : "#dfe7e3", fillOpacity: 1 } }).addTo(map);
    clusters.addTo(map);
    show(data);
    holder.dataset.ready = "true";
  }).catch((error) => console.warn("map:", error));

  const form = document.querySelector("form.filters");
  let asked = 0;
  const apply = async () => {
    const turn = ++asked;
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value)).toString();
    const address = form.getAttribute("action") + (query ? `?${query}` : "");
    try {
      const response = await fetch(address, { headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const data = await load(page.getElementById("map").dataset.geojson);
      if (turn !== asked) return; // a later choice has been made
      for (const id of ["list", "summary"]) document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
      for (const select of form.querySelectorAll("select")) {
        const value = select.value;
        select.replaceChildren(...page.getElementById(select.id).childNodes);
        select.value = value;
      }
      document.getElementById("all-poles").hidden = !query;
      history.replaceState(null, "", address);
      show(data);
    } catch {
      location.assign(address); // the server says what is wrong
    }
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
})();
