// Turns the drawn maps into Leaflet maps over the same outline: zoom and pan, no tiles, no other host. The drawing stays where Leaflet is not.
(() => {
  if (!window.L) return;
  const script = document.currentScript || document.querySelector('script[src$="js/map.js"]');
  const outline = new URL("../map/outline.json", script.src);
  const figures = [...document.querySelectorAll("figure[data-map]")];
  if (!figures.length) return;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  fetch(outline).then((response) => response.json()).then((data) => {
    figures.forEach((figure) => {
      const drawing = figure.querySelector("svg");
      const links = [...drawing.querySelectorAll("a[data-lat]")];
      const at = (link) => [Number(link.dataset.lat), Number(link.dataset.lon)];
      const places = links.map(at);
      const mainland = places.filter(([lat, lon]) => lat > 41 && lat < 52 && lon > -6 && lon < 10);
      // the drawing shows places overseas beside the mainland; one map cannot
      if (mainland.length && mainland.length < places.length) return;
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", drawing.getAttribute("aria-label"));
      figure.insertBefore(box, drawing);
      drawing.remove();
      const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, minZoom: 2, maxZoom: 11, zoomSnap: 0.25 });
      // the view first: layers are clipped to it as they are added
      if (mainland.length) map.fitBounds([[41.3, -5.2], [51.2, 9.6]]);
      else map.fitBounds(L.latLngBounds(places).pad(0.5), { maxZoom: 9 });
      L.geoJSON(data, { interactive: false, style: { color: dark ? "#50655e" : "#9db1aa", weight: 1, fillColor: dark ? "#26332f" : "#dfe7e3", fillOpacity: 1 } }).addTo(map);
      links.forEach((link) => {
        const marker = L.circleMarker(at(link), { radius: links.length > 1 ? 6 : 8, color: "#fff", weight: 1.5, fillColor: dark ? "#4fc3ac" : "#0b6b5b", fillOpacity: 1 });
        const content = document.createElement("a");
        content.href = link.getAttribute("href");
        content.textContent = link.dataset.label;
        marker.bindTooltip(link.dataset.label).bindPopup(content).addTo(map);
      });
    });
  }).catch((error) => console.warn("map:", error));
})();
