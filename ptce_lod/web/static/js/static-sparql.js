// Queries of an exported site: the dump in Oxigraph's WebAssembly build, both loaded with the first query.
const form = document.getElementById("static-sparql");
const status = document.getElementById("sparql-status");
const result = document.getElementById("sparql-result");
let store = null;

async function load() {
  const engine = await import(form.dataset.engine);
  const [, response] = await Promise.all([engine.default(), fetch(form.dataset.dump)]);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const made = new engine.Store();
  made.load(await response.text(), { format: "application/n-quads" });
  return made;
}

function cell(term) {
  const data = document.createElement("td");
  if (term?.termType === "NamedNode" && /^https?:/.test(term.value)) {
    const link = document.createElement("a");
    link.href = term.value;
    link.textContent = term.value;
    data.append(link);
  } else {
    data.textContent = term ? term.value : "";
    if (term?.language) data.lang = term.language;
  }
  return data;
}

function table(columns, rows) {
  const made = document.createElement("table");
  made.className = "list";
  const head = made.createTHead().insertRow();
  for (const name of columns) {
    const title = document.createElement("th");
    title.scope = "col";
    title.textContent = name;
    head.append(title);
  }
  const body = made.createTBody();
  for (const row of rows) body.insertRow().append(...row.map(cell));
  return made;
}

// As on the server: ?query= brings a query along, ?example= one of the examples.
async function prefill() {
  const asked = new URLSearchParams(location.search);
  if (asked.has("query")) {
    form.elements.query.value = asked.get("query");
  } else if (asked.has("example")) {
    const response = await fetch(form.dataset.examples);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const text = (await response.json())[asked.get("example")];
    if (text) form.elements.query.value = text;
  }
}

prefill().catch((error) => { status.textContent = String(error); });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  result.replaceChildren();
  try {
    if (!store) {
      status.textContent = form.dataset.loading;
      store = await load();
    }
    status.textContent = form.dataset.running;
    const found = store.query(form.elements.query.value, { use_default_graph_as_union: true });
    if (typeof found === "boolean") {
      status.textContent = found ? form.dataset.yes : form.dataset.no;
      return;
    }
    status.textContent = form.dataset.found.replace("{n}", found.length);
    const isGraph = found.length && found[0].subject !== undefined;
    const columns = isGraph ? ["subject", "predicate", "object"] : [...(found[0]?.keys() ?? [])];
    result.append(table(columns, found.map((row) => columns.map((name) => (isGraph ? row[name] : row.get(name))))));
  } catch (error) {
    status.textContent = error.message ?? String(error);
  }
});
