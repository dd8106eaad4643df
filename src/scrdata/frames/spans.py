"""Dates and times that no file holds, nor Python: before the year 1, after 9999, and the infinite ones of engines.

They are told apart inside the engine, reported, and then hidden, so that no query brings one out.
"""

from __future__ import annotations

import narwhals as nw

from scrdata.frames.queries import PLACE, counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from scrdata.findings import Finding, Ledger
    from scrdata.frames.engines import EngineTable, Located

EXPECTED = "a date of the years 0001 to 9999"
_SIDE = f"{PLACE}side"


def _beyond(name: str) -> dict[str, nw.Expr]:
    """Return what is true of the cells of a column that are beyond each end of the calendar, by how that is said."""
    column = nw.col(name)
    year = column.dt.year()
    return {
        "before the year 0001": year < 1,
        "after the year 9999": year > 9999,
        "beyond any year": year.is_null() & ~column.is_null(),
    }


class Spans:
    """The cells of a table that are beyond the calendar.

    Args:
        table: whose columns were accepted.
        names: its columns of dates and datetimes.
    """

    def __init__(self, table: EngineTable, names: Sequence[str]) -> None:
        self.table = table
        self.names = names
        self.hidden: set[str] = set()

    def asked(self) -> dict[str, nw.Expr]:
        """Return the counts to be asked for, by names."""
        return {
            f"{PLACE}beyond{i}_{j}": counted(mask)
            for i, name in enumerate(self.names)
            for j, mask in enumerate(_beyond(name).values())
        }

    def hide(self, answers: Mapping[str, Any], ledger: Ledger) -> list[tuple[Located, str, str]]:
        """Put missing values in place of the cells that were counted.

        Returns:
            The first rows that have such cells, each with the name of the column and the end of the calendar; the
            others are counted.
        """
        found = [
            (i, name, j, how, int(answers[f"{PLACE}beyond{i}_{j}"]))
            for i, name in enumerate(self.names)
            for j, how in enumerate(_beyond(name))
        ]
        found = [part for part in found if part[-1]]
        for i, name in dict.fromkeys(part[:2] for part in found):
            self._hide(i, name)
        listed = []
        for i, name, j, how, number in found:
            rows = self.table.located(self.table.lazy().filter(nw.col(f"{_SIDE}{i}") == j), ())
            ledger.add_unlisted(number - len(rows))
            listed += [(row, name, how) for row in rows]
        return listed

    def _hide(self, position: int, name: str) -> None:
        """Put missing values in place of the cells of a column, and a column beside it that says why."""
        side = nw.lit(-1)
        for j, mask in enumerate(_beyond(name).values()):
            side = nw.when(mask).then(nw.lit(j)).otherwise(side)
        frame = self.table.lazy().with_columns(side.alias(f"{_SIDE}{position}"))
        missing = nw.lit(None).cast(frame.collect_schema()[name])
        kept = nw.when(nw.col(f"{_SIDE}{position}") < 0).then(nw.col(name)).otherwise(missing)
        self.table.frame = frame.with_columns(kept.alias(name))
        self.hidden.add(name)

    def left(self, name: str, doubt: nw.Expr) -> nw.Expr:
        """Return a doubt about those cells of a column that are not hidden."""
        return doubt & (nw.col(f"{_SIDE}{self.names.index(name)}") < 0) if name in self.hidden else doubt

    def finding(self, row: Located, name: str, how: str) -> Finding:
        """Return the finding about a cell that is hidden."""
        message = f"'{name}' is {how}, expected {EXPECTED}"
        return self.table.finding("cell_fits_type", message, row, name, found=how, expected=EXPECTED)
