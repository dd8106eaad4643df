// The page's program: asking figures, finding them, and working with the tables. Nothing is loaded and nothing is sent.
"use strict";

const byId = (id) => document.getElementById(id);

// Returns what an object has of its own under a name that may be anything.
const valueIn = (object, name) => (Object.hasOwn(object ?? {}, name) ? object[name] : undefined);

// Returns an element with attributes and children; children are elements or texts.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
}

// What the page knows beside what it shows. It is packed, and unpacked when it is first needed.
let unpacking;
function known() {
  unpacking ??= unpack(byId("known").content.textContent);
  return unpacking;
}

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

// ---- Figures: each link to one carries its reference into the address bar.

const PREFIX = "#ref=";
const addressOf = (reference) => PREFIX + encodeURIComponent(reference);

function referenceInAddress() {
  if (!location.hash.startsWith(PREFIX)) return undefined;
  try {
    return decodeURIComponent(location.hash.slice(PREFIX.length));
  } catch {
    return location.hash.slice(PREFIX.length);
  }
}

function linkFigures() {
  // A cell that names a figure writes its reference out, once.
  for (const code of document.querySelectorAll("code.reference")) {
    code.nextElementSibling.dataset.reference = code.textContent;
  }
  for (const link of document.querySelectorAll("a[data-reference]")) {
    link.setAttribute("href", addressOf(link.dataset.reference));
  }
}

const figureLink = (reference, text) =>
  make("a", { href: addressOf(reference), "data-reference": reference }, text);

async function showFigure() {
  const panel = byId("panel");
  const reference = referenceInAddress();
  if (reference === undefined) {
    panel.close();
    return;
  }
  const data = await known();
  const figure = data.figures[valueIn(data.aliases, reference)];
  byId("panel-content").replaceChildren(...(figure ? dossier(figure, reference, data) : unknownFigure(reference)));
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  byId("panel-title").focus();
}

function closeFigure() {
  if (referenceInAddress() !== undefined) history.pushState(null, "", location.pathname + location.search);
}

const closeButton = () => make("button", { class: "close", type: "button", click: () => byId("panel").close() }, "Close");

function unknownFigure(reference) {
  return [
    make("h2", { id: "panel-title", tabindex: "-1" }, "This page does not have that figure"),
    closeButton(),
    make("p", {}, "The address asks for ", make("code", {}, reference), "."),
    make("p", {}, "Search for it by words, or ask the package itself: scrdata trace '", reference, "'."),
  ];
}

function dossier(figure, reference, data) {
  const isNumber = figure.status !== "unknown";
  return [
    make("h2", { id: "panel-title", tabindex: "-1" }, figure.label),
    closeButton(),
    make("p", { class: "large" }, figure.value),
    make("p", {}, sentenceCase(figure.standing), "."),
    ...mentionsOf(figure, isNumber),
    make("h3", {}, "What it counts"),
    make("p", {}, sentenceCase(figure.definition), "."),
    make("p", {}, make("code", {}, reference)),
    ...discrepanciesOf(figure, data),
    ...rulesOf(figure, data),
    ...sameAs(figure, reference),
    ...citationOf(figure, data),
  ];
}

const sentenceCase = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function mentionsOf(figure, isNumber) {
  if (!figure.mentions.length) {
    return [make("h3", {}, "Where the report prints it"), make("p", {}, isNumber ? "Nowhere as such." : "Nowhere.")];
  }
  const rows = figure.mentions.map(([place, words, said, verdict]) =>
    make("tr", {}, make("th", { scope: "row" }, place), make("td", {}, `‘${words}’`, said && ` (${said})`, verdict && `: ${verdict}`)),
  );
  return [
    make("h3", {}, "Where the report prints it"),
    make("table", {}, make("tbody", {}, ...rows)),
  ];
}

function rulesOf(figure, data) {
  if (!figure.rules.length) return [make("h3", {}, "Rules that bind it"), make("p", {}, "None.")];
  const items = figure.rules.map(([at, instance, filled, verdict]) => {
    const [name, statement] = data.rules[at];
    const state = verdict || "holds";
    return make("div", { class: "rule" }, statement, make("code", {}, filled), make("span", { class: "source" }, `${name}${instance && ` (${instance})`}: ${state}`));
  });
  const shown = items.slice(0, 8);
  const rest = items.slice(8);
  const more = rest.length ? [make("details", {}, make("summary", {}, `${rest.length} more`), ...rest)] : [];
  return [make("h3", {}, "Rules that bind it"), ...shown, ...more];
}

