"""What a package says about its own numbers: rules, wholes that parts belong to, and discrepancies.

A package names its table of rules by `scrdata:rules` and its register of discrepancies by
`scrdata:discrepancies`, both names of resources. A registered discrepancy is strict: the check it
names must fail, and with exactly the two numbers that stand in the register.
"""

from __future__ import annotations

import re

from scrdata.errors import NotationError
from scrdata.fields import rank
from scrdata.findings import Finding, Unsettled, quoted, shown
from scrdata.rules import Outcome, Rule, evaluate, narrowest
from scrdata.totals import NotSummableError
from scrdata.values import number, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.findings import Ledger, Scalar
    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.totals import Amount, Totals
    from scrdata.values import Value

    Cell = Value | None

# Stands for a failure that is counted and not listed, so that no sentence is made of it.
_COUNTED = Finding("rule_holds", "")
RULE_COLUMNS = ("rule_id", "equation")
REGISTER_COLUMNS = ("discrepancy_id", "check_id", "instance", "left_value", "right_value")


def read_rules(table: Table, totals: Totals, ledger: Ledger, unreadable: set[str]) -> list[Rule]:
    """Parse the rules of a package, and report those that cannot be parsed.

    Args:
        table: the table of rules.
        totals: the tables that the rules speak about.
        ledger: takes the findings.
        unreadable: tables whose schema cannot be applied; rules about them are not checked.
    """
    rules = []
    _check_ids(table, ledger)
    statements = table.columns.get("statement", [None] * len(table))
    columns = zip(table.columns["rule_id"], table.columns["equation"], statements, strict=True)
    for row, (rule_id, text, statement) in enumerate(columns):
        name, written = to_text(rule_id), to_text(text)
        try:
            equation = totals.equation(written)
        except NotationError as error:
            _refuse(error, name, table, row, "equation", ledger, unreadable)
            continue
        rules.append(Rule(name, equation, to_text(statement) or f"{name}.", row))
    return rules


def _check_ids(table: Table, ledger: Ledger) -> None:
    """Report rules without an id, and ids that several rules have, whether or not the schema forbids it."""
    seen: set[Cell] = set()
    for row, rule_id in enumerate(table.columns["rule_id"]):
        if rule_id is None:
            ledger.add(table.finding("rule_id_is_unique", "the rule has no id", row, "rule_id"))
        elif rule_id in seen:
            message = f"{quoted(to_text(rule_id))} is the id of an earlier rule"
            ledger.add(table.finding("rule_id_is_unique", message, row, "rule_id", found=to_text(rule_id)))
        seen.add(rule_id)


def _refuse(
    error: NotationError, check: str, table: Table, row: int, column: str, ledger: Ledger, unreadable: set[str]
) -> None:
    """Report a text that cannot be read; what names a table without a schema is merely not checked."""
    name = re.match("[A-Za-z0-9_-]*", error.text[error.position :])
    if name and name.group() in unreadable:
        ledger.not_checked.append(Unsettled(check, f"the schema of '{name.group()}' cannot be applied"))
        return
    rule = "equation_can_be_read" if column == "equation" else "reference_can_be_read"
    message = f"{error.problem} at character {error.position + 1} of {quoted(error.text)}"
    ledger.add(table.finding(rule, message, row, column, found=shown(error.text)))


