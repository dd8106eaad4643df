// Figures: each link to one carries its reference into the address bar.

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

const figureLink = (reference, text) => make("a", { href: addressOf(reference), "data-reference": reference }, text);

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

const closeButton = () =>
  make("button", { class: "close", type: "button", click: () => byId("panel").close() }, "Close");

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
    make(
      "tr",
      {},
      make("th", { scope: "row" }, place),
      make("td", {}, `‘${words}’`, said && ` (${said})`, verdict && `: ${verdict}`),
    ),
  );
  return [make("h3", {}, "Where the report prints it"), make("table", {}, make("tbody", {}, ...rows))];
}

function rulesOf(figure, data) {
  if (!figure.rules.length) return [make("h3", {}, "Rules that bind it"), make("p", {}, "None.")];
  const items = figure.rules.map(([at, instance, filled, verdict]) => {
    const [name, statement] = data.rules[at];
    const state = verdict || "holds";
    return make(
      "div",
      { class: "rule" },
      statement,
      make("code", {}, filled),
      make("span", { class: "source" }, `${name}${instance && ` (${instance})`}: ${state}`),
    );
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
    return make(
      "div",
      { class: "note" },
      make("p", {}, item.explanation || item.discrepancy_id),
      stored,
      make("p", { class: "source" }, item.locators || ""),
    );
  });
  return [make("h3", {}, "Where the report differs from itself about it"), ...items];
}

function sameAs(figure, reference) {
  const others = [figure.reference, ...figure.same].filter((other) => other !== reference);
  if (!others.length) return [];
  return [
    make("h3", {}, "The same figure elsewhere"),
    make("ul", {}, ...others.map((other) => make("li", {}, make("a", { href: addressOf(other) }, other)))),
  ];
}

function citationText(figure, data) {
  const printed = figure.cited.map((place) => `the report prints ${place}`);
  const standing = figure.status === "printed" ? [] : [figure.standing];
  const differs = figure.discrepancies.map((at) => data.discrepancies[at]);
  const said = differs.map(
    (item) => `registered discrepancy: ${[item.discrepancy_id, item.explanation].filter(Boolean).join(": ")}`,
  );
  const value = figure.status === "unknown" ? "no value" : figure.value;
  const lines = [
    `${figure.reference}: ${value}`,
    `what it counts: ${figure.definition}`,
    ...printed,
    ...standing,
    ...said,
  ];
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
    make(
      "div",
      { class: "buttons" },
      button("Copy citation", () => text.value, "Citation"),
      button("Copy link", () => location.href, "Link"),
    ),
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
