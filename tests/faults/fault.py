"""A fault, and what must be reported of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from tests.conftest import PackageFolder

DESCRIPTOR = "datapackage.json"
BRANCHES, LOANS, RULES, REGISTER = (f"data/{name}.csv" for name in ("branches", "loans", "rules", "discrepancies"))
BRANCHES_SCHEMA, LOANS_SCHEMA = "schemas/branches.json", "schemas/loans.json"
TABLES = (BRANCHES, LOANS, RULES, REGISTER)
# A file, but any: a rule that fails stands in one table and speaks of others.
ANYWHERE = "*"
# The data as they are shipped: any change of a byte is noticed.
HASH = "hash_is_as_declared"


class Wanted(NamedTuple):
    """What must be reported.

    Attributes:
        rules: one of these; none at all where any will do.
        file: in this file; `None` for the package as a whole.
        lines: on one of these; `None` for any.
        package: what is to be validated, if it is not the folder; `None` if it is.
        code: the exit code.
    """

    rules: tuple[str, ...]
    file: str | None
    lines: Collection[int] | None = None
    package: Path | None = None
    code: int = 1


class Fault(NamedTuple):
    """One way to break a package: its name, unique within its class, and the function that spoils a package."""

    name: str
    spoil: Callable[[PackageFolder], Wanted]


def lines_of(package: PackageFolder, file: str) -> list[str]:
    """Return the lines of a text file, without their ends."""
    return package.read(file).decode().splitlines()


def write_lines(package: PackageFolder, file: str, lines: list[str], end: str = "\n") -> None:
    """Write lines, and make the checksums true again."""
    package.write(file, "".join(line + end for line in lines))
    package.repair()


def line_numbers(file: str) -> Iterator[int]:
    """Yield the numbers of the lines of a table of the small package, from 1."""
    from tests.conftest import small_files  # conftest imports much that a list of faults does not need

    yield from range(1, small_files()[file].count("\n") + 1)
