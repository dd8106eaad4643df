"""CSV bytes to a `Table`: typed columns whose rows know their line. Nothing else opens a CSV.

`delimited` splits the bytes; here the header is held to the schema, and each different text of a
column is read once.
"""

from __future__ import annotations

from array import array

from scrdata.delimited import Broken, DelimitedText
from scrdata.errors import ScrdataError
from scrdata.fields import SUMMABLE, Problem
from scrdata.findings import Finding, Ledger, quoted, shown
from scrdata.limits import DEFAULT, Limits, reached
from scrdata.records import Record
from scrdata.tidiness import FREE_TYPES, all_tidy, untidiness
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrdata.delimited import Rows
    from scrdata.descriptor import Resource
    from scrdata.fields import Field
    from scrdata.findings import Scalar
    from scrdata.table_schema import TableSchema
    from scrdata.values import Value

    Cell = Value | None


# So many different texts are worth making the quick form of a pattern for.
LEAST_TOGETHER = 200


class Table(Record):
    """A table that was read: values by column, in the order of the rows.

    Attributes:
        name: of the resource.
        file: path within the package.
        schema: its Table Schema.
        columns: column name to the values of all rows; `None` is missing.
        lines: for each row, the line of the file on which it starts; 0 in a table that is no file.
    """

    name: str
    file: str
    schema: TableSchema
    columns: dict[str, Sequence[Cell]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def key(self, row: int) -> dict[str, Scalar]:
        """Return the primary key of a row (counted from 0), as text and numbers."""
        key = {name: scalar(self.columns[name][row]) for name in self.schema.primary_key}
        return {name: shown(value) if isinstance(value, str) else value for name, value in key.items()}

    def finding(
        self, rule: str, message: str, row: int | None = None, column: str | None = None, **rest: object
    ) -> Finding:
        """Return a finding about the table, one row (counted from 0), or one cell."""
        line = 0 if row is None else self.lines[row]
        return Finding(
            rule,
            message,
            file=self.file,
            line=line or None,
            row=row + 1 if row is not None and line else None,
            key={} if row is None else self.key(row),
            column=column,
            **rest,  # type: ignore[arg-type]
        )


def scalar(value: Cell) -> Scalar:
    """Return a value as reports print it: numbers and flags as they are, everything else as text."""
    return value if value is None or isinstance(value, (bool, int)) else to_text(value)


def read_table(
    resource: Resource, data: bytes, ledger: Ledger, limits: Limits = DEFAULT, *, doubtful: bool = False
) -> Table | None:
    """Read the bytes of a resource as the table that its schema describes.

    Everything that is wrong is reported to the ledger. The table is returned only if every cell is
    of its type and within its constraints, so that later checks may rely on that.

    Args:
        resource: the table's description.
        data: its bytes.
        ledger: takes the findings.
        limits: how long rows and cells may be, and how many columns there may be.
        doubtful: return the table all the same where cells are wrong; such a cell is missing then,
            unless it is a number, if one that breaks a constraint.
    """
    schema = resource.schema
    assert schema is not None
    before = ledger.errors
    reader = _Reader(schema, ledger.most)
    try:
        text = DelimitedText(data, resource.delimiter, limits)
        check_header(text.header, schema)
        for rows in text.pieces():
            reader.take(rows)
            _require_room(ledger.held + reader.cells, limits)
    except Broken as broken:
        ledger.add(Finding(file=resource.path, **broken.finding))  # type: ignore[arg-type]
        return None
    table = Table(resource.name, resource.path, schema, reader.columns, reader.lines)  # type: ignore[arg-type]
    reader.report(table, ledger)
    ledger.count("rows", len(table))
    ledger.count("cells", reader.cells)
    ledger.held += reader.cells
    return table if doubtful or ledger.errors == before else None


def _require_room(cells: int, limits: Limits) -> None:
    """Raise `Broken` if so many cells are more than a package may have."""
    if cells > limits.cells:
        message = f"the tables up to here have {reached(limits, 'cells')}, or read large files with --engine duckdb"
        raise Broken("table_size_is_allowed", message, None)


class _Reader:
    """Reads the rows of a table, and keeps what is wrong with as many cells as can be listed.

    Args:
        schema: of the table.
        most: so many errors are listed, and so many warnings.
    """

    def __init__(self, schema: TableSchema, most: int) -> None:
        self.schema = schema
        self.most = most
        self.columns: dict[str, list[Cell]] = {field.name: [] for field in schema.fields}
        self.lines = array("q")
        self.problems: dict[str, list[tuple[int, int, Problem, str]]] = {"error": [], "warning": []}
        self.unlisted = {"error": 0, "warning": 0}

    @property
    def cells(self) -> int:
        """How many cells were read."""
        return len(self.lines) * len(self.columns)

    def take(self, rows: Rows) -> None:
        """Read some more rows."""
        wrong: list[tuple[int, int, Problem, str]] = []
        for position, (field, cells) in enumerate(zip(self.schema.fields, rows.columns, strict=True)):
            values, found = _read_cells(field, cells, clean=self.schema.clean)
            self.columns[field.name] += values
            wrong += [(len(self.lines) + place, position, problem, text) for place, problem, text in found]
        self.lines.extend(rows.lines)
        # There is one problem of a cell at most: places alone decide.
        for item in sorted(wrong):
            severity = item[2].severity
            if len(self.problems[severity]) < self.most:
                self.problems[severity].append(item)
            else:
                self.unlisted[severity] += 1

    def report(self, table: Table, ledger: Ledger) -> None:
        """Report what is wrong, in the order of the cells."""
        listed = [*self.problems["error"], *self.problems["warning"]]
        for row, position, problem, text in sorted(listed):
            field = self.schema.fields[position]
            parts = describe_problem(field, problem, text)
            ledger.add(table.finding(problem.rule, row=row, column=field.name, **parts))
        for severity, number in self.unlisted.items():
            ledger.add_unlisted(number, severity)


def read_undescribed(file: str, data: bytes, delimiter: str) -> dict[str, list[str]]:
    """Read the bytes of a table that nothing describes yet: the texts of all cells, column by column.

    Args:
        file: the path of the file, for messages.
        data: its bytes.
        delimiter: one character.

    Raises:
        ScrdataError: the file cannot be read strictly, or its header cannot be that of a table.
    """
    try:
        text = DelimitedText(data, delimiter)
        _check_names(text.header)
        columns = text.rows().columns
    except Broken as broken:
        finding = Finding(file=file, **broken.finding)  # type: ignore[arg-type]
        raise ScrdataError(f"{finding.place}: {finding.message}") from None
    return dict(zip(text.header, columns, strict=True))


def _check_names(header: list[str]) -> None:
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise Broken("header_names_are_unique", f"the header names {quoted(name)} twice", 1)
        if not name or not name.isprintable():
            message = f"the header names a column {quoted(name)}, where a visible text was expected"
            raise Broken("header_is_as_declared", message, 1)
        seen.add(name)


def check_header(header: list[str], schema: TableSchema) -> None:
    """Raise `Broken` unless the header names the columns of the schema, in their order."""
    names = [field.name for field in schema.fields]
    if header == names:
        return
    twice = {name for name in header if header.count(name) > 1} if len(header) < 1000 else set()
    if twice:
        message = f"the header names {quoted(min(twice))} twice"
        raise Broken("header_names_are_unique", message, 1)
    wrong = next((i for i, pair in enumerate(zip(header, names, strict=False)) if pair[0] != pair[1]), None)
    if wrong is None:
        message = f"the header has {len(header)} columns, the schema {len(names)}"
    else:
        message = f"column {wrong + 1} is called {quoted(header[wrong])}, the schema calls it {quoted(names[wrong])}"
    found, expected = shown(",".join(header[:1000])), shown(",".join(names[:1000]))
    raise Broken("header_is_as_declared", message, 1, found=found, expected=expected)


def _read_cells(
    field: Field, cells: Sequence[str], *, clean: bool
) -> tuple[list[Cell], list[tuple[int, Problem, str]]]:
    """Read some cells of a column; return values, and what is wrong with the cells at which places."""
    # In the order of the file, so that a limit is reached at the same cell in every run.
    texts = list(dict.fromkeys(cells))
    found, wrong = _read_texts(field, texts, clean=clean)
    values = found if len(texts) == len(cells) else list(map(dict(zip(texts, found, strict=True)).get, cells))
    return values, [(place, wrong[text], text) for place, text in enumerate(cells) if text in wrong] if wrong else []


def _read_texts(field: Field, texts: list[str], *, clean: bool) -> tuple[list[Cell], dict[str, Problem]]:
    """Read different texts of a column; return the value of each, and what is wrong with them."""
    free = field.type in FREE_TYPES
    together = field.parse_together(texts) if len(texts) >= LEAST_TOGETHER else None
    if together is not None and all_tidy(texts, free=free):
        return together, {}
    values: list[Cell] = []
    wrong: dict[str, Problem] = {}
    for text in texts:
        value, problem = field.parse(text)
        untidy = None if problem else untidiness(text, free=free)
        if untidy:
            problem = Problem("text_is_clean", f"no {untidy}", "error" if clean else "warning")
        if problem:
            wrong[text] = problem
            if problem.severity == "error" and field.type not in SUMMABLE:
                value = None
        values.append(value)
    return values, wrong


def describe_problem(field: Field, problem: Problem, text: str) -> dict[str, str]:
    """Return the parts of the finding about a cell that say what is wrong with it."""
    found = "missing" if text in field.missing_values else quoted(text)
    expected = shown(problem.expected)
    message = f"'{field.name}' is {found}, expected {expected}"
    return {"message": message, "severity": problem.severity, "found": shown(text), "expected": expected}