class Register:
    """The registered discrepancies of a package, by check and instance."""

    def __init__(self, table: Table | None, ledger: Ledger) -> None:
        self.table = table
        self.rows: dict[tuple[str, str], int] = {}
        self.checks: set[str] = set()
        if table is None:
            return
        pairs = zip(table.columns["check_id"], table.columns["instance"], strict=True)
        for row, (check, instance) in enumerate(pairs):
            name = (to_text(check), to_text(instance))
            self.checks.add(name[0])
            if name[0] and self.rows.setdefault(name, row) != row:
                message = f"{quoted(name[0])} is registered twice"
                ledger.add(table.finding("discrepancy_is_registered_once", message, row, "check_id"))

    def row(self, outcome: Outcome) -> int | None:
        """Return the row in which an outcome is registered."""
        if outcome.rule.rule_id not in self.checks:
            return None
        return self.rows.get((outcome.rule.rule_id, outcome.instance))

    def sides(self, row: int) -> tuple[str, str]:
        """Return the two registered numbers."""
        assert self.table is not None
        return to_text(self.table.columns["left_value"][row]), to_text(self.table.columns["right_value"][row])

    def accepts(self, outcome: Outcome) -> bool:
        """Say whether an outcome is as it should be: it holds, is open, or fails just as registered."""
        row = self.row(outcome)
        if row is None:
            return outcome.holds is not False
        left, right = self.sides(row)
        return outcome.holds is False and _says(left, outcome.left) and _says(right, outcome.right)


def _says(text: str, amount: Amount | None) -> bool:
    """Say whether a text of the register is a number, and that one."""
    try:
        return number(text) == amount
    except ValueError:
        return False


def check_rules(rules: list[Rule], register: Register, totals: Totals, ledger: Ledger, table: Table | None) -> None:
    """Evaluate every rule, and hold the failing ones against the register.

    Args:
        rules: those that could be parsed.
        register: the registered discrepancies.
        totals: the tables that the rules speak about.
        ledger: takes the findings.
        table: the table of rules, for the place of what no other table has a place for.
    """
    seen: set[int] = set()
    for rule in rules:
        needed = {name for reference in rule.equation.references for name in totals.needed(reference)}
        unread = sorted(needed - totals.tables.keys())
        if unread:
            ledger.not_checked.append(Unsettled(rule.rule_id, f"the table '{unread[0]}' was not accepted"))
            seen.update(row for (check, _), row in register.rows.items() if check == rule.rule_id)
            continue
        ledger.count("rules")
        assert table is not None
        try:
            for outcome in evaluate(rule, totals):
                ledger.count("equations")
                row = register.row(outcome)
                if row is not None:
                    seen.add(row)
                if _settle(outcome, row, register, totals, ledger):
                    ledger.add(_failure(outcome, table, totals) if not ledger.full else _COUNTED)
        except NotSummableError as problem:
            ledger.add(table.finding(rule.rule_id, f"the rule cannot be evaluated: {problem}", rule.row, "equation"))
    _check_register(register, rules, seen, ledger)


def _settle(outcome: Outcome, row: int | None, register: Register, totals: Totals, ledger: Ledger) -> bool:
    """Hold an outcome against its row in the register; return whether the rule's failure is to be reported."""
    if outcome.holds is None:
        missing = ", ".join(str(reference) for reference in _unknown(outcome, totals))
        ledger.open.append(Unsettled(outcome.name, f"a cell is missing in {missing}"))
    if row is None:
        return outcome.holds is False
    if register.accepts(outcome):
        ledger.known_discrepancies.append(_known(register, row, outcome))
        return False
    assert register.table is not None
    left, right = register.sides(row)
    state = {True: "holds now", False: "fails in another way", None: "cannot be evaluated"}[outcome.holds]
    found = f"{to_text(outcome.left) or 'unknown'} against {to_text(outcome.right) or 'unknown'}"
    message = f"{outcome.name} is registered to fail with {left} against {right}; it {state}: {found}"
    finding = register.table.finding(
        "registered_discrepancy_stands", message, row, "left_value", found=found, expected=f"{left} against {right}"
    )
    ledger.add(finding)
    return outcome.holds is False


def _unknown(outcome: Outcome, totals: Totals) -> Iterator[Reference]:
    for reference in outcome.rule.equation.references:
        if totals.at(reference, outcome.values) is None:
            yield reference


def _known(register: Register, row: int, outcome: Outcome) -> dict[str, Scalar]:
    assert register.table is not None
    left, right = register.sides(row)
    explanation = register.table.columns.get("explanation", [None] * (row + 1))[row]
    return {
        "discrepancy": to_text(register.table.columns["discrepancy_id"][row]),
        "check": outcome.name,
        "left": left,
        "right": right,
        "explanation": to_text(explanation),
    }


