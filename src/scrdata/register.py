"""The register of discrepancies: failing checks that a package knows of, held as strictly as those that hold.

A registered discrepancy is strict: the check it names, a rule or a mention, must fail, and with
exactly the two values that stand in the register.
"""

from __future__ import annotations

from scrdata.findings import Finding, Unsettled, quoted
from scrdata.rules import narrowest
from scrdata.values import number, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TypeAlias

    from scrdata.findings import Ledger, Scalar
    from scrdata.mentions import MentionOutcome
    from scrdata.reading import Table
    from scrdata.rules import Outcome
    from scrdata.totals import Totals

    AnyOutcome: TypeAlias = Outcome | MentionOutcome

# Stands for a failure that is counted and not listed, so that no sentence is made of it.
_COUNTED = Finding("check_holds", "")
REGISTER_COLUMNS = ("discrepancy_id", "check_id", "instance", "left_value", "right_value")


class Register:
    """The registered discrepancies of a package, by check and instance.

    Attributes:
        table: the table that they stand in, if the package has one.
        rows: the row of each, by check and instance.
        seen: the rows whose check was evaluated.
    """

    def __init__(self, table: Table | None, ledger: Ledger) -> None:
        self.table = table
        self.rows: dict[tuple[str, str], int] = {}
        self.checks: set[str] = set()
        self.seen: set[int] = set()
        if table is None:
            return
        pairs = zip(table.columns["check_id"], table.columns["instance"], strict=True)
        for row, (check, instance) in enumerate(pairs):
            name = (to_text(check), to_text(instance))
            self.checks.add(name[0])
            if name[0] and self.rows.setdefault(name, row) != row:
                message = f"{quoted(name[0])} is registered twice"
                ledger.add(table.finding("discrepancy_is_registered_once", message, row, "check_id"))

    def row(self, outcome: AnyOutcome) -> int | None:
        """Return the row in which an outcome is registered."""
        if outcome.check_id not in self.checks:
            return None
        return self.rows.get((outcome.check_id, outcome.instance))

    def sides(self, row: int) -> tuple[str, str]:
        """Return the two registered values."""
        assert self.table is not None
        return to_text(self.table.columns["left_value"][row]), to_text(self.table.columns["right_value"][row])

    def accepts(self, outcome: AnyOutcome) -> bool:
        """Say whether an outcome is as it should be: it holds, is open, or fails just as registered."""
        row = self.row(outcome)
        if row is None:
            return outcome.holds is not False
        return outcome.holds is False and all(map(_is_same, self.sides(row), outcome.sides))


def _is_same(registered: str, found: str) -> bool:
    """Say whether two texts are equal, or spell the same number."""
    if registered == found:
        return True
    try:
        return number(registered) == number(found)
    except ValueError:
        return False


def settle(outcome: AnyOutcome, register: Register, totals: Totals, ledger: Ledger, table: Table) -> None:
    """Hold the outcome of a check against the register, and report what is not as it should be.

    Args:
        outcome: of a rule or a mention.
        register: the registered discrepancies.
        totals: the tables that the check speaks about.
        ledger: takes what is open, known or wrong.
        table: that the check itself stands in.
    """
    if outcome.holds is None:
        missing = ", ".join(str(part) for part in outcome.references if totals.at(part, outcome.values) is None)
        ledger.open.append(Unsettled(outcome.name, f"a cell is missing in {missing}"))
    row = register.row(outcome)
    if row is not None:
        register.seen.add(row)
        if register.accepts(outcome):
            ledger.known_discrepancies.append(_known(register, row, outcome))
            return
        ledger.add(_altered(register, row, outcome))
    if outcome.holds is False:
        ledger.add(_COUNTED if ledger.full else _failure(outcome, table, totals))


def _known(register: Register, row: int, outcome: AnyOutcome) -> dict[str, Scalar]:
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


def _altered(register: Register, row: int, outcome: AnyOutcome) -> Finding:
    """Return the finding about a registered discrepancy that is not as registered."""
    assert register.table is not None
    left, right = register.sides(row)
    state = {True: "holds now", False: "fails in another way", None: "cannot be evaluated"}[outcome.holds]
    found = " against ".join(outcome.sides)
    message = f"{outcome.name} is registered to fail with {left} against {right}; it {state}: {found}"
    return register.table.finding(
        "registered_discrepancy_stands", message, row, "left_value", found=found, expected=f"{left} against {right}"
    )


def _failure(outcome: AnyOutcome, checks: Table, totals: Totals) -> Finding:
    """Return the finding about a check that fails, at the fewest rows that enter it."""
    found, right = outcome.sides
    values: dict[str, object] = {"found": _plain(found), "expected": outcome.expected}
    if outcome.expected == right:
        values["expected"] = _plain(right)
    reference = narrowest(outcome.references, totals, outcome.values)
    message = outcome.sentence(totals)
    if reference is None:
        return checks.finding(outcome.check_id, message, outcome.row, outcome.column, **values)
    return totals.finding(outcome.check_id, message, reference, outcome.values, **values)


def _plain(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text


def check_register(register: Register, known: Collection[str], ledger: Ledger) -> None:
    """Report registered discrepancies whose check does not exist.

    Args:
        register: the registered discrepancies, after every check was settled.
        known: the identifiers of all checks of the package.
        ledger: takes the findings.
    """
    unchecked = {item.check for item in ledger.not_checked}
    for (check, instance), row in register.rows.items():
        if row in register.seen or check in unchecked:
            continue
        assert register.table is not None
        what = f"the check {quoted(check)} has no instance {quoted(instance)}"
        if check not in known:
            what = f"there is no check {quoted(check)}"
        ledger.add(register.table.finding("registered_check_exists", what, row, "check_id", found=check))
