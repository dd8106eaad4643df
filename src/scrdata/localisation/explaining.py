"""From a repair to suspects: where each change is, how sure it is, and what each failing check says of it."""

from __future__ import annotations

from scrdata.fields import SUMMABLE, rank
from scrdata.localisation.candidates import accepted, asked, exact_text, overlap, value_range
from scrdata.localisation.numbering import key_numbering
from scrdata.localisation.statements import Statements, ratio
from scrdata.localisation.states import AS_IT_STANDS, State
from scrdata.localisation.suspects import ADD, CHANGE, REMOVE, Suspect
from scrdata.network import exact
from scrdata.reading import scalar
from scrdata.rules import WORDS
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scrdata.findings import Scalar
    from scrdata.localisation.candidates import Candidates, Range
    from scrdata.localisation.changes import Change
    from scrdata.network import Check
    from scrdata.reading import Table
    from scrdata.values import Value

    Cell = Value | None

# A reader follows so many reasons.
MOST_REASONS = 8


class Explainer:
    """Tells repairs.

    Args:
        candidates: what knows the checks and the values that a cell may have.
        texts: of cells that could not be read, by table, row and column.
        said: what findings say, by the position of their check.
    """

    def __init__(
        self, candidates: Candidates, texts: Mapping[tuple[str, int, str], Scalar], said: Mapping[int, str]
    ) -> None:
        self.candidates = candidates
        self.assessment = candidates.assessment
        self.network = candidates.network
        self.effects = candidates.effects
        self.tables = candidates.totals.tables
        self.texts = texts
        self.statements = Statements(candidates.assessment, said)

    def suspects(self, state: State, failing: frozenset[int]) -> tuple[Suspect, ...]:
        """Return what a repair changes: cells and rows first, then statements that are set aside.

        Args:
            state: the repair.
            failing: positions of the checks that it mends.
        """
        found = [suspect for change in state.changes.values() for suspect in self._changed(state, change, failing)]
        for group in sorted(state.waived):
            found += self.statements.suspects(state, group, failing)
        return tuple(found)

    def _changed(self, state: State, change: Change, failing: frozenset[int]) -> Iterable[Suspect]:
        table = self.tables[change.table]
        explained = self._explained(change, failing) or sorted(failing)
        confidence = self._confidence(state, change)
        explains = self._ids(explained)
        if change.row is None:
            cells = {name: self._worded(table, name, value) for name, value in change.cells}
            key = {name: cells.get(name) for name in table.schema.primary_key}
            yield Suspect(table.name, ADD, _place(table), key, None, None, cells, confidence, explains,
                          self._reasons(explained), file=table.file)  # fmt: skip
            return
        line = table.lines[change.row]
        if change.removed:
            cells = {name: scalar(column[change.row]) for name, column in table.columns.items()}
            reasons = self._reasons(explained)
            yield Suspect(table.name, REMOVE, change.row + 1, table.key(change.row), None, cells, None, confidence,
                          explains, reasons, file=table.file, line=line)  # fmt: skip
            return
        for column, value in change.cells:
            found = self.texts.get((table.name, change.row, column), scalar(table.columns[column][change.row]))
            reasons = self._reasons(explained, change, column)
            yield Suspect(table.name, CHANGE, change.row + 1, table.key(change.row), column, found,
                          self._suggested(state, change, column, value), confidence, explains, reasons,
                          file=table.file, line=line)  # fmt: skip

    def _explained(self, change: Change, failing: frozenset[int]) -> list[int]:
        """Return the failing checks that a change has to do with."""
        touched = {user for node in self.effects.of(change) for user in self.network.nodes[node].users}
        if change.row is not None:
            columns = dict(change.cells)
            touched.update(
                check
                for (table, row, column), check in self.assessment.wrong.items()
                if (table, row) == (change.table, change.row) and (change.removed or column in columns)
            )
        return sorted(touched & failing)

    def _ids(self, checks: Iterable[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.network.checks[check].check_id for check in checks))

    def _confidence(self, state: State, change: Change) -> float:
        """Return how much speaks for a change, once all else is as suggested; see `Suspect`."""
        without = {
            node: (known - self.effects.of(change).get(node, (0, 0))[0],
                   missing - self.effects.of(change).get(node, (0, 0))[1])
            for node, (known, missing) in state.shifts.items()
        }  # fmt: skip
        users = {user for node in self.effects.of(change) for user in self.network.nodes[node].users}
        holds = self.assessment.holds
        speaking = sum(
            holds(self.network.checks[user], state.shifts) is True
            and holds(self.network.checks[user], without) is not True
            for user in users
        )
        return ratio(max(speaking, 1), 1 + len(state.waived))

    def _suggested(self, state: State, change: Change, column: str, value: Cell) -> Scalar:
        """Return the value of a cell, or what else fulfils all checks in words."""
        assert change.row is not None
        table = self.tables[change.table]
        if value is None:
            return None
        if table.schema.columns[column].type in SUMMABLE:
            return self._number(state, table, change.row, column, value)
        return self._worded(table, column, value)

    def _worded(self, table: Table, column: str, value: Cell) -> Scalar:
        """Return a code, or in words all codes that would do as well."""
        field = table.schema.columns[column]
        if value is None or field.type in SUMMABLE or column in table.schema.primary_key:
            return scalar(value)
        others = [
            other
            for other in self.candidates.domain(table.name, column)
            if other is not None and self._is_like(table, column, value, other)
        ]
        if len(others) < 2:
            return scalar(value)
        return self._bounds(table, column, value) or f"one of {', '.join(map(to_text, others))}"

    def _bounds(self, table: Table, column: str, value: Cell) -> str:
        """Return the nearest bounds on both sides that conditions set to a column and a value fulfils."""
        field = table.schema.columns[column]
        bounds: dict[str, tuple[object, str]] = {}
        for reference in self.effects.conditioned(table.name, column):
            for condition in reference.conditions:
                if condition.path != (column,) or condition.operator == "=":
                    continue
                if self.effects.test(table.name, condition)(value):
                    words = WORDS[condition.operator] + condition.values[0]
                    limit = field.sort_key(field.parse(condition.values[0])[0])  # type: ignore[arg-type]
                    side = condition.operator[0]
                    known = bounds.get(side)
                    if known is None or rank(limit, known[0]) == (1 if side == ">" else -1):
                        bounds[side] = (limit, words)
        return " and ".join(bounds[side][1] for side in (">", "<") if side in bounds)

    def _is_like(self, table: Table, column: str, one: Cell, other: Cell) -> bool:
        """Say whether two values of a column fulfil the same conditions."""
        if one == other:
            return True
        for reference in self.effects.conditioned(table.name, column):
            for condition in reference.conditions:
                if condition.path[0] != column:
                    continue
                follow = self.effects.follow
                ends = [follow(table.name, condition.path, value) for value in (one, other)]
                if condition.starred:
                    return False
                test = self.effects.test(table.name, condition)
                if test(ends[0]) != test(ends[1]):
                    return False
        return True

    def _number(self, state: State, table: Table, row: int, column: str, value: Cell) -> Scalar:
        """Return a number, or the range in which all checks hold; of one that is a condition only itself is known."""
        if self.effects.conditioned(table.name, column):
            return scalar(value)
        least, greatest = self._range(state, table, row, column, value)
        spelt = [
            None if bound is None else next(iter(accepted(table.schema.columns[column], bound)), None)
            for bound in (least, greatest)
        ]
        if least == greatest:
            return scalar(value)
        low, high = spelt
        if low is None:
            return None if high is None else f"at most {to_text(high)}"
        return f"at least {to_text(low)}" if high is None else f"from {to_text(low)} to {to_text(high)}"

    def _range(self, state: State, table: Table, row: int, column: str, value: Cell) -> Range:
        """Return least and greatest value of a cell with which all checks hold that speak of it."""
        nodes = {
            node for node in self.effects.members(table.name).get(row, ()) if self.network.nodes[node].column == column
        }
        current = exact(value)
        assert current is not None
        ranges: list[Range] = []
        for user in {user for node in nodes for user in self.network.nodes[node].users}:
            for relation in self.network.checks[user].relations:
                factor = sum(own for own, node in relation.terms if node in nodes)
                amount, missing = self.assessment.amount(relation, state.shifts)
                if not factor or missing or not relation.holds(amount):
                    continue
                ranges.append(value_range(relation.operator, factor, amount - factor * current))
        return overlap(ranges)

    def _reasons(
        self, checks: Sequence[int], change: Change | None = None, column: str | None = None
    ) -> tuple[str, ...]:
        """Return what each failing check says, and what it asks of a cell."""
        words = []
        # The checks that fewest rows enter say most about each of them.
        for position in sorted(checks, key=self._rows)[:MOST_REASONS]:
            check = self.network.checks[position]
            wanted = self._wanted(check, change, column) if change is not None and column is not None else None
            sentence = self.statements.sentence(position)
            words.append(f"{sentence}: asks for {wanted}" if wanted is not None else sentence)
        if len(checks) > MOST_REASONS:
            words.append(f"… and {len(checks) - MOST_REASONS} more checks that fail")
        return tuple(words)

    def _rows(self, position: int) -> int:
        """Return how many rows enter a check."""
        relations = self.network.checks[position].relations
        return sum(len(self.network.nodes[node].rows) for relation in relations for _, node in relation.terms)

    def _wanted(self, check: Check, change: Change, column: str) -> str | None:
        """Return the value that one check alone asks of a cell."""
        table = self.tables[change.table]
        if table.schema.columns[column].type not in SUMMABLE or change.row is None:
            return None
        nodes = {
            node
            for node in self.effects.members(change.table).get(change.row, ())
            if self.network.nodes[node].column == column
        }
        value = asked(self.assessment, AS_IT_STANDS, check, nodes, exact(table.columns[column][change.row]))
        return None if value is None else exact_text(value)


def _place(table: Table) -> int | None:
    """Return the data row at which a new row belongs by its number."""
    numbers = key_numbering(table)
    absent = None if numbers is None else numbers.absent()
    return None if numbers is None or absent is None else numbers.place(absent)
