// Shows SELECT and ASK results under the form on Ctrl+Enter. Without this script the form gives the result as a file.
(() => {
  const form = document.getElementById("sparql-form");
  const area = document.getElementById("query");
  const target = document.getElementById("result");
  if (!form || !area || !target) return;
  const make = (name, text) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const cell = (term) => {
    const box = make("td");
    if (!term) return box;
    if (term.type === "uri" && /^https?:/.test(term.value)) {
      const link = make("a", term.value);
      link.href = term.value;
      box.append(link);
    } else {
      box.textContent = term.value;
      if (term["xml:lang"]) box.lang = term["xml:lang"];
    }
    return box;
  };
  const table = (data) => {
    if ("boolean" in data) return make("p", String(data.boolean));
    const result = make("table");
    result.className = "list";
    const head = make("tr");
    data.head.vars.forEach((name) => { const th = make("th", name); th.scope = "col"; head.append(th); });
    const thead = make("thead");
    thead.append(head);
    const body = make("tbody");
    data.results.bindings.forEach((binding) => {
      const row = make("tr");
      data.head.vars.forEach((name) => row.append(cell(binding[name])));
      body.append(row);
    });
    result.append(thead, body);
    return result;
  };
  const run = async () => {
    target.replaceChildren(make("p", target.dataset.running));
    const started = performance.now();
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json, text/turtle;q=0.5" },
        body: new URLSearchParams({ query: area.value }),
      });
      const type = response.headers.get("Content-Type") || "";
      if (!response.ok) {
        const problem = type.includes("json") ? await response.json() : { detail: await response.text() };
        target.replaceChildren(make("p", `${target.dataset.failed} (${response.status}): ${problem.detail || ""} ${problem.hint || ""}`));
        return;
      }
      if (!type.includes("sparql-results+json")) {
        target.replaceChildren(make("pre", await response.text()));
        return;
      }
      const data = await response.json();
      const seconds = ((performance.now() - started) / 1000).toFixed(2);
      const count = data.results ? data.results.bindings.length : 1;
      target.replaceChildren(make("p", target.dataset.rows.replace("{n}", count).replace("{s}", seconds)), table(data));
    } catch (error) {
      target.replaceChildren(make("p", `${target.dataset.failed}: ${error.message}`));
    }
  };
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
  });
})();
