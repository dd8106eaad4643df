"""One table of an engine, held to its Table Schema: columns, cells and keys. Queries stay lazy.

Nothing leaves the engine but counts, and the keys and values of at most `LISTED` rows that are
wrong; of suspected values at most `JUDGED` for each column. All counts of a table come from one
query; a further one is asked for each column or key in which something is suspected.
"""

from __future__ import annotations

import narwhals as nw

from scrdata.errors import ScrdataError
from scrdata.findings import LISTED_FINDINGS, Finding, Unsettled, quoted, shown
from scrdata.frames import kinds
from scrdata.frames.columnar import decode_codes, pandas_to_arrow
from scrdata.frames.suspicions import cell_text, expected_words, fits, judge_cell, suspicion, uniform_type
from scrdata.reading import Table, describe_problem, scalar
from scrdata.validation import in_memory
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from scrdata.fields import Field, Problem
    from scrdata.findings import Ledger, Scalar
    from scrdata.table_schema import ForeignKey, TableSchema
    from scrdata.values import Value

    Cell = Value | None
    Row = tuple[Any, ...]

LISTED = LISTED_FINDINGS
JUDGED = 10_000
# Whole tables of rules, mentions and references are small; larger ones are not read.
COLLECTED = 100_000
ONE, NONE = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)


def counted(mask: nw.Expr) -> nw.Expr:
    """Return the number of rows of which something is true."""
    return nw.when(mask).then(ONE).otherwise(NONE).sum()


