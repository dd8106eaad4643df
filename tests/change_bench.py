"""Changes of cells tried one by one: what the computed coverage is held against.

The checks are those of validation itself, run over tables in memory, so that thousands of changes
take seconds. That this is the same as validating files is a test of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import scrdata
from scrdata import validation
from scrdata.contents import with_evidence
from scrdata.evidence import check_references
from scrdata.findings import Ledger
from scrdata.keys import check_keys
from scrdata.reading import Table
from scrdata.values import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scrdata.validation import Contents

    Cell = tuple[str, str, int]


class Bench:
    """A package whose cells can be changed in memory."""

    def __init__(self, location: Path | str) -> None:
        self.package = scrdata.open_package(location)
        self.contents: Contents = with_evidence(self.package.contents)
        self.tables = {name: self.contents.tables[name] for name in self.contents.tables}

    def domain(self, cell: Cell, steps: int = 0) -> list[int]:
        """Return the other values that a cell can have within its bounds; some of them, if `steps` says how many."""
        field = self.tables[cell[0]].schema.columns[cell[1]]
        bounds = field.properties["constraints"]
        now = self.tables[cell[0]].columns[cell[1]][cell[2]]
        values = [value for value in range(bounds["minimum"], bounds["maximum"] + 1) if value != now]
        if not steps:
            return values
        near = {value for value in values if abs(value - now) == 1}
        return sorted(near | set(values[:: max(1, len(values) // steps)]))

    def is_valid(self, changes: Mapping[Cell, object]) -> bool:
        """Say whether validation accepts the package with some cells changed."""
        tables = dict(self.tables)
        for (name, column, row), value in changes.items():
            table = tables[name]
            read, problem = table.schema.columns[column].parse(to_text(value))
            if problem is not None:
                return False
            cells = list(table.columns[column])
            cells[row] = read
            tables[name] = Table(name, table.file, table.schema, {**table.columns, column: cells}, table.lines)
        return self._is_sound(tables, {name for name, _, _ in changes})

    def _is_sound(self, tables: dict[str, Table], changed: set[str]) -> bool:
        ledger = Ledger()
        old = self.contents
        new = validation.Contents(old.descriptor, tables, ledger)
        if old.mention_table is not None and old.mention_table.name in changed:
            validation.read_evidence(new)
        else:
            new.rules, new.mentions = old.rules, old.mentions
            new.rule_table, new.mention_table = old.rule_table, old.mention_table
            register = old.register.table if old.register is not None else None
            new.register = validation.Register(register, ledger)
        for name in changed:
            check_keys(tables[name], ledger)
        for table in tables.values():
            validation._check_references_to_rows(table, tables, ledger)
            elsewhere = ("total", "share_of") if table is new.mention_table else ()
            check_references(table, new.totals, ledger, old.descriptor.unreadable, elsewhere)
        validation.check_evidence(new)
        return not ledger.errors and not ledger.not_checked
