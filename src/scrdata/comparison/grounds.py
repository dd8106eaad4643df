"""What binds a changed value: the mentions that state it and the rules that it takes part in, in few words."""

from __future__ import annotations

from scrdata.figures import Figure, figure_of, filled, outcomes
from scrdata.mentions import evaluate_mention
from scrdata.records import Record
from scrdata.totals import NotSummableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeVar

    from scrdata.references import Reference
    from scrdata.register import AnyOutcome
    from scrdata.rules import Outcome
    from scrdata.validation import Contents

    Check = TypeVar("Check", str, Outcome)

# What stands nearest is named; a total of a whole table says little about one of its cells.
MOST_CHECKS = 2
# Sums over more rows are not taken apart: of each explained cell, that would take time with all rows of a table.
MOST_WRITTEN_OUT = 1000


class Cell(Record):
    """A cell of a table; its row is counted from 0."""

    table: str
    column: str
    row: int


class Grounds:
    """The nearest checks of each of some cells, all evaluated once, in time linear in what the rules cover."""

    def __init__(self, cells: Iterable[Cell], contents: Contents) -> None:
        self._contents = contents
        self._wanted: dict[str, dict[int, list[Cell]]] = {}
        self._mentions: dict[Cell, list[tuple[int, int, str]]] = {}
        self._rules: dict[Cell, list[tuple[int, int, Outcome]]] = {}
        for cell in cells:
            self._wanted.setdefault(cell.table, {}).setdefault(cell.row, []).append(cell)
        self._find_mentions()
        self._find_rules()

    def explain(self, cell: Cell) -> str:
        """Return in few words which mentions and rules bind a cell; empty if none does."""
        mentions, rules = self._mentions.get(cell, []), self._rules.get(cell, [])
        words = [said for _, _, said in _nearest(mentions)]
        words += [self._filled(outcome, cell, size) for size, _, outcome in _nearest(rules)]
        more = len(mentions) + len(rules) - len(words)
        return "; ".join([*words, f"and {more} more"] if more else words)

    def _find_mentions(self) -> None:
        for position, mention in enumerate(self._contents.mentions):
            if mention.total is None:
                continue
            bound = "" if mention.relation == "=" else f" ({mention.relation} {mention.value})"
            words = f"{mention.locator} prints '{mention.words}'{bound}"
            try:
                words += self._verdict(evaluate_mention(mention, self._contents.totals))
            except NotSummableError:
                continue
            for cell, size in self._touched(mention.references, ()):
                self._mentions.setdefault(cell, []).append((size, position, words))

    def _find_rules(self) -> None:
        for position, outcome in enumerate(outcomes(self._contents.rules, self._contents.totals)):
            for cell, size in self._touched(outcome.references, outcome.values):
                self._rules.setdefault(cell, []).append((size, position, outcome))

    def _touched(self, references: Iterable[Reference], values: tuple[object, ...]) -> Iterator[tuple[Cell, int]]:
        """Yield each wanted cell that some totals sum up or choose rows by, with the number of rows of them all."""
        found: dict[Cell, None] = {}
        size = 0
        for reference in references:
            rows = figure_of(reference, self._contents.totals, values).rows  # type: ignore[arg-type]
            size += len(rows)
            wanted = self._wanted.get(reference.table)
            if wanted is None:
                continue
            columns = {reference.column, *(condition.path[0] for condition in reference.conditions)}
            for row in rows if len(rows) < len(wanted) else sorted(wanted.keys() & set(rows)):
                found.update((cell, None) for cell in wanted.get(row, ()) if cell.column in columns)
        yield from ((cell, size) for cell in found)

    def _filled(self, outcome: Outcome, cell: Cell, size: int) -> str:
        if size > MOST_WRITTEN_OUT:
            numbers = f" {outcome.rule.equation.relation} ".join(outcome.sides)
        else:
            numbers = filled(outcome, Figure(cell.table, cell.column, (cell.row,)), self._contents.totals)
        return f"{outcome.name}: {numbers}{self._verdict(outcome)}"

    def _verdict(self, outcome: AnyOutcome) -> str:
        """Return what has to be said of a check that does not hold."""
        if outcome.holds is not False:
            return ""
        register = self._contents.register
        is_known = register is not None and register.accepts(outcome)
        return ", a registered discrepancy" if is_known else ", which does not hold"


def _nearest(checks: list[tuple[int, int, Check]]) -> list[tuple[int, int, Check]]:
    """Return the checks about fewest cells, those of the same number in their order."""
    return sorted(checks, key=lambda check: check[:2])[:MOST_CHECKS]
