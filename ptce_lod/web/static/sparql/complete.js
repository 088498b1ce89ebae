// Completion from the release itself: its prefixes, classes, properties, concepts (/sparql/terms.json), and the query's own variables.
// Yasqe's own completers ask prefix.cc and Linked Open Vocabularies; they are never registered.
import { settings } from "./page.js";

let terms = { prefixes: settings.prefixes, classes: [], properties: [], concepts: [] };
const MOST = 100;
const other = settings.language === "fr" ? "en" : "fr";

/** Fetch the terms; without them prefixes and variables are completed all the same. */
export const fetchTerms = () => fetch(settings.terms)
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
  .then((found) => { terms = found; })
  .catch((error) => console.warn("terms:", error));

const fold = (value) => value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

/** Prefixes declared in the text win over ours. */
const prefixesOf = (value) => {
  const declared = {};
  value.replace(/PREFIX\s+([\w-]*):\s*<([^>]*)>/gi, (_, prefix, namespace) => { declared[prefix] = namespace; return _; });
  return { ...terms.prefixes, ...declared };
};

const render = (element, _data, hint) => {
  const name = document.createElement("span");
  name.textContent = hint.name;
  element.append(name);
  if (!hint.note) return;
  const note = document.createElement("small");
  note.textContent = hint.note;
  element.append(" ", note);
};

/** What can stand at the cursor: { list, from, to } for CodeMirror's show-hint. */
export const suggest = (editor) => {
  const cursor = editor.getCursor();
  const before = editor.getLine(cursor.line).slice(0, cursor.ch);
  const start = (length) => ({ line: cursor.line, ch: cursor.ch - length });
  const variable = /[?$](\w*)$/.exec(before);
  if (variable) return answer(variables(editor, variable[0]), start(variable[0].length), cursor);
  const declaration = /PREFIX\s+([\w-]*)$/i.exec(before);
  if (declaration) {
    const found = Object.entries(terms.prefixes).filter(([prefix]) => prefix.startsWith(declaration[1])).map(([prefix, namespace]) => ({ name: `${prefix}:`, note: namespace, text: `${prefix}: <${namespace}>` }));
    return answer(found, start(declaration[1].length), cursor);
  }
  const word = /(?:([\w-]*):)?([\w.-]*)$/.exec(before);
  const prefixes = prefixesOf(editor.getValue());
  if (word[1] === undefined) {
    const found = Object.keys(prefixes).filter((prefix) => prefix.startsWith(word[2])).map((prefix) => ({ name: `${prefix}:`, note: prefixes[prefix], text: `${prefix}:` }));
    const needle = fold(word[2]);
    return answer(needle.length > 2 ? [...found, ...named(editor, cursor, prefixes, "", needle)] : found, start(word[2].length), cursor);
  }
  const namespace = prefixes[word[1]];
  return answer(namespace ? named(editor, cursor, prefixes, word[1], fold(word[2])) : [], start(word[0].length), cursor);
};

/** Replace what stands between `from` and the cursor as it is now: who types fast is ahead of the list. */
const pick = (editor, { from }, hint) => editor.replaceRange(hint.text, from, editor.getCursor(), "complete");

const answer = (list, from, to) => ({ list: list.slice(0, MOST).map((hint) => ({ ...hint, displayText: hint.name, render, hint: pick })), from, to });

const variables = (editor, typed) => [...new Set(editor.getValue().match(/[?$]\w+/g) || [])]
  .filter((name) => name.startsWith(typed) && name !== typed).sort().map((name) => ({ name, text: name }));

/** Terms of that prefix (any, when empty) whose name or label holds the needle: properties where one may stand, classes and concepts elsewhere. */
const named = (editor, cursor, prefixes, prefix, needle) => {
  const token = editor.getTokenAt(cursor, true);
  const possible = (token.state && token.state.possibleCurrent) || [];
  const last = token.state && token.state.lastProperty;
  const classes = last === "a" || last === "rdf:type";
  const kinds = possible.includes("a") ? ["properties"] : classes ? ["classes"] : ["concepts", "classes", "properties"];
  const byNamespace = Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length);
  const found = [];
  kinds.forEach((kind) => terms[kind].forEach((term) => {
    const home = byNamespace.find(([name, space]) => (!prefix || name === prefix) && term.iri.startsWith(space));
    if (!home) return;
    const local = term.iri.slice(home[1].length);
    if (/[/#?]/.test(local)) return;
    const label = term[settings.language] || term[other] || "";
    const text = fold(local);
    const place = text.startsWith(needle) ? 0 : text.includes(needle) ? 1 : fold(label).includes(needle) ? 2 : -1;
    if (place >= 0) found.push({ place, uses: term.uses || 0, name: `${home[0]}:${local}`, note: label, text: `${home[0]}:${local}` });
  }));
  return found.sort((a, b) => a.place - b.place || b.uses - a.uses || a.name.localeCompare(b.name));
};

/** The prefixes of ours that the text uses and does not declare, as PREFIX lines. */
export const missingPrefixes = (value) => {
  const bare = value.replace(/<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(^|\s)#.*$/gm, " ");
  const declared = new Set([...value.matchAll(/PREFIX\s+([\w-]*):/gi)].map((match) => match[1]));
  const used = new Set([...bare.matchAll(/(?:^|[\s(,;|/^!{[])([A-Za-z][\w-]*):/g)].map((match) => match[1]));
  const missing = [...used].filter((prefix) => !declared.has(prefix) && settings.prefixes[prefix]).sort();
  return missing.map((prefix) => `PREFIX ${prefix}: <${settings.prefixes[prefix]}>\n`).join("");
};