function discrepanciesOf(figure, data) {
  if (!figure.discrepancies.length) return [];
  const items = figure.discrepancies.map((at) => {
    const item = data.discrepancies[at];
    const stored = item.resolution && make("p", {}, make("strong", {}, "What is stored: "), item.resolution);
    return make("div", { class: "note" }, make("p", {}, item.explanation || item.discrepancy_id), stored, make("p", { class: "source" }, item.locators || ""));
  });
  return [make("h3", {}, "Where the report differs from itself about it"), ...items];
}

function sameAs(figure, reference) {
  const others = [figure.reference, ...figure.same].filter((other) => other !== reference);
  if (!others.length) return [];
  return [make("h3", {}, "The same figure elsewhere"), make("ul", {}, ...others.map((other) => make("li", {}, make("a", { href: addressOf(other) }, other))))];
}

function citationText(figure, data) {
  const printed = figure.cited.map((place) => `the report prints ${place}`);
  const standing = figure.status === "printed" ? [] : [figure.standing];
  const differs = figure.discrepancies.map((at) => data.discrepancies[at]);
  const said = differs.map((item) => `registered discrepancy: ${[item.discrepancy_id, item.explanation].filter(Boolean).join(": ")}`);
  const value = figure.status === "unknown" ? "no value" : figure.value;
  const lines = [`${figure.reference}: ${value}`, `what it counts: ${figure.definition}`, ...printed, ...standing, ...said];
  return [...lines, "", data.citation].join("\n");
}

function citationOf(figure, data) {
  const text = make("textarea", { id: "citation", readonly: "", "aria-label": "Citation of this figure" });
  text.value = citationText(figure, data);
  const done = make("p", { role: "status", class: "hint" });
  const copy = async (what, name) => {
    try {
      await navigator.clipboard.writeText(what);
      done.textContent = `${name} copied.`;
    } catch {
      text.focus();
      text.select();
      done.textContent = `Copying is not allowed here; ${name === "Citation" ? "the citation is selected" : "the link stands in the address bar"}.`;
    }
  };
  const button = (label, what, name) => make("button", { type: "button", click: () => copy(what(), name) }, label);
  return [
    make("h3", {}, "Cite it"),
    text,
    make("div", { class: "buttons" }, button("Copy citation", () => text.value, "Citation"), button("Copy link", () => location.href, "Link")),
    done,
  ];
}

function startFigures() {
  linkFigures();
  const panel = byId("panel");
  panel.addEventListener("close", closeFigure);
  panel.addEventListener("click", (event) => {
    if (event.target === panel) panel.close();
  });
  window.addEventListener("hashchange", showFigure);
  window.addEventListener("popstate", showFigure);
  if (referenceInAddress() !== undefined) showFigure();
}

// ---- Search: figures by words or by value.

const FILLERS = new Set("a about all an and any are as at been by did do does for from had has have how in is it its many much number of on or report say says so some such than that the their there these they this those to was were what when where which who whose why with".split(" "));
// What people type, and what the package calls it.
const ALIKE = {
  dead: "died", death: "died", deaths: "died", die: "died", dying: "died", kids: "children", child: "children",
  baby: "under 1 year", babies: "under 1 year", infants: "under 1 year",
  boys: "boy", male: "boy", males: "boy", girls: "girl", female: "girl", females: "girl",
  one: "1", two: "2", five: "5", six: "6",
};

