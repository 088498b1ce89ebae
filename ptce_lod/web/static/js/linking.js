// Review of links: questions are fetched with the reader's token, asked one by one, and each answer is sent at once. The token stays in the
// form and goes nowhere else. Keys answer, except while somebody types.
(() => {
  const form = document.getElementById("begin");
  const area = document.getElementById("question");
  if (!form || !area) return;
  const texts = area.dataset;
  const part = (id) => document.getElementById(id);
  const words = JSON.parse(texts.words);
  const buttons = [...area.querySelectorAll("button")];
  let queue = [];
  let left = 0;
  let skipped = 0;
  let isBusy = false;

  const say = (text) => { part("said").textContent = text; };

  // "name 0.97", "not place": words of the server's table in the reader's language.
  const reason = (text) => {
    const [word, value = ""] = text.split(" ");
    if (word === "not") return words.not.replace("{what}", words[value] || value);
    const number = value && Number(value).toLocaleString(document.documentElement.lang);
    return [words[word] || word, number].filter(Boolean).join(" ");
  };

  const ask = (what, options = {}) => {
    const source = encodeURIComponent(form.elements.source.value);
    const headers = { Accept: "application/json", Authorization: `Bearer ${form.elements.token.value}`, ...options.headers };
    return fetch(`${texts.base}links/${source}/${what}`, { ...options, headers }).then((response) =>
      response.json().catch(() => ({})).then((body) => {
        if (!response.ok) throw new Error(body.detail || body.title || `HTTP ${response.status}`);
        return body;
      }));
  };

  const show = () => {
    const current = queue[0];
    area.hidden = !current;
    if (!current) { say(texts.done); return; }
    const [proposal] = current.proposals;
    part("asked").textContent = current.entry.name;
    part("asked").lang = current.entry.language;
    part("about").textContent = [...current.entry.others, current.entry.target].filter(Boolean).join(" · ");
    part("facts").replaceChildren(...Object.entries(current.entry.facts).flatMap(([name, values]) => {
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = words[name] || name;
      value.textContent = values.join(", ");
      return [term, value];
    }));
    part("thing").textContent = proposal.label;
    part("thing").href = proposal.document;
    part("detail").textContent = [proposal.detail, proposal.thing].filter(Boolean).join(" · ");
    part("reasons").textContent = `${proposal.score.toLocaleString(document.documentElement.lang)} · ${proposal.reasons.map(reason).join(", ")}`;
    buttons.forEach((button) => {
      const { relation } = button.dataset;
      button.hidden = Boolean(relation) && !proposal.relations.slice(1).includes(relation);
    });
    say(texts.left.replace("{n}", String(left)));
  };

  const next = () => {
    if (queue.length || left <= skipped) { show(); return Promise.resolve(); }
    return ask(`questions?offset=${skipped}&limit=100`).then((body) => {
      left = body.open;
      queue = body.entries;
      show();
    });
  };

  const answered = (decision) => {
    const [current] = queue;
    current.proposals.shift();
    if (decision === "yes" || !current.proposals.length) { queue.shift(); left -= 1; }
    return next();
  };

  const run = (work) => {
    if (isBusy) return;
    isBusy = true;
    work().catch((error) => say(texts.failed.replace("{reason}", error.message))).finally(() => { isBusy = false; });
  };

  const answer = (button) => run(() => {
    const [current] = queue;
    const { decision, relation = "" } = button.dataset;
    if (!decision) { queue.shift(); skipped += 1; return next(); }
    const body = JSON.stringify({ entry: current.entry.key, thing: current.proposals[0].thing, decision, relation });
    return ask("decisions", { method: "POST", headers: { "Content-Type": "application/json" }, body }).then(() => answered(decision));
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(() => {
      queue = [];
      skipped = 0;
      left = 1;
      return next().then(() => { if (queue.length) part("asked").focus(); });
    });
  });
  buttons.forEach((button) => button.addEventListener("click", () => answer(button)));
  document.addEventListener("keydown", (event) => {
    if (area.hidden || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const key = event.key.toLowerCase() === "o" ? "y" : event.key.toLowerCase();
    const button = buttons.find((each) => each.dataset.key === key && !each.hidden);
    if (button) { event.preventDefault(); answer(button); }
  });
})();
