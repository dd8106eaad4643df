"""What a table of the report says: rows of cells in the package's codes, each with its line of the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrdata.findings import Finding


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row as the package would store it, and the line of the text that prints it."""

    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of the package, rebuilt from the text.

    Attributes:
        name: of the table in the package.
        columns: names of the columns that the text gives.
        rows: in the order of the text.
        numbering: how many columns, from the first, only number the rows.
        findings: where the text's own totals are not what their parts amount to.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[PrintedRow, ...]
    numbering: int = 0
    findings: tuple[Finding, ...] = ()
