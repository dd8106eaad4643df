"""What a package declares to be checked, as far as it can be read: its tables, rules and mentions.

Unlike the contents that are evaluated, an outline is also made of a package that is not valid, and
raises nothing: reports name with it what was checked, and what was not reached.
"""

from __future__ import annotations

from scrdata.descriptor import read_descriptor
from scrdata.findings import Ledger, quoted
from scrdata.records import Record
from scrdata.validation import read_resource
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.descriptor import Descriptor
    from scrdata.opening import Storage
    from scrdata.reading import Table


class DeclaredCheck(Record):
    """A check that a package declares.

    Attributes:
        check_id: what identifies it.
        kind: `rule` or `mention`.
        statement: the sentence that says it.
        equation: a rule's equation, or the total that a mention states; empty for a mention without one.
        file, line: where it stands in the package, the line from 1.
    """

    check_id: str
    kind: str
    statement: str
    equation: str
    file: str
    line: int


class Outline(Record):
    """What a package declares.

    Attributes:
        name: of the package; empty if it states none.
        descriptor: the name of the descriptor's file.
        tables: for each table its name, its file and its position among the resources, from 0.
        checks: its rules, then its mentions, by id; of several with one id the first.
    """

    name: str
    descriptor: str
    tables: tuple[tuple[str, str, int], ...]
    checks: Mapping[str, DeclaredCheck]


def read_outline(storage: Storage) -> Outline:
    """Read what a package declares: the descriptor, its schemas, and the tables of rules and mentions."""
    descriptor = read_descriptor(storage, Ledger())
    checks: dict[str, DeclaredCheck] = {}
    for declaration, list_checks in (("scrdata:rules", _rules), ("scrdata:mentions", _mentions)):
        table = _read_table(descriptor, declaration)
        for check in list_checks(table) if table is not None else ():
            checks.setdefault(check.check_id, check)
    name = descriptor.properties.get("name")
    return Outline(
        name if isinstance(name, str) else "",
        storage.descriptor,
        tuple((item.name, item.path, item.position) for item in descriptor.resources.values() if item.tabular),
        checks,
    )


def _read_table(descriptor: Descriptor, declaration: str) -> Table | None:
    name = descriptor.properties.get(declaration)
    resource = descriptor.resources.get(name) if isinstance(name, str) else None
    return read_resource(descriptor, resource, Ledger(), doubtful=True) if resource is not None else None


def _texts(table: Table, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the cells of some columns as text, row by row; a column that is not there is empty."""
    empty = [None] * len(table)
    return zip(*(map(to_text, table.columns.get(name, empty)) for name in names), strict=True)


def _rules(table: Table) -> Iterator[DeclaredCheck]:
    rows = _texts(table, "rule_id", "statement", "equation")
    for line, (name, statement, equation) in zip(table.lines, rows, strict=True):
        yield DeclaredCheck(name, "rule", statement or f"{name}.", equation, table.file, line)


def _mentions(table: Table) -> Iterator[DeclaredCheck]:
    rows = _texts(table, "mention_id", "locator", "printed", "value", "total", "share_of", "relation")
    for line, (name, locator, words, value, total, base, relation) in zip(table.lines, rows, strict=True):
        statement = f"{locator} prints {quoted(words)}" + (f", that is {value}." if value not in ("", words) else ".")
        stated = f"{total} as a share of {base}" if base else total
        equation = f"{stated} {relation} {value}" if total else ""
        yield DeclaredCheck(name, "mention", statement, equation, table.file, line)