function wordsOf(text) {
  const words = text.toLowerCase().replaceAll("’", "'").replace(/'s\b/g, "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const meant = words.filter((word) => !FILLERS.has(word)).flatMap((word) => (valueIn(ALIKE, word) ?? word).split(" "));
  return meant.map((word) => word.replace(/(?<=\p{L}{3})s$/u, ""));
}

// Returns, for each figure, its words by weight: those of its label count for more than those of rules about it.
let searchIndex;
async function index() {
  const data = await known();
  searchIndex ??= data.figures.map((figure) => {
    const rules = figure.rules.slice(0, 2).map(([at]) => data.rules[at][1]);
    return { figure, label: new Set(wordsOf(figure.label)), more: new Set(wordsOf(`${figure.context} ${rules.join(" ")}`)) };
  });
  return searchIndex;
}

const starts = (words, start) => words.has(start) || [...words].some((word) => start.length > 2 && word.startsWith(start));

function score(entry, words) {
  let total = 0;
  for (const word of words) {
    if (entry.figure.value === word) total += 4;
    else if (starts(entry.label, word)) total += 3;
    else if (starts(entry.more, word)) total += 1;
    else total -= 2;
  }
  if (total <= 0) return 0;
  const isPrinted = entry.figure.status === "printed" ? 1 : 0;
  return total + isPrinted / 2 + Math.min(entry.figure.mentions.length, 10) / 20 - entry.label.size / 50;
}

async function find() {
  const query = byId("query").value;
  const words = [...new Set(wordsOf(query))];
  const entries = words.length ? await index() : [];
  if (query !== byId("query").value) return;
  const scored = entries.map((entry) => [score(entry, words), entry.figure]).filter(([points]) => points > 0);
  scored.sort(([one], [other]) => other - one);
  const shown = scored.slice(0, 8);
  byId("found").replaceChildren(...shown.map(([, figure]) => make("li", {}, foundLink(figure))));
  const rest = scored.length > shown.length ? ` of ${scored.length}` : "";
  byId("found-count").textContent = words.length ? (shown.length ? `${shown.length}${rest} figures, best first` : "No figure has these words or this value.") : "";
}

function foundLink(figure) {
  const places = [...new Set(figure.mentions.map(([place]) => place))];
  const where = places.length ? `Printed in ${places.slice(0, 4).join("; ")}${places.length > 4 ? " …" : ""}` : sentenceCase(figure.standing);
  return make("a", { href: addressOf(figure.reference) }, make("span", { class: isMissing(figure.value) ? "amount missing" : "amount" }, figure.value), make("span", { class: "words" }, figure.label, make("span", { class: "where" }, where)));
}

function startSearch() {
  const form = byId("search");
  form.addEventListener("input", find);
  form.addEventListener("focusin", index);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await find();
    byId("found").querySelector("a")?.focus();
  });
}

// ---- Tables: sorted, searched, filtered by column, and downloaded as they are shown.

function equip(details) {
  const table = details.querySelector("table[data-table]");
  if (!table || table.dataset.equipped) return;
  table.dataset.equipped = "yes";
  const heads = [...table.tHead.rows[0].cells];
  const state = { table, heads, rows: [...table.tBodies[0].rows], filters: heads.map(() => ""), search: "", count: make("p", { role: "status", class: "hint" }) };
  heads.forEach((head, at) => {
    const label = head.textContent;
    head.replaceChildren(make("button", { type: "button", click: () => sort(state, at) }, label));
  });
  table.tHead.append(make("tr", { class: "column-filters" }, ...heads.map((head, at) => make("td", {}, columnFilter(state, at)))));
  const id = `search-${table.dataset.table}`;
  const search = make("input", { id, type: "search", input: (event) => { state.search = event.target.value.toLowerCase(); refresh(state); } });
  const save = make("button", { type: "button", click: () => download(state) }, "Download the rows shown (CSV)");
  table.parentElement.before(make("div", { class: "tools" }, make("div", {}, make("label", { for: id }, "Search this table"), search), save, state.count));
  refresh(state);
}

const NOT_PRINTED = "not printed";
const isMissing = (text) => text === "" || text === NOT_PRINTED;
const textOf = (row, at) => row.cells[at].textContent;

// Returns the control that filters a column: a choice where few values occur, else a text.
function columnFilter(state, at) {
  const label = `Filter by ${state.heads[at].textContent}`;
  const values = [...new Set(state.rows.map((row) => textOf(row, at)))];
  const change = (event) => { state.filters[at] = event.target.value.toLowerCase(); refresh(state); };
  if (values.length > 12 || values.length === state.rows.length || state.heads[at].classList.contains("number")) {
    return make("input", { "aria-label": label, input: change });
  }
  const options = values.filter(Boolean).map((value) => make("option", { value: `=${value}` }, value.length > 40 ? `${value.slice(0, 40)}…` : value));
  return make("select", { "aria-label": label, change }, make("option", { value: "" }, "All"), ...options);
}

