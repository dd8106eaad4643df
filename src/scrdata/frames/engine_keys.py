"""The keys of a table of an engine: rows that share one, and rows that refer to none."""

from __future__ import annotations

import contextlib

import narwhals as nw

from scrdata.findings import Unsettled, quoted, shown
from scrdata.frames.engines import LISTED
from scrdata.frames.queries import COUNT, PLACE, NotInEngineError, first_row, rows_of
from scrdata.reading import scalar
from scrdata.tidiness import FREE_TYPES
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from scrdata.fields import Field
    from scrdata.findings import Finding, Ledger, Scalar
    from scrdata.frames.engines import EngineTable, Located
    from scrdata.table_schema import ForeignKey
    from scrdata.values import Value

    Cell = Value | None

FIRST = f"{PLACE}first"
# What says nothing about the cells of a column.
_DESCRIPTIVE = ("name", "title", "description", "example", "rdfType")


def check_keys(table: EngineTable, ledger: Ledger) -> None:
    """Report missing parts of the primary key, and keys and cells that stand in several rows."""
    schema = table.schema
    ledger.count("keys", len(schema.unique_keys) + bool(schema.primary_key))
    for name in schema.primary_key:
        if not schema.columns[name].required:
            with _unless_refused(f"key {table.name}.{name}", ledger):
                _check_present(table, name, ledger)
    keys = [("primary_key_is_unique", schema.primary_key)] if schema.primary_key else []
    keys += [("unique_key_is_unique", key) for key in schema.unique_keys]
    keys += [("cell_is_unique", (field.name,)) for field in schema.fields if field.unique]
    for names in dict.fromkeys(names for _, names in keys):
        with _unless_refused(f"key {table.name}.{','.join(names)}", ledger):
            _check_unique(table, names, [rule for rule, key in keys if key == names], ledger)


@contextlib.contextmanager
def _unless_refused(check: str, ledger: Ledger) -> Iterator[None]:
    """List a check as not made where the engine refuses what it has to ask."""
    try:
        yield
    except NotInEngineError as problem:
        ledger.not_checked.append(Unsettled(check, str(problem)))


def _check_present(table: EngineTable, name: str, ledger: Ledger) -> None:
    message = f"'{name}' is part of the primary key and is missing"
    wrong = table.lazy().filter(nw.col(name).is_null())
    _list(table, wrong, (), ledger, lambda row: table.finding("primary_key_is_present", message, row, name))


def _list(
    table: EngineTable,
    wrong: nw.LazyFrame[Any],
    columns: Sequence[str],
    ledger: Ledger,
    finding: Callable[[Located], Finding],
) -> None:
    """Report the rows of a frame, all of which are wrong; those beyond the first are counted."""
    number = int(first_row(wrong.select(n=nw.len()))["n"])
    rows = table.located(wrong, columns) if number else []
    for row in rows:
        ledger.add(finding(row))
    ledger.add_unlisted(number - len(rows))


def _check_unique(table: EngineTable, names: tuple[str, ...], rules: list[str], ledger: Ledger) -> None:
    if table.is_ascending(names):
        table.distinct.add(names)
        return
    frame = table.lazy()
    for name in names:
        frame = frame.filter(~nw.col(name).is_null())
    measures = [nw.len().alias(COUNT), *([nw.col(table.place).min().alias(FIRST)] if table.place else [])]
    groups = frame.group_by(*names).agg(*measures).filter(nw.col(COUNT) > 1)
    sums = first_row(groups.select(groups=nw.len(), rows=nw.col(COUNT).sum()))
    if not sums["groups"]:
        table.distinct.add(names)
        return
    surplus = int(sums["rows"]) - int(sums["groups"])
    found = _later_rows(table, frame, groups, names) if table.place else _repeated_keys(table, groups, names)
    for rule in rules:
        for make in found:
            ledger.add(make(rule))
        ledger.add_unlisted(surplus - len(found))


def _later_rows(
    table: EngineTable, frame: nw.LazyFrame[Any], groups: nw.LazyFrame[Any], names: tuple[str, ...]
) -> list[Callable[[str], Finding]]:
    """Return findings about the first rows whose key stands in an earlier row."""
    renamed = {f"{PLACE}same{i}": nw.col(name) for i, name in enumerate(names)}
    earlier = groups.select(nw.col(FIRST), **renamed)
    assert table.place is not None
    joined = frame.join(earlier, left_on=list(names), right_on=list(renamed), how="inner")
    rows = table.located(joined.filter(nw.col(table.place) > nw.col(FIRST)), [FIRST, *map(table.spelling, names)])
    lines = table.lines_of([row.cells[0] for row in rows])

    def about(row: Located, line: int | None) -> Callable[[str], Finding]:
        values = [table.value(name, cell) for name, cell in zip(names, row.cells[1:], strict=True)]
        message = f"{_words(names, values)} already stands on line {line}"
        column = names[0] if len(names) == 1 else None
        return lambda rule: table.finding(rule, message, row, column, found=_found(values))

    return [about(row, line) for row, line in zip(rows, lines, strict=True)]


def _repeated_keys(
    table: EngineTable, groups: nw.LazyFrame[Any], names: tuple[str, ...]
) -> list[Callable[[str], Finding]]:
    """Return findings about the first keys that stand in several rows, where rows have no number."""
    is_whole = set(table.schema.primary_key) <= set(names)

    def about(cells: Sequence[object], number: int) -> Callable[[str], Finding]:
        values = [table.value(name, cell) for name, cell in zip(names, cells, strict=True)]
        shown_key = {name: scalar(value) for name, value in zip(names, values, strict=True)}
        key = {n: shown_key[n] for n in table.schema.primary_key} if is_whole else {}
        message = f"{_words(names, values)} stands in {number} rows"
        column = names[0] if len(names) == 1 else None
        return lambda rule: table.finding(rule, message, None, column, found=_found(values)).changed(key=key)

    rows = rows_of(groups.select(*names, COUNT).sort(*names).head(LISTED))
    return [about(cells, number) for *cells, number in rows]