class EngineTable:
    """A table of an engine, with the schema that it is held to.

    Attributes:
        name: of the table in the package.
        file: what stands for its file in findings.
        schema: its Table Schema.
        native, kind: the table as it was given, and the library it is of.
        frame: the declared columns, each in the type in which all engines compare it.
        dtypes: the types of the columns that are there and fit, by name.
        judged: so many suspected values of a column are judged.
        rows: the number of rows; known once the cells were checked.
        extremes: the least and the largest cell of each column of integers, likewise.
        distinct: the keys that were found to stand in one row each.
    """

    def __init__(self, name: str, native: Any, schema: TableSchema, file: str | None = None) -> None:  # noqa: ANN401
        self.name = name
        self.file = file or in_memory(name)
        self.schema = schema
        self.native = native
        self.kind = kinds.kind_of(native, name)
        self.names = kinds.column_names(native, self.kind)
        self.dtypes: dict[str, nw.dtypes.DType] = {}
        self.frame: nw.LazyFrame[Any] | None = None
        self.rows = 0
        self.judged = JUDGED
        self.extremes: dict[str, tuple[int, int]] = {}
        self.distinct: set[tuple[str, ...]] = set()

    def check_columns(self, ledger: Ledger) -> bool:
        """Report columns that are missing, unknown, twice there or of another type; say whether the table can be read.

        The order of the columns says nothing in a table that is no file, and is not judged.
        """
        before = ledger.errors
        declared = set(self.schema.columns)
        for name in dict.fromkeys(map(str, self.names)):
            if self.names.count(name) > 1:
                self._report(ledger, "header_names_are_unique", f"two columns are called {quoted(name)}")
            if name not in declared:
                message = f"there is a column {quoted(name)}, which the schema does not have"
                self._report(ledger, "header_is_as_declared", message, found=shown(name))
        for name in self.schema.columns:
            if name not in self.names:
                message = f"there is no column {quoted(name)}"
                self._report(ledger, "header_is_as_declared", message, expected=name)
        if ledger.errors > before:
            return False
        frame, refused = self._opened()
        for field in self.schema.fields:
            dtype = frame.collect_schema()[field.name] if field.name not in refused else None
            if dtype is None or not fits(field, dtype):
                self._refuse_type(ledger, field, refused.get(field.name, str(dtype)))
            else:
                self.dtypes[field.name] = dtype
        uniform = (self._uniform(self.schema.columns[name]) for name in self.dtypes)
        self.frame = frame.select(*uniform, *self._kept())
        return len(self.dtypes) == len(declared)

    def _opened(self) -> tuple[nw.LazyFrame[Any], dict[str, str]]:
        native, refused = self.native, {}
        if self.kind == "pandas":
            native, refused = pandas_to_arrow(native)
        elif self.kind == "pyarrow":
            native = decode_codes(native)
        opened = nw.from_native(native)
        return (opened.lazy() if isinstance(opened, nw.DataFrame) else opened), refused

    def _uniform(self, field: Field) -> nw.Expr:
        dtype = self.dtypes[field.name]
        wanted = uniform_type(field, dtype)
        return nw.col(field.name) if wanted is None or dtype == wanted else nw.col(field.name).cast(wanted)

    def _refuse_type(self, ledger: Ledger, field: Field, found: str) -> None:
        expected = expected_words(field)
        message = f"'{field.name}' is a column of type {shown(found)}, expected one of {expected}"
        values = {"column": field.name, "found": shown(found), "expected": expected}
        self._report(ledger, "column_fits_type", message, **values)
        ledger.not_checked.append(Unsettled(f"{self.name}.{field.name}", "the type of the column does not fit"))

    def _report(self, ledger: Ledger, rule: str, message: str, **values: Scalar) -> None:
        ledger.add(Finding(rule, message, file=self.file, **values))  # type: ignore[arg-type]

    def lazy(self) -> nw.LazyFrame[Any]:
        """Return the declared columns, after `check_columns` accepted them."""
        assert self.frame is not None
        return self.frame

    def check_cells(self, ledger: Ledger) -> bool:
        """Report every cell that the schema does not allow; say whether there is none.

        One query counts the rows, and the cells of each column that are suspected.
        """
        before = ledger.errors, len(ledger.not_checked)
        doubts: dict[str, nw.Expr] = {}
        for name, dtype in self.dtypes.items():
            field = self.schema.columns[name]
            doubt = suspicion(field, dtype, self._missing(field), clean=self.schema.clean)
            if doubt is not None:
                doubts[name] = doubt
        integers = [f.name for f in self.schema.fields if f.type == "integer" and f.name in self.dtypes]
        names = list(doubts)
        asked = {"rows": nw.len(), **{f"doubts{i}": counted(doubts[name]) for i, name in enumerate(names)}}
        for i, name in enumerate(integers):
            asked |= {f"least{i}": nw.col(name).min(), f"most{i}": nw.col(name).max()}
        answers = first_row(self.lazy().select(**asked, **self._further_counts()))
        self.rows = int(answers["rows"])
        self.extremes = {n: (answers[f"least{i}"] or 0, answers[f"most{i}"] or 0) for i, n in enumerate(integers)}
        wrong = [item for i, n in enumerate(names) if answers[f"doubts{i}"] for item in self._judged(n, doubts[n], ledger)]
        wrong += self._further_findings(answers, ledger)
        positions = {name: position for position, name in enumerate(self.schema.columns)}
        wrong.sort(key=lambda item: (item[0], positions[str(item[1].column)]))
        for _, finding in wrong:
            ledger.add(finding)
        ledger.count("rows", self.rows)
        ledger.count("cells", self.rows * len(self.dtypes))
        return (ledger.errors, len(ledger.not_checked)) == before

    def _judged(self, name: str, doubt: nw.Expr, ledger: Ledger) -> list[tuple[Row, Finding]]:
        """Judge the suspected values of a column, and return the findings about the first rows that have wrong ones."""
        field = self.schema.columns[name]
        groups = self.lazy().filter(doubt).group_by(name).agg(nw.len().alias(COUNT))
        wrong: dict[Any, tuple[Problem, int]] = {}
        for value, number in self._bounded(rows_of(groups.sort(name, nulls_last=True).head(self.judged + 1)), name, ledger):
            problem = judge_cell(field, value, clean=self.schema.clean)[1]
            if problem:
                wrong[value] = problem, number
        return self._listed(field, name, wrong, ledger)

    def _bounded(self, found: list[Row], name: str, ledger: Ledger) -> list[Row]:
        """Return the suspected values that are judged; that there are more is told."""
        if len(found) > self.judged:
            reason = f"more than {self.judged:,} different values would have to be looked at one by one"
            ledger.not_checked.append(Unsettled(f"{self.name}.{name}", reason))
        return found[: self.judged]

    def _listed(
        self, field: Field, name: str, wrong: dict[Any, tuple[Problem, int]], ledger: Ledger
    ) -> list[tuple[Row, Finding]]:
        """Return the findings about the first rows that have wrong values in a column; the others are counted."""
        if not wrong:
            return []
        sought = list(wrong)[:LISTED]
        texts = [value for value in sought if value is not None]
        mask = nw.col(name).is_in(texts) if texts else nw.col(name).is_null() & ~nw.col(name).is_null()
        mask = nw.when(nw.col(name).is_null()).then(nw.lit(value=False)).otherwise(mask)
        if None in wrong:
            mask |= self._missing(field)
        rows = self.located(self.lazy().filter(mask), (name,))
        for severity in ("error", "warning"):
            total = sum(number for problem, number in wrong.values() if problem.severity == severity)
            ledger.add_unlisted(total - sum(wrong[row[-1]][0].severity == severity for row in rows), severity)
        return [self._cell_finding(row, field, wrong[row[-1]][0]) for row in rows]

    def _kept(self) -> list[nw.Expr]:
        """Return what is kept of a table beside its columns."""
        return []

    def _missing(self, field: Field) -> nw.Expr:
        """Return what is true of the cells of a column that are missing."""
        return nw.col(field.name).is_null()

    def _further_counts(self) -> dict[str, nw.Expr]:
        """Return what else is counted by the query about cells."""
        return {}

    def _further_findings(self, answers: dict[str, Any], ledger: Ledger) -> list[tuple[Row, Finding]]:
        """Return findings about what else was counted."""
        del answers, ledger
        return []

    def _cell_finding(self, row: Row, field: Field, problem: Problem) -> tuple[Row, Finding]:
        words = describe_problem(field, problem, cell_text(row[-1]))
        finding = Finding(problem.rule, file=self.file, key=self.key(row), column=field.name, **words)  # type: ignore[arg-type]
        return sortable(row[:-1]), finding

    def located(self, frame: nw.LazyFrame[Any], columns: Sequence[str]) -> list[Row]:
        """Return the first rows by their key: the cells of the key, then those of some columns."""
        keys = self.schema.primary_key
        places = [nw.col(name).alias(f"{PLACE}{i}") for i, name in enumerate((*keys, *columns))]
        order = [f"{PLACE}{i}" for i in range(len(places))]
        return rows_of(frame.select(*places).sort(*order, nulls_last=True).head(LISTED))

    def key(self, row: Row) -> dict[str, Scalar]:
        """Return the primary key of a row that `located` returned, as a finding holds it."""
        cells = zip(self.schema.primary_key, row, strict=False)
        key = {name: scalar(judge_cell(self.schema.columns[name], cell, clean=False)[0]) for name, cell in cells}
        return {name: shown(value) if isinstance(value, str) else value for name, value in key.items()}

    def check_keys(self, ledger: Ledger) -> None:
        """Report missing parts of the primary key, and keys and cells that stand in several rows."""
        schema = self.schema
        ledger.count("keys", len(schema.unique_keys) + bool(schema.primary_key))
        for name in schema.primary_key:
            if not schema.columns[name].required:
                message = f"'{name}' is part of the primary key and is missing"
                self._list(self.lazy().filter(nw.col(name).is_null()), (), ledger, lambda row, message=message, name=name: (
                    Finding("primary_key_is_present", message, file=self.file, key=self.key(row), column=name)
                ))
        keys = [("primary_key_is_unique", schema.primary_key)] if schema.primary_key else []
        keys += [("unique_key_is_unique", key) for key in schema.unique_keys]
        keys += [("cell_is_unique", (field.name,)) for field in schema.fields if field.unique]
        for names in dict.fromkeys(names for _, names in keys):
            self._check_unique(names, [rule for rule, key in keys if key == names], ledger)

    def _check_unique(self, names: tuple[str, ...], rules: list[str], ledger: Ledger) -> None:
        frame = self.lazy()
        for name in names:
            frame = frame.filter(~nw.col(name).is_null())
        groups = frame.group_by(*names).agg(nw.len().alias(COUNT)).filter(nw.col(COUNT) > 1)
        found = rows_of(groups.select(*names, COUNT).sort(*names).head(LISTED + 1))
        if not found:
            self.distinct.add(names)
            return
        total = len(found) if len(found) <= LISTED else int(first_row(groups.select(n=nw.len()))["n"])
        for rule in rules:
            for *cells, number in found[:LISTED]:
                ledger.add(self._duplicate(rule, names, cells, number))
            ledger.add_unlisted(total - len(found[:LISTED]))

    def _duplicate(self, rule: str, names: tuple[str, ...], cells: Sequence[Any], number: int) -> Finding:
        values = [judge_cell(self.schema.columns[name], cell, clean=False)[0] for name, cell in zip(names, cells, strict=True)]
        words = ", ".join(f"{name} {quoted(scalar(part))}" for name, part in zip(names, values, strict=True))
        found = scalar(values[0]) if len(values) == 1 else shown(", ".join(map(to_text, values)))
        key = {name: scalar(value) for name, value in zip(names, values, strict=True)}
        whole = set(self.schema.primary_key) <= set(names)
        return Finding(
            rule,
            f"{words} stands in {number} rows",
            file=self.file,
            key={name: key[name] for name in self.schema.primary_key} if whole else {},
            column=names[0] if len(names) == 1 else None,
            found=found,
        )

    def check_foreign_key(self, key: ForeignKey, target: EngineTable, ledger: Ledger) -> None:
        """Report rows that refer to a row which another table of the same engine does not have."""
        ledger.count("foreign_keys")
        here = self.lazy()
        given = [nw.col(name).is_null() for name in key.fields]
        empty = given[0]
        for part in given[1:]:
            empty &= part
        here = here.filter(~empty)
        names = [f"{PLACE}key{i}" for i in range(len(key.columns))]
        there = target.lazy().select(**{new: nw.col(old) for new, old in zip(names, key.columns, strict=True)})
        types = here.collect_schema(), there.collect_schema()
        if all(types[0][a] == types[1][b] for a, b in zip(key.fields, names, strict=True)):
            here = here.join(there, left_on=list(key.fields), right_on=names, how="anti")
        expected = f"a value of {target.name}.{','.join(key.columns)}"

        def finding(row: Row) -> Finding:
            cells = row[len(self.schema.primary_key) :]
            value = shown(", ".join(map(cell_text, cells)))
            message = f"{', '.join(key.fields)} is {quoted(value)}, which no row of '{target.name}' has"
            values = {"column": key.fields[0], "found": value, "expected": expected}
            return Finding("foreign_key_exists", message, file=self.file, key=self.key(row), **values)  # type: ignore[arg-type]

        self._list(here, key.fields, ledger, finding)

    def _list(
        self, wrong: nw.LazyFrame[Any], columns: Sequence[str], ledger: Ledger, finding: Callable[[Row], Finding]
    ) -> None:
        """Report the rows of a frame, all of which are wrong; those beyond the first are counted."""
        number = int(first_row(wrong.select(n=nw.len()))["n"])
        rows = self.located(wrong, columns) if number else []
        for row in rows:
            ledger.add(finding(row))
        ledger.add_unlisted(number - len(rows))

    def collect(self, columns: Iterable[str]) -> Table | None:
        """Return some columns as a table, sorted by its key; `None` if there are too many rows."""
        if self.rows > COLLECTED:
            return None
        names = list(columns)
        rows = rows_of(self.lazy().select(*names).sort(*names, nulls_last=True))
        fields = [self.schema.columns[name] for name in names]
        cells = [[judge_cell(f, row[i], clean=False)[0] for row in rows] for i, f in enumerate(fields)]
        return Table(self.name, self.file, self.schema, dict(zip(names, cells, strict=True)), [0] * len(rows))


# Names that stand for no column of a table.
COUNT, PLACE = "__scrdata_count", "__scrdata_"


def rows_of(frame: nw.LazyFrame[Any]) -> list[Row]:
    """Ask the engine for the rows of a frame.

    Raises:
        ScrdataError: the engine could not answer.
    """
    try:
        if frame.implementation.is_duckdb():
            # Straight to Python, without the detour by way of Arrow that `collect` takes.
            return list(frame.to_native().fetchall())
        return [tuple(row) for row in frame.collect().rows()]
    except nw.exceptions.NarwhalsError as problem:
        raise ScrdataError(f"the engine refused a query: {shown(str(problem))}") from None


def first_row(frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    """Ask the engine for a frame of one row; return its cells by name."""
    return dict(zip(frame.collect_schema().names(), rows_of(frame)[0], strict=True))


def sortable(row: Row) -> Row:
    """Return what orders a row by its cells, missing ones last."""
    return tuple((cell is None, cell) if cell is not None else (True, "") for cell in row)