def _failure(outcome: Outcome, rules: Table, totals: Totals) -> Finding:
    """Return the finding about a rule that fails, at the fewest rows that enter it."""
    found = to_text(outcome.left)
    values = {"found": int(found) if found.lstrip("-").isdigit() else found, "expected": outcome.expected}
    if outcome.rule.equation.relation == "=" and isinstance(outcome.right, int):
        values["expected"] = outcome.right
    place = narrowest(outcome.rule.equation, totals, outcome.values)
    message = outcome.sentence(totals)
    if place is None:
        return rules.finding(outcome.rule.rule_id, message, outcome.rule.row, "equation", **values)
    reference, rows = place
    table = totals.tables[reference.table]
    if len(rows) == 1:
        return table.finding(outcome.rule.rule_id, message, rows[0], reference.column, **values)
    line = min(table.lines[row] for row in rows)
    return Finding(outcome.rule.rule_id, message, "error", table.file, line, column=reference.column, **values)  # type: ignore[arg-type]


def _check_register(register: Register, rules: list[Rule], seen: set[int], ledger: Ledger) -> None:
    """Report registered discrepancies whose check does not exist."""
    known = {rule.rule_id for rule in rules}
    unchecked = {item.check for item in ledger.not_checked}
    for (check, instance), row in register.rows.items():
        if row in seen or check in unchecked:
            continue
        assert register.table is not None
        what = f"the check {quoted(check)} has no instance {quoted(instance)}"
        if check not in known:
            what = f"there is no check {quoted(check)}"
        ledger.add(register.table.finding("registered_check_exists", what, row, "check_id", found=check))


def check_references(table: Table, totals: Totals, ledger: Ledger, unreadable: set[str]) -> None:
    """Check every column that holds references: each can be read, and no part exceeds its whole."""
    for field in table.schema.fields:
        if field.properties.get("scrdata:reference") is not True:
            continue
        part = field.properties.get("scrdata:wholeOf")
        read: dict[str, Reference | None] = {}
        for row, cell in enumerate(table.columns[field.name]):
            if cell is None:
                continue
            text = str(cell)
            if text not in read:
                read[text] = _reference(table, row, field.name, text, totals, ledger, unreadable)
            reference = read[text]
            if reference is not None and part is not None:
                _check_part(table, row, str(part), reference, totals, ledger)


def _reference(
    table: Table, row: int, column: str, text: str, totals: Totals, ledger: Ledger, unreadable: set[str]
) -> Reference | None:
    """Parse a cell that holds a reference, once for all rows that hold the same."""
    name = f"{table.name}.{column} {text}"
    try:
        reference = totals.reference(text)
    except NotationError as error:
        _refuse(error, name, table, row, column, ledger, unreadable)
        return None
    if reference.stars:
        message = f"{quoted(text)} stands for several totals, where one is needed"
        ledger.add(table.finding("reference_can_be_read", message, row, column, found=text))
        return None
    unread = sorted(totals.needed(reference) - totals.tables.keys())
    if unread:
        ledger.not_checked.append(Unsettled(name, f"the table '{unread[0]}' was not accepted"))
        return None
    ledger.count("references")
    return reference


def _check_part(table: Table, row: int, column: str, whole: Reference, totals: Totals, ledger: Ledger) -> None:
    part = table.columns[column][row]
    if part is None:
        return
    check = "part_does_not_exceed_whole"
    try:
        total = totals.value(whole)
    except NotSummableError as problem:
        ledger.add(table.finding(check, f"{whole} has no value: {problem}", row, column))
        return
    if total is None:
        ledger.open.append(Unsettled(f"{table.name} row {row + 1}: {check}", f"a cell is missing in {whole}"))
        return
    ledger.count("wholes")
    if (rank(part, total) or 0) > 0:
        message = f"'{column}' is {to_text(part)}, more than the whole it belongs to: {whole} is {to_text(total)}"
        ledger.add(
            table.finding(check, message, row, column, found=to_text(part), expected=f"at most {to_text(total)}")
        )
