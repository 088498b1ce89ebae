// Solutions as a table: prefixed names, links, sorting, a filter, pages of 100 rows. In place of Yasr's own, which writes inline styles.
import { answerOf, columns, downloadOf, hrefOf, isNumber, nameOf, shorten } from "./data.js";
import { make, number, text } from "./page.js";

const SIZE = 100;

const cell = (term) => {
  if (!term) return make("td");
  if (term.type === "uri") {
    const href = hrefOf(term.value);
    return make("td", {}, href ? make("a", { href, title: term.value }, shorten(term.value)) : term.value);
  }
  if (isNumber(term)) return make("td", { class: "number" }, term.value);
  const type = term.datatype && !term.datatype.endsWith("#string") ? make("small", {}, ` ${shorten(term.datatype)}`) : undefined;
  const language = term["xml:lang"] ? make("small", {}, ` @${term["xml:lang"]}`) : undefined;
  return make("td", { lang: term["xml:lang"] }, nameOf(term), type, language);
};

const compare = (a, b) => {
  if (!a || !b) return a ? 1 : b ? -1 : 0;
  if (isNumber(a) && isNumber(b)) return Number(a.value) - Number(b.value);
  return nameOf(a).localeCompare(nameOf(b), undefined, { numeric: true });
};

export class Table {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 10;
    this.label = text("table");
  }

  canHandleResults() {
    const results = this.yasr.results;
    return Boolean(results) && !results.hasError() && answerOf(results).boolean === undefined;
  }

  draw() {
    const answer = answerOf(this.yasr.results);
    if (!answer.rows.length) {
      this.yasr.resultsEl.append(make("p", {}, text("none")));
      return;
    }
    const state = { sort: "", down: false, page: 0, needle: "" };
    const filter = make("input", { type: "search", autocomplete: "off" });
    const body = make("tbody");
    const position = make("span", { role: "status" });
    const [previous, next] = ["previous", "next"].map((key) => make("button", { type: "button", class: "quiet" }, text(key)));
    const numeric = new Set(columns(answer, isNumber));
    const heads = answer.vars.map((name) => {
      const button = make("button", { type: "button", title: text("sort", { name }) }, name);
      const head = make("th", { scope: "col", class: numeric.has(name) ? "number" : undefined }, button);
      button.addEventListener("click", () => {
        state.down = state.sort === name && !state.down;
        Object.assign(state, { sort: name, page: 0 });
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
        show();
      });
      return head;
    });
    const show = () => {
      const needle = state.needle.toLocaleLowerCase();
      let rows = needle
        ? answer.rows.filter((row) => answer.vars.some((name) => nameOf(row[name]).toLocaleLowerCase().includes(needle)))
        : answer.rows.slice();
      if (state.sort) rows.sort((a, b) => compare(a[state.sort], b[state.sort]) * (state.down ? -1 : 1));
      const from = state.page * SIZE;
      body.replaceChildren(...rows.slice(from, from + SIZE).map((row) => make("tr", {}, ...answer.vars.map((name) => cell(row[name])))));
      position.textContent = rows.length ? text("rows", { from: number(from + 1), to: number(Math.min(from + SIZE, rows.length)), n: number(rows.length) }) : text("none");
      previous.disabled = state.page === 0;
      next.disabled = from + SIZE >= rows.length;
    };
    filter.addEventListener("input", () => { Object.assign(state, { needle: filter.value, page: 0 }); show(); });
    previous.addEventListener("click", () => { state.page -= 1; show(); });
    next.addEventListener("click", () => { state.page += 1; show(); });
    const table = make("table", { class: "solutions" }, make("thead", {}, make("tr", {}, ...heads)), body);
    const controls = answer.rows.length > 10
      ? make("div", { class: "controls" }, make("label", {}, `${text("filter")} `, filter), position, ...(answer.rows.length > SIZE ? [previous, next] : []))
      : undefined;
    this.yasr.resultsEl.append(
      ...[controls, make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": text("table") }, table)].filter(Boolean),
    );
    show();
  }

  download() {
    return downloadOf(this.yasr.results);
  }
}

/** The answer to ASK. */
export class Answer {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 20;
    this.label = text("answer");
    this.hideFromSelection = true;
  }

  canHandleResults() {
    const results = this.yasr.results;
    return Boolean(results) && !results.hasError() && answerOf(results).boolean !== undefined;
  }

  draw() {
    this.yasr.resultsEl.append(make("p", { class: "answer" }, text(answerOf(this.yasr.results).boolean ? "yes" : "no")));
  }
}

const LONGEST = 200000;

/** The answer as the server wrote it. */
export class Raw {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 1;
    this.label = text("raw");
  }

  canHandleResults() {
    return Boolean(this.yasr.results) && !this.yasr.results.hasError();
  }

  draw() {
    const whole = this.yasr.results.getOriginalResponseAsString() || "";
    if (whole.length > LONGEST) this.yasr.resultsEl.append(make("p", { class: "note" }, text("cut", { n: number(LONGEST) })));
    this.yasr.resultsEl.append(make("pre", { tabindex: 0, role: "region", "aria-label": text("raw") }, make("code", {}, whole.slice(0, LONGEST))));
  }

  download() {
    const results = this.yasr.results;
    if (answerOf(results).isGraph) return downloadOf(results);
    return { getData: () => results.getOriginalResponseAsString(), contentType: "application/sparql-results+json", title: "JSON", filename: "result.srj" };
  }
}
