// Tables: sorted, searched, filtered by column, and downloaded as they are shown.

function equip(details) {
  const table = details.querySelector("table[data-table]");
  if (!table || table.dataset.equipped) return;
  table.dataset.equipped = "yes";
  const heads = [...table.tHead.rows[0].cells];
  const state = {
    table,
    heads,
    rows: [...table.tBodies[0].rows],
    filters: heads.map(() => ""),
    search: "",
    count: make("p", { role: "status", class: "hint" }),
  };
  heads.forEach((head, at) => {
    const label = head.textContent;
    head.replaceChildren(make("button", { type: "button", click: () => sort(state, at) }, label));
  });
  table.tHead.append(
    make("tr", { class: "column-filters" }, ...heads.map((head, at) => make("td", {}, columnFilter(state, at)))),
  );
  const id = `search-${table.dataset.table}`;
  const search = make("input", {
    id,
    type: "search",
    input: (event) => {
      state.search = event.target.value.toLowerCase();
      refresh(state);
    },
  });
  const save = make("button", { type: "button", click: () => download(state) }, "Download the rows shown (CSV)");
  table.parentElement.before(
    make(
      "div",
      { class: "tools" },
      make("div", {}, make("label", { for: id }, "Search this table"), search),
      save,
      state.count,
    ),
  );
  refresh(state);
}

const NOT_PRINTED = "not printed";
const isMissing = (text) => text === "" || text === NOT_PRINTED;
const textOf = (row, at) => row.cells[at].textContent;

// Returns the control that filters a column: a choice where few values occur, else a text.
function columnFilter(state, at) {
  const label = `Filter by ${state.heads[at].textContent}`;
  const values = [...new Set(state.rows.map((row) => textOf(row, at)))];
  const change = (event) => {
    state.filters[at] = event.target.value.toLowerCase();
    refresh(state);
  };
  if (values.length > 12 || values.length === state.rows.length || state.heads[at].classList.contains("number")) {
    return make("input", { "aria-label": label, input: change });
  }
  const options = values
    .filter(Boolean)
    .map((value) => make("option", { value: `=${value}` }, value.length > 40 ? `${value.slice(0, 40)}…` : value));
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
  const lines = [
    names,
    ...state.rows.filter((row) => !row.hidden).map((row) => names.map((name, at) => cell(row, at))),
  ];
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
