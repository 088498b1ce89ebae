// The network drawn by Cytoscape at the places that the server computed: nothing moves, nothing is laid out here. A click or Enter on a
// node that was found shows what it is, with a link to its page; the tables below say the same in words.
(() => {
  const holder = document.getElementById("network");
  if (!window.cytoscape || !holder) return;
  const texts = holder.dataset;
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const canvas = holder.querySelector(".canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", texts.label);
  fetch(texts.network, { headers: { Accept: "application/json" } }).then((response) => {
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  }).then((data) => {
    const label = (node) => (texts.language === "en" ? node.label_en : node.label_fr);
    const elements = [
      ...data.nodes.map((node) => ({ group: "nodes", data: { id: node.id, label: label(node), size: Math.min(80, (node.kind === "pole" ? 26 : 12) + 5 * Math.sqrt(node.degree)), degree: node.degree }, position: { x: node.x, y: node.y }, classes: node.kind })),
      ...data.links.map((link, number) => ({ group: "edges", data: { id: `e${number}`, source: link.source, target: link.target }, classes: link.kind })),
    ];
    const large = data.nodes.length > 1500;
    const graph = window.cytoscape({
      container: canvas, elements, layout: { name: "preset", fit: true, padding: 30 }, minZoom: 0.03, maxZoom: 4, autoungrabify: true, boxSelectionEnabled: false,
      textureOnViewport: large, hideEdgesOnViewport: large, pixelRatio: large ? 1 : "auto",
      style: [
        { selector: "node", style: { width: "data(size)", height: "data(size)", "background-color": color("--link"), label: "data(label)", color: color("--ink"), "font-size": 11, "min-zoomed-font-size": 9, "text-valign": "bottom", "text-margin-y": 3, "text-wrap": "ellipsis", "text-max-width": 130, "text-background-color": color("--panel"), "text-background-opacity": 0.75 } },
        { selector: "node.pole", style: { "background-color": color("--accent"), "font-size": 20, "font-weight": 700, "min-zoomed-font-size": 7, "text-max-width": 220, "z-index": 2 } },
        { selector: "edge", style: { width: 2, "line-color": color("--ink-soft"), opacity: 0.6, "curve-style": "haystack" } },
        { selector: "edge.cooperation", style: { "line-color": color("--mark"), "line-style": "dashed", width: 2.4, opacity: 0.9 } },
        { selector: ".faded", style: { opacity: 0.12 } },
        { selector: "node.chosen", style: { "border-width": 4, "border-color": color("--mark") } },
      ],
    });
    const card = document.getElementById("node");
    const choose = (node) => {
      graph.elements().removeClass("faded chosen");
      if (!node) { card.hidden = true; return; }
      const near = node.closedNeighborhood();
      graph.elements().difference(near).addClass("faded");
      node.addClass("chosen");
      const link = document.createElement("a");
      link.href = texts.base + new URL(node.id()).pathname.slice(texts.base.length).replace(/^id\//, "doc/");
      link.textContent = texts.open;
      const name = document.createElement("strong");
      name.textContent = node.data("label");
      card.replaceChildren(name, ` · ${texts.links.replace("{n}", String(node.data("degree")))} · `, link);
      card.hidden = false;
    };
    graph.on("tap", "node", (event) => choose(event.target));
    graph.on("tap", (event) => { if (event.target === graph) choose(null); });
    const names = new Map();
    const list = document.getElementById("nodes");
    const options = document.createDocumentFragment();
    data.nodes.forEach((node) => {
      const name = label(node);
      if (names.has(name)) return;
      names.set(name, node.id);
      const option = document.createElement("option");
      option.value = name;
      options.append(option);
    });
    list.append(options);
    const find = document.getElementById("find-node");
    let shown = "";
    const show = () => {
      const typed = find.value.trim().toLocaleLowerCase();
      if (!typed || typed === shown) return; // leaving the field says once more what Enter has said
      shown = typed;
      const name = [...names.keys()].find((each) => each.toLocaleLowerCase() === typed) || [...names.keys()].find((each) => each.toLocaleLowerCase().includes(typed));
      if (!name) return;
      const node = graph.getElementById(names.get(name));
      choose(node);
      graph.fit(node.closedNeighborhood(), 60);
    };
    find.addEventListener("change", show);
    find.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); show(); } });
    document.getElementById("whole").addEventListener("click", () => { choose(null); find.value = shown = ""; graph.fit(undefined, 20); });
    holder.dataset.ready = String(graph.nodes().length);
  }).catch((error) => { holder.hidden = true; console.warn("network:", error); });
})();