function isShown(state, row) {
  if (state.search && !row.textContent.toLowerCase().includes(state.search)) return false;
  return state.filters.every((wanted, at) => {
    const text = textOf(row, at).toLowerCase();
    return wanted.startsWith("=") ? text === wanted.slice(1) : text.includes(wanted);
  });
}

function refresh(state) {
  let shown = 0;
  for (const row of state.rows) {
    row.hidden = !isShown(state, row);
    if (!row.hidden) shown += 1;
  }
  state.count.textContent = `${shown} of ${state.rows.length} rows`;
}

function sort(state, at) {
  const head = state.heads[at];
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of state.heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
  const isNumber = head.classList.contains("number");
  const compare = isNumber ? (one, other) => one - other : new Intl.Collator("en-GB", { numeric: true }).compare;
  // Missing cells stand last in either direction.
  state.rows.sort((one, other) => {
    const [left, right] = [textOf(one, at), textOf(other, at)];
    if (isMissing(left) || isMissing(right)) return isMissing(left) - isMissing(right);
    return direction * compare(left, right);
  });
  state.table.tBodies[0].append(...state.rows);
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function download(state) {
  const { codes } = await known();
  const own = valueIn(codes, state.table.dataset.table);
  const names = state.heads.map((head) => head.dataset.column);
  // A cell is downloaded as the package has it: the reference without its value, the code for the label.
  const cell = (row, at) => {
    const text = row.cells[at].querySelector("code")?.textContent ?? textOf(row, at);
    return text === NOT_PRINTED ? "" : (valueIn(valueIn(own, names[at]), text) ?? text);
  };
  const lines = [names, ...state.rows.filter((row) => !row.hidden).map((row) => names.map((name, at) => cell(row, at)))];
  const text = lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  make("a", { href: address, download: `${state.table.dataset.table}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function startTables() {
  for (const details of document.querySelectorAll("details.data")) {
    details.addEventListener("toggle", () => details.open && equip(details));
  }
}

// ---- Evaluations along the year, by region and Board.

function startTimeline() {
  const filters = byId("timeline-filter");
  if (!filters) return;
  const all = [...byId("timeline-count").childNodes];
  const dots = document.querySelectorAll("#timeline [data-review]");
  const choose = async (kind, value) => {
    const { timeline } = await known();
    const choice = timeline.choices[kind]?.find((item) => item.value === value);
    const at = kind === "board" ? 1 : 2;
    const shown = new Map(timeline.reviews.map((review) => [review[0], !choice || review[at] === value]));
    for (const dot of dots) dot.classList.toggle("dim", !shown.get(dot.dataset.review));
    if (!choice) {
      byId("timeline-count").replaceChildren(...all);
      return;
    }
    const [total, ...parts] = choice.references.map((reference, place) => figureLink(reference, choice.values[place]));
    const words = parts.flatMap((link, place) => [", ", link, ` ${timeline.judgements[place].toLowerCase()}`]);
    byId("timeline-count").replaceChildren(`${choice.label}: `, total, choice.values[0] === "1" ? " evaluation" : " evaluations", ...words, ".");
  };
  byId("region").addEventListener("change", (event) => { byId("board").value = ""; choose("region", event.target.value); });
  byId("board").addEventListener("change", (event) => { byId("region").value = ""; choose("board", event.target.value); });
}

// ---- Cases, by factor and agency.

function startCases() {
  const filters = byId("case-filter");
  if (!filters) return;
  filters.addEventListener("change", async () => {
    const [factor, agency] = [byId("factor").value, byId("agency").value];
    const { cases } = await known();
    const chosen = cases.filter((item) => (!factor || item.factors.includes(factor)) && (!agency || item.agencies.includes(agency)));
    const isAll = !factor && !agency;
    byId("case-count").textContent = isAll ? "" : `${chosen.length} of ${cases.length} cases`;
    byId("case-list").replaceChildren(...(isAll ? [] : chosen.map((item) => make("li", {}, item.lesson, " ", make("span", { class: "source" }, `(para ${item.paragraphs})`)))));
  });
}

startFigures();
startSearch();
startTables();
startTimeline();
startCases();