def _words(names: Sequence[str], values: Sequence[Cell]) -> str:
    return ", ".join(f"{name} {quoted(scalar(part))}" for name, part in zip(names, values, strict=True))


def _found(values: Sequence[Cell]) -> Scalar:
    return scalar(values[0]) if len(values) == 1 else shown(", ".join(map(to_text, values)))


def borrow_columns(table: EngineTable, accepted: Mapping[str, EngineTable]) -> None:
    """Note columns of texts that need not be judged, as all their cells stand in a column that is held to the same."""
    for key in table.schema.foreign_keys:
        target = accepted.get(key.table)
        if target is None or len(key.fields) > 1 or key.columns[0] not in target.certain:
            continue
        field, judged = table.schema.columns[key.fields[0]], target.schema.columns[key.columns[0]]
        if (
            field.type not in FREE_TYPES
            or field.name not in table.dtypes
            or _demands(table, field) != _demands(target, judged)
        ):
            continue
        there = target.lazy().select(**{FIRST: nw.col(judged.name)})
        here = table.lazy().select(field.name).filter(~nw.col(field.name).is_null())
        orphans = here.join(there, left_on=field.name, right_on=FIRST, how="anti")
        if not first_row(orphans.select(n=nw.len()))["n"]:
            table.borrowed[field.name] = key


def _demands(table: EngineTable, field: Field) -> object:
    """Return all that a cell is held to by itself, unless it is missing."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    named = {name: value for name, value in field.properties.items() if name not in _DESCRIPTIVE}
    held = {name: value for name, value in constraints.items() if name not in ("required", "unique")}
    return table.schema.clean, field.missing_values, {**named, "constraints": held}


def check_foreign_key(table: EngineTable, key: ForeignKey, target: EngineTable, ledger: Ledger) -> None:
    """Report rows that refer to a row which another table of the same engine does not have."""
    if table.borrowed.get(key.fields[0]) is key:
        ledger.count("foreign_keys")
        return
    check = f"foreign key {table.name}.{','.join(key.fields)}"
    if not table.zoned.isdisjoint(key.fields) or not target.zoned.isdisjoint(key.columns):
        reason = "times with a zone are not compared between tables of an engine"
        ledger.not_checked.append(Unsettled(check, reason))
        return
    ours, theirs = ([f"{PLACE}{side}{i}" for i in range(len(key.fields))] for side in ("here", "there"))
    types = [
        [side.lazy().collect_schema()[n] for n in names] for side, names in ((table, key.fields), (target, key.columns))
    ]
    here = table.lazy().with_columns(*_joinable(table, key.fields, ours, types[1]))
    there = target.lazy().select(*_joinable(target, key.columns, theirs, types[0]))
    missing = nw.col(key.fields[0]).is_null()
    for name in key.fields[1:]:
        missing &= nw.col(name).is_null()
    here = here.filter(~missing)
    comparable = [_is_comparable(table, a, target, b) for a, b in zip(key.fields, key.columns, strict=True)]
    if not all(comparable):
        reason = f"{', '.join(key.fields)} holds values that the engine does not compare exactly"
        ledger.not_checked.append(Unsettled(check, reason))
        return
    here = here.join(there, left_on=ours, right_on=theirs, how="anti")
    expected = f"a value of {target.name}.{','.join(key.columns)}"

    def finding(row: Located) -> Finding:
        cells = [table.value(name, cell) for name, cell in zip(key.fields, row.cells, strict=True)]
        value = shown(", ".join(map(to_text, cells)))
        message = f"{', '.join(key.fields)} is {quoted(value)}, which no row of '{target.name}' has"
        return table.finding("foreign_key_exists", message, row, key.fields[0], found=value, expected=expected)

    with _unless_refused(check, ledger):
        _list(table, here, [table.spelling(name) for name in key.fields], ledger, finding)
        ledger.count("foreign_keys")


def _is_comparable(table: EngineTable, name: str, target: EngineTable, column: str) -> bool:
    """Say whether the engine can tell exactly whether values of two columns are equal."""
    ours, theirs = table.lazy().collect_schema()[name], target.lazy().collect_schema()[column]
    if ours == theirs:
        return True
    if not ours.is_numeric() or not theirs.is_numeric():
        return False
    sides = ((table, name, ours), (target, column, theirs))
    return all(dtype.is_float() or abs(bound) < 2**53 for t, n, dtype in sides for bound in t.extremes.get(n, (2**53,)))


def _joinable(
    table: EngineTable, names: Sequence[str], new: Sequence[str], others: Sequence[nw.dtypes.DType]
) -> list[nw.Expr]:
    """Return the parts of a key under other names, each in a type that both sides have.

    Of several parts each becomes a text, so that two that are missing are equal too.
    """
    parts = []
    types = table.lazy().collect_schema()
    for old, name, other in zip(names, new, others, strict=True):
        is_mixed = types[old] != other and types[old].is_numeric() and other.is_numeric()
        part = nw.col(old).cast(nw.Float64) if is_mixed else nw.col(old)
        if len(names) > 1:
            text = nw.concat_str(nw.lit("="), part.cast(nw.String))
            part = nw.when(nw.col(old).is_null()).then(nw.lit("")).otherwise(text)
        parts.append(part.alias(name))
    return parts
