"""What a table is held to by itself, column by column and as a whole: one description for the schemas of all libraries.

A library only says in which type it holds a column, and how it calls a check; what is checked, under
which name and with which words is said here. So a check that is added here is held by all.
"""

from __future__ import annotations

from functools import partial

from scrdata.errors import ScrdataError
from scrdata.findings import Ledger
from scrdata.frames.loading import from_columns, is_required, to_cell
from scrdata.mentions import evaluate_mention
from scrdata.records import Record
from scrdata.register import Register
from scrdata.rules import Rule, evaluate
from scrdata.tidiness import FREE_TYPES, untidiness
from scrdata.totals import Totals
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from scrdata.fields import Field
    from scrdata.mentions import Mention, MentionOutcome
    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.rules import Outcome
    from scrdata.table_schema import TableSchema
    from scrdata.validation import Contents
    from scrdata.values import Value

# Types that no library has: their values are texts there, or Python values, of which not each one is right.
_OF_TEXT = ("year", "yearmonth", "time", "duration", "geopoint", "object", "array", "geojson")


class CellCheck(Record):
    """One check of single cells.

    Attributes:
        name: the rule that a cell breaks which does not pass.
        expected: what such a cell should be.
        holds: takes a value as a DataFrame holds it, and says whether it is right; a missing one is.
    """

    name: str
    expected: str
    holds: Callable[[object], bool]

    @property
    def error(self) -> str:
        """The sentence for a cell that is wrong."""
        return f"{self.name}: expected {self.expected}"


class ColumnDemand(Record):
    """What a column is held to.

    Attributes:
        field: its description.
        required: no cell may be missing.
        checks: of its cells; categories are among them, for libraries that have no type for them.
    """

    field: Field
    required: bool
    checks: tuple[CellCheck, ...]

    def checks_but(self, *names: str) -> tuple[CellCheck, ...]:
        """Return the checks but for those that the type of the column makes already."""
        return tuple(check for check in self.checks if check.name not in names)

    @property
    def options(self) -> dict[str, Any]:
        """What pandera is told of a column in every library, beside its type and checks."""
        words = {"title": self.field.title, "description": self.field.description or None}
        return {"nullable": not self.required, "unique": self.field.unique, **words}


