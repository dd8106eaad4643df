"""Rules with so many instances that these stay in the engine: only those that do not hold leave it."""

from __future__ import annotations

from functools import reduce
from operator import add, or_

import narwhals as nw

from scrdata.frames.engines import LISTED
from scrdata.frames.queries import PLACE, counted, first_row, rows_of
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from scrdata.frames.engine_totals import EngineTotals
    from scrdata.references import Equation, Reference, Sum
    from scrdata.totals import Amount, Instance

# The types whose values are named by the text that every engine makes of them.
_NAMED = ("string", "integer", "date")
# What the columns of the united instances are called, each with a number.
STAR, ROWS, MISSING, SUM = (f"{PLACE}{what}" for what in ("star", "rows", "missing", "sum"))
_LARGEST_FACTOR = 2**20
_HOLDS = {"=": "__eq__", "<=": "__le__", ">=": "__ge__", "<": "__lt__", ">": "__gt__"}


class Instances(Record):
    """The instances of an equation, as far as they have to be looked at.

    Attributes:
        listed: the first that do not hold, or are open, with total and number of rows of each starred
            reference that rows enter.
        holding: how many hold.
        failing: how many more do not hold.
        unsettled: how many more are open.
    """

    listed: dict[Instance, dict[Reference, tuple[Amount | None, int]]]
    holding: int
    failing: int
    unsettled: int


def compare_instances(equation: Equation, totals: EngineTotals) -> Instances | None:
    """Compare both sides of an equation in the engine, instance by instance; `None` where it cannot do so exactly."""
    starred = list(dict.fromkeys(reference for reference in equation.references if reference.stars))
    terms = (*equation.left.terms, *equation.right.terms)
    if any(term.factor > _LARGEST_FACTOR for term in terms) or not all(_is_countable(r, totals) for r in starred):
        return None
    plain = {r: totals.value(r) for r in equation.references if not r.stars}
    if not all(isinstance(value, int) and abs(value) < 2**62 for value in plain.values()):
        return None
    frame = _united(starred, totals)
    if frame is None:
        return None
    names = frame.collect_schema().names()
    sides = [_side(side, starred, plain) for side in (equation.left, equation.right)]
    # Without such columns too it is an expression over the rows, so that it can be counted.
    unknown = reduce(or_, (nw.col(name) > 0 for name in names if name.startswith(MISSING)), nw.col(f"{ROWS}0") < 0)
    holds = getattr(sides[0], _HOLDS[equation.relation])(sides[1]) & ~unknown
    counts = first_row(frame.select(all=nw.len(), holding=counted(holds), open=counted(unknown)))
    number, holding, unsettled = int(counts["all"]), int(counts["holding"]), int(counts["open"])
    stars = [name for name in names if name.startswith(STAR)]
    rows = rows_of(frame.filter(~holds).sort(*stars).head(LISTED)) if holding < number else []
    found = [dict(zip(names, row, strict=True)) for row in rows]
    listed = {tuple(answers[name] for name in stars): _totals_of(answers, starred) for answers in found}
    is_open = sum(any(answers[name] for name in names if name.startswith(MISSING)) for answers in found)
    return Instances(
        listed=listed,
        holding=holding,
        failing=number - holding - unsettled - (len(found) - is_open),
        unsettled=unsettled - is_open,
    )


def _is_countable(reference: Reference, totals: EngineTotals) -> bool:
    """Say whether a reference is a sum of whole numbers, grouped by what has one name in every engine."""
    named = all(totals.end_field(reference.table, path).type in _NAMED for path in reference.stars)
    column = reference.column
    return named and (column is None or totals.schemas[reference.table].columns[column].type == "integer")


def _kinds(reference: Reference) -> tuple[str, ...]:
    """Return what is added up of a reference."""
    return (ROWS,) if reference.column is None else (ROWS, MISSING, SUM)


def _united(references: list[Reference], totals: EngineTotals) -> nw.LazyFrame[Any] | None:
    """Return one row for each instance, with rows, missing cells and sum of each reference; absent ones count 0.

    `None` where a reference cannot be added up exactly.
    """
    parts = []
    wanted = [(kind, i) for i, reference in enumerate(references) for kind in _kinds(reference)]
    for position, reference in enumerate(references):
        frame, measured = totals.starred([reference])
        if not measured:
            return None
        asked = dict(zip(_kinds(reference), measured[0][1].asked, strict=True))
        stars = {f"{STAR}{i}": nw.col(f"{STAR}{i}").cast(nw.String) for i in range(len(reference.stars))}
        columns = {
            f"{kind}{i}": _part(
                kind, nw.col(asked[kind]).cast(nw.Int64) if i == position else nw.lit(None).cast(nw.Int64)
            )
            for kind, i in wanted
        }
        parts.append(frame.filter(nw.col(asked[ROWS]) > 0).select(**stars, **columns))
    names = [f"{STAR}{i}" for i in range(len(references[0].stars))]
    united = nw.concat(parts) if len(parts) > 1 else parts[0]
    # Of the rows that enter only these are left, each counts one.
    summed = united.group_by(*names).agg(
        *(nw.col(f"{kind}{i}").count() if kind == ROWS else nw.col(f"{kind}{i}").sum() for kind, i in wanted)
    )
    return summed.select(*names, *(nw.col(f"{kind}{i}").cast(nw.Int64) for kind, i in wanted))


def _part(kind: str, measured: nw.Expr) -> nw.Expr:
    """Return a number as it is counted or added up: of nothing but missing ones, some engines' sum is missing."""
    return measured if kind == ROWS else measured.fill_null(0)


def _side(side: Sum, starred: list[Reference], plain: dict[Reference, Amount | None]) -> nw.Expr:
    """Return one side of the equation as an expression over the united frame."""
    constant = 0
    parts = []
    for term in side.terms:
        factor = term.sign * term.factor
        if term.reference is None:
            constant += factor
        elif term.reference in plain:
            value = plain[term.reference]
            assert isinstance(value, int)
            constant += factor * value
        else:
            kind = ROWS if term.reference.column is None else SUM
            parts.append(nw.col(f"{kind}{starred.index(term.reference)}") * factor)
    return reduce(add, parts, nw.lit(constant).cast(nw.Int64))


def _totals_of(answers: dict[str, Any], starred: list[Reference]) -> dict[Reference, tuple[Amount | None, int]]:
    found: dict[Reference, tuple[Amount | None, int]] = {}
    for i, reference in enumerate(starred):
        rows = int(answers[f"{ROWS}{i}"])
        total = rows if reference.column is None else int(answers[f"{SUM}{i}"])
        if rows:
            found[reference] = (None if answers.get(f"{MISSING}{i}") else total, rows)
    return found
