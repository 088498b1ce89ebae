// Suggestions while typing in the search box: a combobox with a list (ARIA Authoring Practices, "Editable Combobox With List Autocomplete").
// Without this file the box is a plain field of a form.
for (const form of document.querySelectorAll("form.search[data-suggest]")) {
  const input = form.querySelector("input[name=q]");
  const language = document.documentElement.lang;
  const list = document.createElement("ul");
  const status = document.createElement("div");
  let request = null, timer = 0, asked = "", active = -1;

  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.label);
  status.className = "hidden";
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }
  form.append(list, status);

  const options = () => [...list.children];
  const isOpen = () => !list.hidden;

  function choose(place) {
    active = place;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
    if (place < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", options()[place].id);
      options()[place].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    request?.abort();
    clearTimeout(timer);
    choose(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  function open() {
    const any = list.children.length > 0;
    list.hidden = !any;
    input.setAttribute("aria-expanded", String(any));
  }

  // Addresses are those of the published data: on another host (a staging site) their path is what counts.
  const go = (option) => { location.assign(new URL(option.dataset.address).pathname); };

  function show([, names, descriptions, addresses]) {
    list.replaceChildren(...names.map((name, i) => {
      const option = document.createElement("li");
      const about = document.createElement("small");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      option.dataset.address = addresses[i];
      about.textContent = descriptions[i];
      option.append(name, " ", about);
      return option;
    }));
    choose(-1);
    open();
    const number = names.length;
    status.textContent = number > 1 ? form.dataset.many.replace("{n}", number) : number ? form.dataset.one : form.dataset.none;
  }

  async function ask() {
    const text = input.value.trim();
    request?.abort();
    if (!text || text.length > 200) { asked = ""; list.replaceChildren(); close(); status.textContent = ""; return; }
    if (text === asked) { open(); return; }
    request = new AbortController();
    try {
      const query = new URLSearchParams({ q: text, limit: 8, lang: language });
      const response = await fetch(`${form.dataset.suggest}?${query}`, { signal: request.signal, credentials: "omit" });
      if (!response.ok) return;
      const found = await response.json();
      asked = text;
      if (document.activeElement === input) show(found);
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;  // no network: the form still works
    }
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("click", () => { if (input.value.trim() === asked && asked) open(); });
  form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) { ask(); if (last < 0 || list.hidden || event.altKey) return; }
      const down = event.key === "ArrowDown";
      choose(down ? (active >= last ? -1 : active + 1) : (active < 0 ? last : active - 1));
    } else if (event.key === "Escape") {
      if (isOpen()) { event.preventDefault(); close(); }
    } else if (event.key === "Enter" && isOpen() && active >= 0) {
      event.preventDefault();
      go(options()[active]);
    } else if (event.key === "Home" || event.key === "End" || event.key === "ArrowLeft" || event.key === "ArrowRight") {
      choose(-1);
    }
  });
  // The field keeps the focus; the click comes after.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) go(option); });
}