class KeyDemand(Record):
    """Columns in which no two rows agree, but for rows in which one of them is missing."""

    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the check."""
        return f"unique_key_is_unique: {', '.join(self.columns)}"


class TableDemand(Record):
    """What a table is held to by itself.

    Attributes:
        columns: in their order.
        keys: the unique keys; the primary key is among `options`.
        evidence: the rules and mentions that read no other table.
        options: what pandera is told of a table in every library, beside its columns and checks.
    """

    columns: tuple[ColumnDemand, ...]
    keys: tuple[KeyDemand, ...]
    evidence: tuple[Evidence, ...]
    options: dict[str, Any]


def describe_table(table: Table, contents: Contents) -> TableDemand:
    """Return what a table of a package is held to by itself.

    Args:
        table: as it was read.
        contents: of the package, with rules, mentions and register.
    """
    schema = table.schema
    resource = contents.descriptor.resources[table.name]
    own: tuple[Rule | Mention, ...] = (*_own_rules(table.name, contents), *_own_mentions(table.name, contents))
    return TableDemand(
        columns=tuple(_describe_column(field, schema) for field in schema.fields),
        keys=tuple(KeyDemand(columns=key) for key in schema.unique_keys),
        evidence=tuple(Evidence(item, table, contents) for item in own),
        options={
            "unique": list(schema.primary_key) or None,
            "strict": True,
            "ordered": True,
            "name": table.name,
            "title": resource.title,
            "description": resource.description or None,
            "metadata": {"not_carried_over": _not_carried_over(table, contents)},
        },
    )


def _not_carried_over(table: Table, contents: Contents) -> tuple[str, ...]:
    """Return what a package demands of a table that no schema of one table can hold, by the names of the checks."""
    found = [f"foreign_key_exists: {', '.join(key.fields)}" for key in table.schema.foreign_keys]
    if any(field.properties.get("scrdata:reference") is True for field in table.schema.fields):
        found += ["reference_can_be_read", "part_does_not_exceed_whole"]
    own = {rule.rule_id for rule in _own_rules(table.name, contents)}
    own |= {mention.mention_id for mention in _own_mentions(table.name, contents)}
    stated: list[tuple[str, tuple[Reference, ...]]] = [(r.rule_id, r.equation.references) for r in contents.rules]
    stated += [(mention.mention_id, mention.references) for mention in contents.mentions if mention.total]
    found += [name for name, parts in stated if name not in own and table.name in _tables(parts, contents)]
    return tuple(found)


def _describe_column(field: Field, schema: TableSchema) -> ColumnDemand:
    checks = tuple(_cell_checks(field, clean=schema.clean))
    return ColumnDemand(field=field, required=is_required(field, schema), checks=checks)


def _cell_checks(field: Field, *, clean: bool) -> Iterator[CellCheck]:
    """Yield the checks of single cells: of their texts where they are texts, then each constraint."""
    is_free = field.type in FREE_TYPES
    if is_free:
        yield CellCheck("missing_cell_is_null", "no text that means a missing cell", partial(_is_value, field))
    if is_free and clean:
        yield CellCheck("text_is_clean", "a text that is clean", _is_clean)
    form = field.properties.get("format", "default")
    if field.type in _OF_TEXT or (is_free and form != "default"):
        words = f"a value of type {field.type}" + (f" and format {form}" if form != "default" else "")
        yield CellCheck("cell_fits_type", words, partial(_can_be_read, field))
    for rule, test, expected in field.tests:
        yield CellCheck(rule, expected, partial(_passes, field, test))


def _is_value(field: Field, value: object) -> bool:
    return not isinstance(value, str) or value not in field.missing_values


def _is_clean(value: object) -> bool:
    return not isinstance(value, str) or untidiness(value, free=True) is None


def _can_be_read(field: Field, value: object) -> bool:
    try:
        cell = to_cell(field, value)
        return cell is None or field.read(to_text(cell)) is not None
    except ValueError:
        return False


def _passes(field: Field, test: Callable[[Value], bool], value: object) -> bool:
    try:
        cell = to_cell(field, value)
    except ValueError:
        return False
    return cell is None or test(cell)


def _own_rules(table: str, contents: Contents) -> list[Rule]:
    """Return the rules that read no other table."""
    return [rule for rule in contents.rules if _tables(rule.equation.references, contents) == {table}]


def _own_mentions(table: str, contents: Contents) -> list[Mention]:
    """Return the mentions whose total, and base if there is one, read no other table."""
    return [item for item in contents.mentions if item.total and _tables(item.references, contents) == {table}]


def _tables(references: Iterable[Reference], contents: Contents) -> set[str]:
    return {name for reference in references for name in contents.totals.needed(reference)}


class Evidence:
    """A rule or mention that reads one table alone, as a check of its DataFrames.

    A registered discrepancy has to fail exactly as it is registered.

    Attributes:
        name: the identifier of the rule or mention.
        words: the sentence that says it.
    """

    def __init__(self, subject: Rule | Mention, table: Table, contents: Contents) -> None:
        self._subject = subject
        self._table = table
        self._contents = contents
        self._register = contents.register or Register(None, Ledger())
        if isinstance(subject, Rule):
            self.name, self.words = subject.rule_id, subject.statement
        else:
            self.name, self.words = subject.mention_id, f"{subject.locator} prints '{subject.words}'."

    def fault(self, columns: Mapping[str, Sequence[object]]) -> str | None:
        """Return what is wrong with the columns of a DataFrame, with the numbers that were found; `None` if nothing."""
        try:
            table = from_columns(columns, self._table.name, self._table.schema)
        except ValueError as problem:
            return f"{self.name} cannot be evaluated: {problem}"
        return self.fault_in(Totals({table.name: table}, self._contents.totals.schemas))

    def fault_in(self, totals: Totals) -> str | None:
        """Return the same of totals over a DataFrame."""
        try:
            failing = [o for o in _outcomes(self._subject, totals) if not self._register.accepts(o)]
        except ScrdataError as problem:
            return f"{self.name} cannot be evaluated: {problem}"
        if not failing:
            return None
        first = failing[0]
        found, expected = first.sides[0], first.expected
        row = self._register.row(first)
        if row is not None:
            left, right = self._register.sides(row)
            found, expected = " against ".join(first.sides), f"the registered {left} against {right}"
        return f"{first.name}: found {found}, expected {expected}. {self.words}"


def _outcomes(subject: Rule | Mention, totals: Totals) -> Iterable[Outcome | MentionOutcome]:
    return evaluate(subject, totals) if isinstance(subject, Rule) else [evaluate_mention(subject, totals)]
