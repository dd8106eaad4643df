"""`proofread`: the whole comparison of a package with the text of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrdata.proofreading.accounting import account
from scrdata.proofreading.rebuilding import compare, rebuild
from scrdata.proofreading.source import read_source

if TYPE_CHECKING:
    import os

    from scrdata.findings import Finding
    from scrdata.package import Package
    from scrdata.proofreading.accounting import Account
    from scrdata.proofreading.printed import PrintedTable


@dataclass(frozen=True, slots=True)
class Proof:
    """What a comparison with the text of the report found.

    Attributes:
        source: where the text was read from.
        package: where the package was read from.
        tables: the tables that the text prints, by name.
        differences: the differences of each table.
        account: what became of the numbers of the text; `None` if the package has no table of mentions.
    """

    source: str
    package: str
    tables: dict[str, PrintedTable] = field(repr=False)
    differences: dict[str, list[Finding]]
    account: Account | None

    @property
    def findings(self) -> list[Finding]:
        """Everything that differs: tables first, then numbers in the order of the text."""
        found = [finding for findings in self.differences.values() for finding in findings]
        return [*found, *(self.account.findings if self.account else ())]

    @property
    def dates_in_rows(self) -> int:
        """How many rows of Annex B, each with a date, are held against `reviews`."""
        return len(self.tables["reviews"].rows)

    def to_dict(self) -> dict[str, object]:
        """Return the object that `proofread --format json` prints."""
        numbers = None
        if self.account:
            numbers = {
                "numbers": self.account.numbers + self.dates_in_rows,
                "accounted_for": self.account.claimed + self.dates_in_rows,
                "by_mentions": self.account.claimed,
                "by_rows_of_annex_b": self.dates_in_rows,
                "excluded": self.account.excluded,
            }
        return {
            "source": self.source,
            "package": self.package,
            "tables": {name: {"equal": not found} for name, found in self.differences.items()},
            "coverage": numbers,
            "findings": [finding.to_dict() for finding in self.findings],
        }


def proofread(path: str | os.PathLike[str], package: Package) -> Proof:
    """Hold a package against the text of the report: its tables, and every number that it prints.

    Args:
        path: of the text, in UTF-8.
        package: names its table of mentions by `scrdata:mentions`; without one only tables are compared.

    Returns:
        A `Proof`; its `findings` are empty where everything agrees.

    Raises:
        SourceError: the file cannot be read, or a table is not there, or not as the report prints it.
        UnknownNameError: the package lacks a table that the text prints.
        InvalidPackageError: a table of the package cannot be read.
    """
    source = read_source(path)
    tables = rebuild(source)
    differences = {name: compare(table, package) for name, table in tables.items()}
    mentions = package.contents.descriptor.properties.get("scrdata:mentions")
    accounted = account(source, package.table(mentions)) if isinstance(mentions, str) else None
    return Proof(source.name, package.location, tables, differences, accounted)
