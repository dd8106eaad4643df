"""Pandera schemas, generated from Table Schemas and rules; only `crosscheck` imports pandera too, for its errors."""

from __future__ import annotations

import pandera.pandas as pa

from scrdata.findings import Ledger
from scrdata.frames.loading import from_columns, is_required, to_cell, to_series
from scrdata.mentions import evaluate_mention
from scrdata.register import Register
from scrdata.rules import Rule, evaluate
from scrdata.totals import NotSummableError, Totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from scrdata.fields import Field
    from scrdata.mentions import Mention, MentionOutcome
    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.rules import Outcome
    from scrdata.validation import Contents
    from scrdata.values import Value


def build_schema(table: Table, contents: Contents) -> pa.DataFrameSchema:
    """Return the pandera schema of a table: columns, keys, and the rules and mentions that concern it alone.

    Columns of codes are accepted as categoricals or as plain text that consists of codes.
    """
    schema = table.schema
    columns = {field.name: build_column(field, table) for field in schema.fields}
    own: tuple[Rule | Mention, ...] = (*own_rules(table.name, contents), *own_mentions(table.name, contents))
    checks = [EvidenceCheck(item, table, contents).check for item in own]
    checks += [pa.Check(_is_unique(key), name=f"unique_key_is_unique: {', '.join(key)}") for key in schema.unique_keys]
    resource = contents.descriptor.resources[table.name]
    return pa.DataFrameSchema(
        columns,
        checks=checks,
        unique=list(schema.primary_key) or None,
        strict=True,
        ordered=True,
        name=table.name,
        title=resource.title,
        description=resource.description or None,
        metadata={"not_carried_over": not_carried_over(table, contents)},
    )


def not_carried_over(table: Table, contents: Contents) -> tuple[str, ...]:
    """Return what a package demands of a table that its pandera schema does not hold, by the names of the checks.

    These need other tables, or are about the text of single cells; `scrdata.check` holds them all.
    """
    found = [f"foreign_key_exists: {', '.join(key.fields)}" for key in table.schema.foreign_keys]
    if any(field.properties.get("scrdata:reference") is True for field in table.schema.fields):
        found += ["reference_can_be_read", "part_does_not_exceed_whole"]
    if table.schema.clean:
        found.append("text_is_clean")
    own = {rule.rule_id for rule in own_rules(table.name, contents)}
    own |= {mention.mention_id for mention in own_mentions(table.name, contents)}
    stated: list[tuple[str, tuple[Reference, ...]]] = [(r.rule_id, r.equation.references) for r in contents.rules]
    stated += [(mention.mention_id, mention.references) for mention in contents.mentions if mention.total]
    found += [name for name, parts in stated if name not in own and table.name in _tables(parts, contents)]
    return tuple(found)


def build_column(field: Field, table: Table) -> pa.Column:
    """Return the pandera column of a field: the type in which it is loaded, and each constraint as a named check."""
    required = is_required(field, table.schema)
    checks = [
        pa.Check(holds_for_cell(field, test), element_wise=True, name=rule, error=f"{rule}: expected {expected}")
        for rule, test, expected in field.tests
        if rule != "cell_is_a_category"
    ]
    return pa.Column(
        to_series(field, table.columns[field.name], required=required).dtype,
        checks=checks,
        nullable=not required,
        unique=field.unique,
        coerce=bool(field.categories),
        title=field.title,
        description=field.description or None,
    )


def holds_for_cell(field: Field, test: Callable[[Value], bool]) -> Callable[[object], bool]:
    """Return a constraint of single cells that takes the values of a DataFrame."""

    def holds(value: object) -> bool:
        try:
            cell = to_cell(field, value)
        except ValueError:
            return False
        return cell is None or test(cell)

    return holds


def _is_unique(key: tuple[str, ...]) -> Callable[[pd.DataFrame], pd.Series]:
    """Return a check that no two rows agree in a key; rows with a missing part agree with none."""

    def is_unique(frame: pd.DataFrame) -> pd.Series:
        part = frame[list(key)]
        return ~part.duplicated(keep=False) | part.isna().any(axis=1)

    return is_unique


def own_rules(table: str, contents: Contents) -> list[Rule]:
    """Return the rules that read no other table."""
    return [rule for rule in contents.rules if _tables(rule.equation.references, contents) == {table}]


def own_mentions(table: str, contents: Contents) -> list[Mention]:
    """Return the mentions whose total, and base if there is one, read no other table."""
    return [item for item in contents.mentions if item.total and _tables(item.references, contents) == {table}]


def _tables(references: Iterable[Reference], contents: Contents) -> set[str]:
    return {name for reference in references for name in contents.totals.needed(reference)}


class EvidenceCheck:
    """One rule or mention as a check of a DataFrame.

    Pandera takes the text of a check's error when the check has failed, not before; so the numbers
    that were found are put into it at that moment. A registered discrepancy has to fail exactly as
    it is registered.
    """

    def __init__(self, subject: Rule | Mention, table: Table, contents: Contents) -> None:
        self.subject = subject
        self.name = table.name
        self.contents = contents
        self.register = contents.register or Register(None, Ledger())
        check_id, what = _described(subject)
        self.check = pa.Check(self.holds, name=check_id, error=check_id, description=what)

    def holds(self, frame: pd.DataFrame) -> bool:
        """Say whether the rule or mention holds; if not, leave the reason in the check's error."""
        return self.holds_of({column: frame[column].tolist() for column in frame.columns})

    def holds_of(self, columns: Mapping[str, Sequence[object]]) -> bool:
        """Say the same of the columns of a frame."""
        check_id, what = _described(self.subject)
        schema = self.contents.tables[self.name].schema
        try:
            table = from_columns(columns, self.name, schema)
            totals = Totals({self.name: table}, self.contents.totals.schemas)
            failing = [o for o in _outcomes(self.subject, totals) if not self.register.accepts(o)]
        except (ValueError, NotSummableError) as problem:
            self.check.error = f"{check_id} cannot be evaluated: {problem}"
            return False
        if not failing:
            return True
        first = failing[0]
        found, expected = first.sides[0], first.expected
        row = self.register.row(first)
        if row is not None:
            left, right = self.register.sides(row)
            found, expected = " against ".join(first.sides), f"the registered {left} against {right}"
        self.check.error = f"{first.name}: found {found}, expected {expected}. {what}"
        return False


def _described(subject: Rule | Mention) -> tuple[str, str]:
    """Return the identifier of a rule or mention, and the sentence that says it."""
    if isinstance(subject, Rule):
        return subject.rule_id, subject.statement
    return subject.mention_id, f"{subject.locator} prints '{subject.words}'."


def _outcomes(subject: Rule | Mention, totals: Totals) -> Iterable[Outcome | MentionOutcome]:
    return evaluate(subject, totals) if isinstance(subject, Rule) else [evaluate_mention(subject, totals)]
