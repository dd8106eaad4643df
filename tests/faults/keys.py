"""Faults of keys: rows repeated and dropped, keys of every type, one value in two spellings, other columns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from scrdata.values import TYPES
from tests.faults.cells import CELLS, GOOD
from tests.faults.fault import (
    BRANCHES,
    BRANCHES_SCHEMA,
    DESCRIPTOR,
    LOANS,
    LOANS_SCHEMA,
    TABLES,
    Fault,
    Wanted,
    line_numbers,
    lines_of,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import PackageFolder

UNIQUE = ("primary_key_is_unique", "unique_key_is_unique", "rule_id_is_unique", "discrepancy_is_registered_once")
# Two spellings of one value.
ALIKE = {
    "number": [("1", "1.0"), ("1.50", "1.5"), ("100", "1e2"), ("0", "-0.0"), ("0", "0e5")],
    "boolean": [("true", "1"), ("False", "0"), ("TRUE", "True")],
    "time": [("12:00:00", "12:00:00.0"), ("12:00:00Z", "12:00:00+00:00"), ("12:00:00Z", "13:00:00+01:00")],
    "datetime": [
        ("2010-03-31T12:00:00Z", "2010-03-31T13:00:00+01:00"),
        ("2010-03-31T12:00:00", "2010-03-31T12:00:00.000"),
    ],
    "geopoint": [("0, 51.5", "0,51.50")],
}
_KEYS = ("integer", "number", "boolean", "date", "time", "datetime", "year", "yearmonth", "duration", "geopoint")
NO_COLUMNS = ("", " ", "branch id", "Branch_id", "branch_id ", "branch_id\n", "brаnch_id", "0", "branch_id,name", "*")  # noqa: RUF001


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    for file in TABLES[:3]:
        for number in list(line_numbers(file))[1:]:
            for other in list(line_numbers(file))[1:]:
                yield Fault(f"row {number} again after {other}, {file}", partial(_repeat, file, number, other))
            yield Fault(f"row {number} dropped, {file}", partial(_drop, file, number))
    yield from _of_types()
    yield from _of_schemas()
    yield from _dangling()


def _repeat(file: str, number: int, other: int, package: PackageFolder) -> Wanted:
    lines = lines_of(package, file)
    lines.insert(other, lines[number - 1])
    write_lines(package, file, lines)
    return Wanted(UNIQUE, file, [max(other + 1, number + (other < number))])


def _drop(file: str, number: int, package: PackageFolder) -> Wanted:
    package.write(file, "".join(f"{line}\n" for i, line in enumerate(lines_of(package, file), 1) if i != number))
    line = package.line(DESCRIPTOR, "resources", TABLES.index(file), "scrdata:rows")
    return Wanted(("row_count_is_as_declared",), DESCRIPTOR, [line])


def _of_types() -> Iterator[Fault]:
    for kind in _KEYS:
        pairs = [*ALIKE.get(kind, ()), *((cell, cell) for cell in GOOD[kind])]
        for first, second in pairs:
            for name, schema, rule in (
                ("primaryKey", {"primaryKey": ["cell"]}, "primary_key_is_unique"),
                ("uniqueKeys", {"uniqueKeys": [["cell"]]}, "unique_key_is_unique"),
                ("unique", {}, "cell_is_unique"),
            ):
                field: dict[str, Any] = {"type": kind, "constraints": {"unique": True} if name == "unique" else {}}
                spoil = partial(_alike, field, (first, second), schema, rule)
                yield Fault(f"{kind} {name} {first!r} and {second!r}", spoil)
        yield Fault(f"{kind} key missing", partial(_no_key, kind))


def _alike(
    field: dict[str, Any], cells: tuple[str, str], schema: dict[str, Any], rule: str, package: PackageFolder
) -> Wanted:
    package.add_column(field, *cells, **schema)
    return Wanted((rule,), CELLS, [3])


def _no_key(kind: str, package: PackageFolder) -> Wanted:
    package.add_column({"type": kind}, GOOD[kind][0], "", primaryKey=["cell"])
    return Wanted(("primary_key_is_present",), CELLS, [3])


def _of_schemas() -> Iterator[Fault]:
    rules = ("key_names_known_columns", "property_has_right_type")
    for name in NO_COLUMNS:
        for file, path in (
            (BRANCHES_SCHEMA, ("primaryKey", 0)),
            (LOANS_SCHEMA, ("primaryKey", 0)),
            (LOANS_SCHEMA, ("primaryKey", 1)),
            (LOANS_SCHEMA, ("uniqueKeys", 0, 1)),
            (LOANS_SCHEMA, ("foreignKeys", 0, "fields", 0)),
            (LOANS_SCHEMA, ("foreignKeys", 0, "reference", "fields", 0)),
            (BRANCHES_SCHEMA, ("foreignKeys", 0, "reference", "fields", 0)),
            (LOANS_SCHEMA, ("fields", 4, "scrdata:wholeOf")),
        ):
            yield Fault(f"column {name!r} {file} {path}", partial(_name, file, path, name, rules))
    for name in (
        "branch",
        "Branches",
        "branches ",
        "data/branches.csv",
        "branches.csv",
        "self",
        "*",
        "schemas/branches.json",
    ):
        spoil = partial(
            _name, LOANS_SCHEMA, ("foreignKeys", 0, "reference", "resource"), name, ("foreign_key_names_known_table",)
        )
        yield Fault(f"table {name!r}", spoil)
    for kind in TYPES:
        if kind != "string":
            yield Fault(f"key of type {kind} to text", partial(_other_type, kind))


def _name(file: str, path: tuple[str | int, ...], name: str, rules: tuple[str, ...], package: PackageFolder) -> Wanted:
    package.edit(file, *path, to=name)
    first = package.line(file, path[0])
    last = package.line(file, *path)
    return Wanted(rules, file, range(first, last + 1))


def _other_type(kind: str, package: PackageFolder) -> Wanted:
    key = {"fields": ["cell"], "reference": {"resource": "branches", "fields": ["branch_id"]}}
    position = package.add_column({"type": kind}, foreignKeys=[key])
    first = package.line(DESCRIPTOR, "resources", position, "schema", "foreignKeys")
    return Wanted(("foreign_key_types_agree", "property_is_implemented"), DESCRIPTOR, range(first, first + 8))


SLIPS = ("nort", "North", "north ", "nord", "northh", "-", "0", "NA", "north;south", "nоrth", "n", "south\u200b")  # noqa: RUF001


def _dangling() -> Iterator[Fault]:
    rules = ("foreign_key_exists", "text_is_clean", "cell_matches_pattern")
    for number in list(line_numbers(LOANS))[1:]:
        for slip in SLIPS:
            yield Fault(f"{LOANS} {number} refers to {slip!r}", partial(_refer, LOANS, number, 0, slip, rules))
    for number in list(line_numbers(BRANCHES))[1:]:
        for slip in SLIPS:
            yield Fault(f"{BRANCHES} {number} refers to {slip!r}", partial(_refer, BRANCHES, number, -1, slip, rules))
    for number in list(line_numbers(LOANS))[1:]:
        for slip in ("Adult", "adults", "adult ", "1", "kind", "adult|child", "*", "ADULT", "child\u00a0"):
            wanted = ("cell_is_a_category",)
            yield Fault(f"{LOANS} {number} of kind {slip!r}", partial(_refer, LOANS, number, 1, slip, wanted))


def _refer(file: str, number: int, column: int, cell: str, rules: tuple[str, ...], package: PackageFolder) -> Wanted:
    lines = lines_of(package, file)
    cells = lines[number - 1].split(",")
    cells[column] = cell
    lines[number - 1] = ",".join(cells)
    write_lines(package, file, lines)
    return Wanted(rules, file, [number])
