"""The page of implied figures, `docs/implied-figures.md`, as `scrdata bounds --format markdown` prints it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrdata.deduction import Bounds
    from scrdata.reasons import Reason

_HEAD = """\
# Figures that are implied and not printed

What the report prints implies more than it prints. This page lists it. It is written by a program, and so is every
number on it, from the tables and rules of the package alone:

    scrdata bounds --format markdown

`scrdata bounds REFERENCE` says the same of any one figure, with every step.

How to read it:

- "Not counted under" means no more than that. That a child is not among those counted under a circumstance does not
  say that the circumstance was absent: it may have been unknown, or unrecorded.
- Circumstances overlap, and so do the remainders of different circumstances: they must not be added up.
- Equal numbers are not the same children. That two figures agree says nothing about who is behind them.
- Small numbers have children behind them. Nothing here says who they are, and nobody should try to find out.
- Nothing is estimated. Where the printed numbers leave a range, both ends of it fit all of them.
"""
_EXACT = """\
## Exactly

### Cells of the tables

The tables hold these, marked `derived`.
"""
_REMAINDERS = """\
### Remainders

A whole that the report counts, less a part of it that it counts. No table holds these.
"""
_INFERRED = """\
### Remainders that rest on an inference

These follow only if something holds that the report does not say in so many words: it stands in the last column.
`discrepancies` says of several what is open about them.
"""
_BOUNDED = """\
## Within bounds

The package has these without a count, and no more follows: both bounds are possible by everything that is printed.
"""


def write_page(figures: Sequence[Bounds]) -> str:
    """Return the page.

    Args:
        figures: as `scrdata.implied` returns them.
    """
    cells = [item for item in figures if item.status == "derived" and item.exact]
    rests = [item for item in figures if item.status == "remainder" and item.exact]
    sure, inferred = ([item for item in rests if bool(item.inferences) is is_inferred] for is_inferred in (False, True))
    bounded = [item for item in figures if not item.exact]
    parts = [
        _HEAD,
        _EXACT + "\n" + _table(("figure", "what", "how", "by"), map(_exact_row, cells)),
        _REMAINDERS + "\n" + _table(("figure", "what", "how", "by"), map(_exact_row, sure)),
        _INFERRED + "\n" + _table(("figure", "what", "how", "inferred"), map(_inferred_row, inferred)),
        _BOUNDED + "\n" + _table(("from", "to", "what", "why", "exact if this were known"), map(_bounded_row, bounded)),
    ]
    return "\n".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _exact_row(item: Bounds) -> list[str]:
    return [str(item.least), _what(item), _steps(item.reasons), _grounds(item.reasons)]


def _inferred_row(item: Bounds) -> list[str]:
    return [str(item.least), _what(item), _steps(item.reasons), " ".join(item.inferences)]


def _bounded_row(item: Bounds) -> list[str]:
    least, greatest = ("" if limit is None else str(limit) for limit in (item.least, item.greatest))
    return [least, greatest, _what(item), _why(item), "; ".join(f"`{name}`" for name in item.needed)]


def _what(item: Bounds) -> str:
    """Return what is counted, with the discrepancies that touch it."""
    marks = ", ".join(f"`{name}`" for name in item.discrepancies)
    return f"{item.label} (see {marks})" if marks else item.label


def _steps(reasons: Iterable[Reason]) -> str:
    """Return the arithmetic of some steps; a bare number says nothing beside others."""
    steps = [reason.arithmetic for reason in reasons if reason.arithmetic]
    return "; ".join([step for step in steps if "=" in step] or steps)


def _grounds(reasons: Iterable[Reason]) -> str:
    """Return the checks behind some steps, with the places in the report."""
    grounds = [ground for reason in reasons for ground in reason.grounds]
    names = dict.fromkeys(ground.name for ground in grounds)
    places = dict.fromkeys(place for ground in grounds for place in ground.locators.split("; ") if place)
    listed = ", ".join(f"`{name}`" if name != "population" else "the column `population`" for name in names)
    return f"{listed} ({'; '.join(places)})" if places else listed


def _why(item: Bounds) -> str:
    """Return the steps to each bound, and what they rest on; a limit of the column needs no step."""
    steps = []
    for reason in item.reasons:
        conclusion = reason.conclusion.replace(">=", "at least").replace("<=", "at most")
        if reason.arithmetic and reason.about == item.reference:
            steps.append(f"{reason.arithmetic}, so {conclusion}" if "=" in reason.arithmetic else conclusion)
        elif "=" in reason.arithmetic:
            steps.append(reason.arithmetic)
    if not steps:
        return "the limits of the column"
    inferred = "".join(f" Inferred: {statement}" for statement in item.inferences)
    return f"{'; '.join(steps)}: {_grounds(reason for reason in item.reasons if reason.arithmetic)}.{inferred}"
