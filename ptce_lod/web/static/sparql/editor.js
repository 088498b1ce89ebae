// Turns the plain query form into an editor (Yasqe) with views of the result (Yasr), both of YASGUI, vendored in static/vendor/yasgui.
// Not used of them: storage in the browser, share dialog, completers and views of their own, tabs, the choice of an endpoint.
import { Chart } from "./chart.js";
import { fetchTerms, missingPrefixes, suggest } from "./complete.js";
import { answerOf } from "./data.js";
import { Places } from "./map.js";
import { Network } from "./network.js";
import { counted, make, number, settings, text } from "./page.js";
import { ProblemView, problemOf } from "./problem.js";
import { Answer, Raw, Table } from "./table.js";

const { Yasqe, Yasr } = window.Yasgui;
const form = document.getElementById("sparql-form");
const area = document.getElementById("query");
const status = document.getElementById("sparql-status");
const result = document.getElementById("sparql-result");
const runButton = form.querySelector("[data-do=run]");
const PREFIXED = /(?:^|[\s(,;|/^!{[])[A-Za-z][\w-]*:[\w.-]*$|[?$]\w+$/;
let running = false;
let revealing = false;
let marks = [];

// ---------------------------------------------------------------- editor

/** Tab indents in the editor; after Escape it leaves it, until the editor is entered again or anything else is typed. */
const leaving = { name: "leaving", Tab: false, "Shift-Tab": false };

const makeEditor = () => {
  const editor = new Yasqe(make("div"), {
    value: area.value,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: undefined,
    autocompleters: [],
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    // Nothing in the editor scrolls by itself: lines wrap and the page grows, so that the keyboard reaches everything.
    lineWrapping: true,
    viewportMargin: Infinity,
    screenReaderLabel: text("editor"),
    requestConfig: {
      endpoint: settings.endpoint,
      method: "POST",
      queryArgument: "query",
      acceptHeaderSelect: "application/sparql-results+json,application/problem+json,application/n-triples;q=0.9",
      acceptHeaderGraph: "application/n-triples,application/problem+json,application/sparql-results+json;q=0.9",
      acceptHeaderUpdate: "application/sparql-results+json,application/problem+json",
    },
    extraKeys: {
      "Ctrl-Enter": () => run(),
      "Cmd-Enter": () => run(),
      "Ctrl-Space": () => complete(),
      "Ctrl-S": false,
      Esc: () => { editor.addKeyMap(leaving, true); status.textContent = text("leave"); },
    },
  });
  area.before(editor.rootEl);
  area.hidden = true;
  area.required = false;
  form.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
  editor.getInputField().setAttribute("aria-describedby", "editor-keys");
  editor.showNotification = () => {};
  editor.on("focus", () => editor.removeKeyMap(leaving));
  editor.on("change", () => { editor.removeKeyMap(leaving); unmark(); });
  editor.on("inputRead", () => {
    const cursor = editor.getCursor();
    const isString = (editor.getTokenTypeAt(cursor) || "").split(" ").includes("string");
    if (!isString && PREFIXED.test(editor.getLine(cursor.line).slice(0, cursor.ch))) complete();
  });
  knowPrefixes(editor);
  explainSyntax(editor);
  editor.refresh();
  return editor;
};

/** The hints are a promise: Yasqe stands beside the CodeMirror it wraps and may not draw while that one is in an operation. */
const complete = () => {
  const hint = (inner) => Promise.resolve().then(() => suggest(inner));
  if (!editor.state.completionActive) editor.showHint({ hint, completeSingle: false, closeCharacters: /[\s>"{}()]/, container: editor.rootEl });
};

/** Yasqe takes a prefix without PREFIX line for an error; here the project's prefixes are known from the first line on. */
const knowPrefixes = (editor) => {
  const mode = editor.getMode();
  const start = mode.startState;
  mode.startState = () => ({ ...start(), prefixes: { ...settings.prefixes } });
  editor.setValue(editor.getValue());
  editor.clearHistory();
};

/** Yasqe explains a syntax error in English, as HTML with an inline style, on hover: here it becomes a title in the page's language. */
const explainSyntax = (editor) => {
  const check = editor.checkSyntax.bind(editor);
  editor.checkSyntax = () => {
    check();
    editor.eachLine((handle) => {
      const icon = handle.gutterMarkers && handle.gutterMarkers.gutterErrorBar;
      if (!icon) return;
      icon.onmouseover = icon.onmouseout = null;
      const { state } = editor.getTokenAt({ line: editor.getLineNumber(handle), ch: handle.text.length }, true);
      const undeclared = /^Prefix '(.*)' is not defined$/.exec(state.errorMsg || "");
      const possible = `${text("unexpected")} ${(state.possibleCurrent || []).join(" ")}`;
      icon.setAttribute("title", undeclared ? text("undeclared", { prefix: undeclared[1] }) : state.errorMsg || possible);
    });
  };
  editor.checkSyntax();
};

const unmark = () => {
  marks.forEach((mark) => mark());
  marks = [];
};

/** Mark the place that a problem names, lines and columns from 1. */
const markProblem = ({ line, column }) => {
  unmark();
  const last = editor.lineCount() - 1;
  if (!line || line - 1 > last) return;
  const handle = editor.addLineClass(line - 1, "background", "wrong-line");
  const length = editor.getLine(line - 1).length;
  const from = Math.min(Math.max((column || 1) - 1, 0), Math.max(length - 1, 0));
  const range = editor.markText({ line: line - 1, ch: from }, { line: line - 1, ch: Math.min(from + 1, length) }, { className: "wrong" });
  marks = [() => editor.removeLineClass(handle, "background", "wrong-line"), () => range.clear()];
};

// ---------------------------------------------------------------- result

const makeResult = () => {
  Yasr.plugins = {};
  Yasr.defaults.plugins = {};
  const views = { table: Table, answer: Answer, map: Places, chart: Chart, network: Network, raw: Raw, problem: ProblemView };
  Object.entries(views).forEach(([name, view]) => Yasr.registerPlugin(name, view));
  Yasr.defaults.pluginOrder = Object.keys(views);
  const yasr = new Yasr(result, { persistenceId: null, defaultPlugin: "table", prefixes: settings.prefixes });
  // Yasr's own texts are English and partly for its makers: what is said is said by our status line and views.
  yasr.dataElement.remove();
  yasr.documentationLink.remove();
  yasr.fillFallbackBox = () => {};
  const list = yasr.pluginSelectorsEl;
  list.setAttribute("aria-label", text("views"));
  list.querySelectorAll("button").forEach((button) => { button.removeAttribute("aria-label"); button.removeAttribute("title"); });
  const update = yasr.updatePluginSelectors.bind(yasr);
  yasr.updatePluginSelectors = (enabled) => {
    update(enabled);
    list.querySelectorAll("button").forEach((button) => {
      button.parentElement.hidden = button.classList.contains("disabled");
      button.setAttribute("aria-pressed", String(button.classList.contains(`select_${yasr.drawnPlugin}`)));
    });
  };
  const exports = yasr.updateExportHeaders.bind(yasr);
  yasr.updateExportHeaders = () => {
    exports();
    const offered = yasr.plugins[yasr.drawnPlugin].download && yasr.plugins[yasr.drawnPlugin].download();
    yasr.downloadBtn.hidden = !offered;
    if (!offered) return;
    const label = text("download", { format: offered.title });
    yasr.downloadBtn.setAttribute("aria-label", label);
    yasr.downloadBtn.title = label;
    yasr.downloadBtn.dataset.format = offered.title;
  };
  return yasr;
};

const show = (response, milliseconds) => {
  if (response instanceof Error && response.name === "AbortError") {
    status.textContent = text("stopped");
    return;
  }
  // an empty graph has an empty body, which Yasr takes for no answer
  if (response.content === "") response.content = "\n";
  result.hidden = false;
  yasr.setResponse(response, milliseconds);
  const s = number(milliseconds / 1000);
  if (response instanceof Error) {
    const problem = problemOf(response.message);
    status.textContent = text("failed");
    markProblem(problem);
    return;
  }
  const answer = answerOf(yasr.results);
  const key = answer.isGraph ? "triples" : answer.boolean === undefined ? "count" : "done";
  status.textContent = counted(key, answer.rows.length, { s });
  if (revealing && result.getBoundingClientRect().top > window.innerHeight * 0.7) status.scrollIntoView({ block: "start" });
  revealing = false;
};

// ---------------------------------------------------------------- what buttons do

const link = () => `${window.location.origin}${window.location.pathname}#query=${encodeURIComponent(editor.getValue())}`;

const run = () => {
  if (running) {
    editor.abortQuery();
    return;
  }
  running = true;
  runButton.textContent = text("stop");
  status.textContent = text("running");
  unmark();
  // the fragment never reaches the server: reloading and going back bring the query back, nothing runs by itself
  window.history.replaceState(null, "", link());
  editor.query().catch(() => {}).finally(() => {
    running = false;
    runButton.textContent = text("run");
  });
};

const share = async (button) => {
  window.history.replaceState(null, "", link());
  try {
    await navigator.clipboard.writeText(link());
    const before = button.textContent;
    button.textContent = text("copied");
    setTimeout(() => { button.textContent = before; }, 1500);
  } catch (error) {
    const input = make("input", { readonly: true, value: link(), "aria-label": button.textContent });
    status.replaceChildren(input);
    input.select();
  }
};

const declare = () => {
  const lines = missingPrefixes(editor.getValue());
  if (lines) editor.replaceRange(lines, { line: 0, ch: 0 });
  editor.focus();
};

const use = (query) => {
  if (running) editor.abortQuery();
  editor.setValue(query);
  form.scrollIntoView({ block: "start" });
  revealing = true;
  run();
};

const fromAddress = () => {
  const query = new URLSearchParams(window.location.hash.slice(1)).get("query");
  if (query && query !== editor.getValue()) editor.setValue(query);
};

const filterExamples = () => {
  const filter = document.getElementById("filter");
  if (!filter) return;
  const fold = (value) => value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const examples = [...document.querySelectorAll(".gallery .example")].map((element) => [element, fold(element.textContent)]);
  filter.addEventListener("input", () => {
    const words = fold(filter.value).split(/\s+/).filter(Boolean);
    examples.forEach(([element, content]) => { element.hidden = !words.every((word) => content.includes(word)); });
    document.getElementById("filter-count").textContent = counted("matches", examples.filter(([element]) => !element.hidden).length);
  });
};

const editor = makeEditor();
const yasr = makeResult();
editor.on("queryResponse", (_editor, response, milliseconds) => show(response, milliseconds));
runButton.addEventListener("click", run);
form.querySelector("[data-do=share]").addEventListener("click", (event) => share(event.currentTarget));
form.querySelector("[data-do=prefixes]").addEventListener("click", declare);
form.addEventListener("submit", () => {
  area.value = editor.getValue();
  // an address has its limits, a body has not
  form.method = area.value.length > 4000 ? "post" : "get";
});
document.querySelector(".gallery").addEventListener("click", (event) => {
  const chosen = event.target.closest("a[data-example]");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  use(chosen.closest(".example").querySelector("pre").textContent);
});
document.addEventListener("sparql-goto", ({ detail }) => {
  editor.setCursor({ line: detail.line - 1, ch: Math.max((detail.column || 1) - 1, 0) });
  editor.focus();
});
window.addEventListener("hashchange", fromAddress);
fromAddress();
filterExamples();
fetchTerms().then(() => document.documentElement.classList.add("terms-ready"));
document.documentElement.classList.add("editor-ready");
