// Search: figures by words or by value.

// Words of a question that no figure is named by.
const FILLERS = new Set(
  (
    "a about all an and any are as at been by did do does for from had has have how in is it its many much number of " +
    "on or report say says so some such than that the their there these they this those to was were what when where " +
    "which who whose why with"
  ).split(" "),
);
// What people type, and what the package calls it.
const ALIKE = {
  dead: "died",
  death: "died",
  deaths: "died",
  die: "died",
  dying: "died",
  kids: "children",
  child: "children",
  baby: "under 1 year",
  babies: "under 1 year",
  infants: "under 1 year",
  boys: "boy",
  male: "boy",
  males: "boy",
  girls: "girl",
  female: "girl",
  females: "girl",
  one: "1",
  two: "2",
  five: "5",
  six: "6",
};

function wordsOf(text) {
  const words =
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .replace(/'s\b/g, "")
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const meant = words.filter((word) => !FILLERS.has(word)).flatMap((word) => (valueIn(ALIKE, word) ?? word).split(" "));
  return meant.map((word) => word.replace(/(?<=\p{L}{3})s$/u, ""));
}

// Returns, for each figure, its words by weight: those of its label count for more than those of rules about it.
let searchIndex;
async function index() {
  const data = await known();
  searchIndex ??= data.figures.map((figure) => {
    const rules = figure.rules.slice(0, 2).map(([at]) => data.rules[at][1]);
    return {
      figure,
      label: new Set(wordsOf(figure.label)),
      more: new Set(wordsOf(`${figure.context} ${rules.join(" ")}`)),
    };
  });
  return searchIndex;
}

const starts = (words, start) =>
  words.has(start) || [...words].some((word) => start.length > 2 && word.startsWith(start));

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
  byId("found-count").textContent = words.length
    ? shown.length
      ? `${shown.length}${rest} figures, best first`
      : "No figure has these words or this value."
    : "";
}

function foundLink(figure) {
  const places = [...new Set(figure.mentions.map(([place]) => place))];
  const where = places.length
    ? `Printed in ${places.slice(0, 4).join("; ")}${places.length > 4 ? " …" : ""}`
    : sentenceCase(figure.standing);
  return make(
    "a",
    { href: addressOf(figure.reference) },
    make("span", { class: isMissing(figure.value) ? "amount missing" : "amount" }, figure.value),
    make("span", { class: "words" }, figure.label, make("span", { class: "where" }, where)),
  );
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
