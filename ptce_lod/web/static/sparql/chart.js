// One column of texts and one of numbers as bars or a line, in our own SVG. The table holds the same for who does not see it.
import { answerOf, columns, downloadOf, isNumber, nameOf } from "./data.js";
import { draw, make, number, select, text } from "./page.js";

const MOST = 60;

const isDate = (term) => /date|gYear/i.test(term.datatype || "") || /^(1[5-9]|20)\d\d(-\d\d){0,2}$/.test(term.value);

export class Chart {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 4;
    this.label = text("chart");
  }

  columns() {
    const answer = answerOf(this.yasr.results);
    const numbers = columns(answer, isNumber);
    return { numbers, labels: answer.vars.filter((name) => answer.rows.some((row) => row[name])) };
  }

  canHandleResults() {
    const results = this.yasr.results;
    if (!results || results.hasError() || answerOf(results).isGraph) return false;
    const { numbers, labels } = this.columns();
    return numbers.length > 0 && labels.length > 1;
  }

  draw() {
    const answer = answerOf(this.yasr.results);
    const { numbers, labels } = this.columns();
    const words = labels.filter((name) => !numbers.includes(name));
    const value = numbers.find((name) => words.length || name !== labels[0]) || numbers[0];
    const label = words.find((name) => /label|name|nom|titre|title/i.test(name)) || words[0] || labels.find((name) => name !== value);
    const state = { label, value, kind: columns(answer, isDate).includes(label) ? "line" : "bars" };
    const figure = make("figure", { class: "chart" });
    const show = () => {
      const rows = answer.rows.filter((row) => row[state.value]).map((row) => [nameOf(row[state.label]) || "–", Number(row[state.value].value)]);
      const shown = rows.slice(0, MOST);
      const caption = rows.length > MOST ? make("figcaption", {}, text("first", { n: number(MOST), m: number(rows.length) })) : undefined;
      const title = `${state.label}, ${state.value}`;
      // one unit is one pixel, so that words stay readable on a phone
      const width = Math.max(320, Math.min(900, this.yasr.resultsEl.clientWidth - 2));
      const picture = (state.kind === "bars" ? bars : line)(shown, title, width);
      figure.replaceChildren(...[make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": text("chart") }, picture), caption].filter(Boolean));
    };
    const choose = (key) => (chosen) => { state[key] = chosen; show(); };
    const names = (list) => list.map((name) => [name, name]);
    this.yasr.resultsEl.append(
      make("div", { class: "controls" },
        select(text("labels"), names(labels), state.label, choose("label")),
        select(text("numbers"), names(numbers), state.value, choose("value")),
        select(text("kind"), [["bars", text("bars")], ["line", text("line")]], state.kind, choose("kind"))),
      figure,
    );
    show();
  }

  download() {
    return downloadOf(this.yasr.results);
  }
}

const short = (name, length) => (name.length > length ? `${name.slice(0, length - 1)}…` : name);

const bars = (rows, title, width) => {
  const row = 24;
  const left = Math.min(240, width * 0.42);
  const letters = Math.floor(left / 7);
  const values = rows.map(([, value]) => value);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const scale = (value) => left + ((value - low) / (high - low || 1)) * (width - left - 70);
  const height = rows.length * row + 8;
  return draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title },
    ...rows.map(([name, value], index) => draw("g", { transform: `translate(0 ${index * row + 4})` },
      draw("title", {}, `${name}: ${number(value)}`),
      draw("text", { class: "name", x: left - 8, y: 15, "text-anchor": "end" }, short(name, letters)),
      draw("rect", { class: "bar", x: Math.min(scale(0), scale(value)), y: 2, width: Math.max(1, Math.abs(scale(value) - scale(0))), height: row - 6 }),
      draw("text", { class: "value", x: Math.max(scale(0), scale(value)) + 6, y: 15 }, number(value)))),
    draw("line", { class: "axis", x1: scale(0), x2: scale(0), y1: 0, y2: height }));
};

const line = (rows, title, width) => {
  const height = 320;
  const [left, right, top, bottom] = [60, 20, 16, 70];
  const values = rows.map(([, value]) => value);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const x = (index) => left + (rows.length > 1 ? index / (rows.length - 1) : 0.5) * (width - left - right);
  const y = (value) => height - bottom - ((value - low) / (high - low || 1)) * (height - top - bottom);
  const every = Math.ceil((rows.length * 50) / width);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => low + (high - low) * part);
  return draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title },
    ...ticks.map((tick) => draw("g", {},
      draw("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      draw("text", { class: "value", x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, number(Math.round(tick * 100) / 100)))),
    draw("polyline", { class: "line", points: rows.map(([, value], index) => `${x(index)},${y(value)}`).join(" ") }),
    ...rows.map(([name, value], index) => draw("g", {},
      draw("circle", { class: "dot", cx: x(index), cy: y(value), r: 4 }, draw("title", {}, `${name}: ${number(value)}`)),
      index % every === 0 ? draw("text", { class: "name", transform: `translate(${x(index)} ${height - bottom + 14}) rotate(-40)`, "text-anchor": "end" }, short(name, 14)) : undefined)));
};
