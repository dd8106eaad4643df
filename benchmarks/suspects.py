"""Plants errors in a generated package and times `scrdata suspects` on it: `python3 dev.py benchmark`.

The package has ten tables of 40 by 25 counts, 10,000 cells in all, and 2,000 rules: the total of
each row, of each column and of each table, and equations between cells of two tables. Five cells
are then changed. Printed are the processor time and elapsed time of whole processes, and how many
of the changed cells were named with the value that they had. Needs a POSIX system.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES, ROWS, COLUMNS, RULES, ERRORS = 10, 40, 25, 2_000, 5
SEEDS = (1, 2, 3, 4, 5)
LARGEST = 500
CHANGES = (-30, -7, -1, 1, 4, 19, 90)

Table = dict[tuple[str, str], int]


class Planted(NamedTuple):
    """A cell that was changed: its table, its data row from 1, and what it was."""

    table: str
    row: int
    value: int


def generate(folder: Path, seed: int) -> list[Planted]:
    """Write a package with errors into a folder; return where they are.

    Args:
        folder: that exists and is empty.
        seed: the same package comes of the same seed.
    """
    chance = random.Random(seed)  # noqa: S311  (nothing here is secret)
    tables: dict[str, Table] = {
        f"t{number}": {
            (f"r{row}", f"c{column}"): chance.randint(0, LARGEST) for row in range(ROWS) for column in range(COLUMNS)
        }
        for number in range(TABLES)
    }
    rules = [rule for name, table in tables.items() for rule in totals_of(name, table)]
    rules += [equation_between(tables, chance) for _ in range(RULES - len(rules))]
    cells = [(name, key) for name, table in tables.items() for key in table]
    planted = [plant(tables[name], name, key, chance) for name, key in chance.sample(cells, ERRORS)]
    write_package(folder, tables, rules)
    return planted


def totals_of(name: str, table: Table) -> list[str]:
    """Return the total of each row, of each column and of the whole table as equations."""
    rows = {row: sum(n for key, n in table.items() if key[0] == row) for row, _ in table}
    columns = {column: sum(n for key, n in table.items() if key[1] == column) for _, column in table}
    return [
        *(f"{name}[row={row}].n = {total}" for row, total in rows.items()),
        *(f"{name}[column={column}].n = {total}" for column, total in columns.items()),
        f"{name}.n = {sum(table.values())}",
    ]


def equation_between(tables: dict[str, Table], chance: random.Random) -> str:
    """Return an equation between three cells of one row and three of another, with the difference added."""
    sides = []
    for name in chance.sample(sorted(tables), 2):
        row = f"r{chance.randrange(ROWS)}"
        columns = [f"c{column}" for column in chance.sample(range(COLUMNS), 3)]
        total = sum(tables[name][row, column] for column in columns)
        sides.append((f"{name}[row={row},column={'|'.join(columns)}].n", total))
    (left, more), (right, less) = sorted(sides, key=lambda side: -side[1])
    return f"{left} = {right} + {more - less}"


def plant(table: Table, name: str, key: tuple[str, str], chance: random.Random) -> Planted:
    """Change a cell; return where it is and what it was."""
    value = table[key]
    changed = max(0, value + chance.choice(CHANGES))
    table[key] = changed if changed != value else value + 1
    return Planted(name, list(table).index(key) + 1, value)


def write_package(folder: Path, tables: dict[str, Table], rules: list[str]) -> None:
    """Write tables and rules with a descriptor."""
    resources = []
    for name, table in tables.items():
        rows = [("row", "column", "n"), *((row, column, str(n)) for (row, column), n in table.items())]
        fields = [{"name": "row", "type": "string"}, {"name": "column", "type": "string"}]
        count = {"name": "n", "type": "integer", "constraints": {"required": True, "minimum": 0}}
        resources.append(write_table(folder, name, rows, {"fields": [*fields, count], "primaryKey": ["row", "column"]}))
    stated = [("rule_id", "equation"), *((f"rule_{number}", rule) for number, rule in enumerate(rules))]
    texts = [{"name": name, "type": "string"} for name in stated[0]]
    resources.append(write_table(folder, "rules", stated, {"fields": texts, "primaryKey": ["rule_id"]}))
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    descriptor = {"$schema": profile, "name": "generated", "resources": resources, "scrdata:rules": "rules"}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def write_table(folder: Path, name: str, rows: Sequence[tuple[str, ...]], schema: object) -> dict[str, object]:
    """Write a table; return its resource."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
    return {"name": name, "type": "table", "path": f"{name}.csv", "schema": schema}


def main() -> int:
    """Time each package and print a line on it."""
    print(f"{TABLES * ROWS * COLUMNS:,} cells, {RULES:,} rules, {ERRORS} planted errors; seconds of whole processes")
    print(f"{'seed':>4}{'processor':>11}{'elapsed':>10}{'found':>8}  optimal")
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as name:
            planted = generate(Path(name), seed)
            before, begin = os.times(), time.perf_counter()
            command = [sys.executable, "-m", "scrdata", "suspects", name, "--format", "json"]
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (our own program)
            elapsed, after = time.perf_counter() - begin, os.times()
        result = json.loads(done.stdout)
        named = {(item["table"], item["row"], item["suggested"]) for item in result["suspects"]}
        found = len(named.intersection(planted))
        processor = after.children_user + after.children_system - before.children_user - before.children_system
        print(f"{seed:>4}{processor:>11.2f}{elapsed:>10.2f}{found:>8}  {result['optimal']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
