"""Packages that exist in memory only: what the modules below the command line are tested with."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from scrdata.descriptor import read_descriptor
from scrdata.findings import Ledger
from scrdata.limits import DEFAULT, Limits
from scrdata.reading import Table, read_table
from scrdata.storage import Refusal
from scrdata.totals import Totals
from scrdata.validation import judge

if TYPE_CHECKING:
    from scrdata.descriptor import Resource
    from scrdata.findings import Finding, Report

RULES = {"fields": [{"name": name} for name in ("rule_id", "equation", "statement")]}
REGISTER = {"fields": [{"name": n} for n in ("discrepancy_id", "check_id", "instance", "left_value", "right_value")]}


class MemoryStorage:
    """Files by path; stands where the validator expects a folder or an archive."""

    def __init__(self, files: dict[str, bytes], limits: Limits = DEFAULT) -> None:
        self.name = "memory"
        self.limits = limits
        self.descriptor = "datapackage.json"
        self.problems: list[Refusal] = []
        self.files = files

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        if path not in self.files:
            raise Refusal("file_exists", f"there is no '{path}'")
        return self.files[path]


def package(tables: dict[str, tuple[dict[str, Any], str]], **properties: object) -> MemoryStorage:
    """Return a package of tables, each a Table Schema and the text of its CSV file; checksums are right.

    A table called `rules` or `discrepancies` is declared as such.
    """
    files = {f"{name}.csv": text.encode() for name, (_, text) in tables.items()}
    resources = [
        {
            "name": name,
            "path": f"{name}.csv",
            "schema": schema,
            "bytes": len(files[f"{name}.csv"]),
            "hash": "sha256:" + hashlib.sha256(files[f"{name}.csv"]).hexdigest(),
        }
        for name, (schema, _) in tables.items()
    ]
    declared = {f"scrdata:{name}": name for name in ("rules", "discrepancies") if name in tables}
    descriptor = {"name": "memory", "resources": resources, **declared, **properties}
    return MemoryStorage({"datapackage.json": json.dumps(descriptor).encode(), **files})


def csv_text(*rows: tuple[object, ...]) -> str:
    """Return rows as a CSV file in which every cell is quoted; `None` is an empty cell."""
    return "".join(",".join(f'"{_doubled(cell)}"' for cell in row) + "\n" for row in rows)


def _doubled(cell: object) -> str:
    return "" if cell is None else str(cell).replace('"', '""')


def rules(*equations: str) -> tuple[dict[str, Any], str]:
    """Return a table of rules called `rule_1`, `rule_2` and so on."""
    rows = [(f"rule_{number}", equation, f"Sentence {number}.") for number, equation in enumerate(equations, 1)]
    return RULES, csv_text(("rule_id", "equation", "statement"), *rows)


def register(*rows: tuple[object, ...]) -> tuple[dict[str, Any], str]:
    """Return a register of discrepancies: check, instance, left value and right value of each."""
    names = tuple(field["name"] for field in REGISTER["fields"])
    return REGISTER, csv_text(names, *((f"discrepancy_{number}", *row) for number, row in enumerate(rows, 1)))


def totals_of(tables: dict[str, tuple[dict[str, Any], str]]) -> Totals:
    """Return tables, which have to be free of findings, ready for questions."""
    storage, ledger = package(tables), Ledger()
    resources = read_descriptor(storage, ledger).resources
    read = {name: read_table(item, storage.read(item.path), ledger) for name, item in resources.items()}
    assert [finding for finding in ledger.findings if finding.severity == "error"] == []
    accepted = {name: table for name, table in read.items() if table is not None}
    return Totals(accepted, {name: table.schema for name, table in accepted.items()})


def report_on(tables: dict[str, tuple[dict[str, Any], str]]) -> Report:
    """Return the verdict on a package of tables."""
    return judge(package(tables))


def resource_of(schema: dict[str, Any], **properties: object) -> Resource:
    """Return the description of a table `t` with this schema."""
    item = {"name": "t", "path": "t.csv", "schema": schema, **properties}
    storage = MemoryStorage({"datapackage.json": json.dumps({"resources": [item]}).encode()})
    ledger = Ledger()
    descriptor = read_descriptor(storage, ledger)
    assert ledger.findings == []
    return descriptor.resources["t"]


def read(schema: dict[str, Any], data: str | bytes, **properties: object) -> tuple[Table | None, list[Finding]]:
    """Read bytes as a table `t` with this schema; return the table, if it is accepted, and the findings."""
    ledger = Ledger()
    table = read_table(resource_of(schema, **properties), data.encode() if isinstance(data, str) else data, ledger)
    return table, ledger.findings


def table_of(schema: dict[str, Any], data: str | bytes, **properties: object) -> Table:
    """Read bytes as a table that has to be accepted, be it with warnings."""
    table, findings = read(schema, data, **properties)
    assert table is not None, findings
    return table
