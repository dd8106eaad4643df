// Evaluations along the year, by region and Board.

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
    byId("timeline-count").replaceChildren(
      `${choice.label}: `,
      total,
      choice.values[0] === "1" ? " evaluation" : " evaluations",
      ...words,
      ".",
    );
  };
  byId("region").addEventListener("change", (event) => {
    byId("board").value = "";
    choose("region", event.target.value);
  });
  byId("board").addEventListener("change", (event) => {
    byId("region").value = "";
    choose("board", event.target.value);
  });
}

// Cases, by factor and agency.

function startCases() {
  const filters = byId("case-filter");
  if (!filters) return;
  filters.addEventListener("change", async () => {
    const [factor, agency] = [byId("factor").value, byId("agency").value];
    const { cases } = await known();
    const chosen = cases.filter(
      (item) => (!factor || item.factors.includes(factor)) && (!agency || item.agencies.includes(agency)),
    );
    const isAll = !factor && !agency;
    byId("case-count").textContent = isAll ? "" : `${chosen.length} of ${cases.length} cases`;
    byId("case-list").replaceChildren(
      ...(isAll
        ? []
        : chosen.map((item) =>
            make("li", {}, item.lesson, " ", make("span", { class: "source" }, `(para ${item.paragraphs})`)),
          )),
    );
  });
}
