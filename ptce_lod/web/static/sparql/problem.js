// A query that failed: the server's problem document (RFC 9457), and its place marked in the editor.
import { make, settings, text } from "./page.js";

/** The problem that an error event tells of; what is no problem document becomes its detail. */
export const problemOf = (message) => {
  try {
    const found = JSON.parse(message);
    if (found && typeof found === "object") return found;
  } catch (error) { /* not JSON: the network failed, or something between us and the server answered */ }
  return { title: text("failed"), detail: /fetch/i.test(message) ? text("unreachable") : message.replace(/<[^>]*>/g, " ").slice(0, 500) };
};

export class ProblemView {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 30;
    this.label = text("problem");
    this.hideFromSelection = true;
  }

  canHandleResults() {
    return Boolean(this.yasr.results) && this.yasr.results.hasError();
  }

  draw() {
    const problem = problemOf(this.yasr.results.getError().text || "");
    const place = problem.line ? make("button", { type: "button", class: "quiet" }, text("goto", { line: problem.line })) : undefined;
    if (place) place.addEventListener("click", () => document.dispatchEvent(new CustomEvent("sparql-goto", { detail: problem })));
    const title = settings.problems[problem.title];
    const ours = problem.type ? "en" : undefined;
    this.yasr.resultsEl.append(make("div", { class: "problem", role: "alert" },
      make("p", { lang: ours }, make("strong", title ? { lang: settings.language } : {}, title || problem.title || text("failed")), problem.status ? ` (${problem.status})` : ""),
      problem.detail ? make("p", { class: "detail", lang: ours }, problem.detail) : undefined,
      problem.hint ? make("p", { lang: ours }, `→ ${problem.hint}`) : undefined,
      problem.link && /^https?:/.test(problem.link) ? make("p", {}, make("a", { href: problem.link }, problem.link)) : undefined,
      place ? make("p", {}, place) : undefined));
  }
}
