"""How much of a package is read: `Limits`, and what a finding says where one is reached.

A limit bounds what a package that nobody has looked at yet may cost. One that is reached is an error, never a
reason to look at less: what was not read was not checked. `docs/limits.md` lists them.
"""

from __future__ import annotations

from scrdata.errors import ScrdataError
from scrdata.records import Record

MEBIBYTE = 1 << 20
# What each limit counts, and where; in the order of `Limits`.
UNITS = {
    "file_size": ("bytes", "in one file of the package"),
    "json_size": ("bytes", "in one JSON file of the package"),
    "archive_size": ("bytes", "in a .zip, and in all that is read of it, unpacked"),
    "archive_members": ("members", "in a .zip"),
    "archive_ratio": ("times its packed size", "for a member of a .zip to unpack to; a mebibyte is always allowed"),
    "row_length": ("characters", "in one row of a table, its marks included"),
    "cell_length": ("characters", "in one cell"),
    "columns": ("columns", "in one table"),
    "cells": ("cells", "in all tables of the package that are read into memory"),
    "nesting": ("levels", "of objects and lists within each other, in a JSON file or in a cell of that kind"),
    "pattern_length": ("characters", "in the pattern of a column, its counts written out"),
    "pattern_steps": ("steps", "for one pattern to go through the cells of its column"),
    "findings": ("findings", "in a report, which counts them all, and whose verdict is about all"),
}
# Beyond these, neither Python's stack nor the shape of a pattern's states is sure to bear what is asked of it.
_MOST = {"nesting": 200, "pattern_length": 20_000}
# A package without a row, a column or a level is none; without a listed finding a verdict still is one.
_LEAST = {"findings": 0}


class Limits(Record):
    """So much is read of a package at most; each part is explained by `UNITS` and in `docs/limits.md`.

    >>> Limits(columns=100).columns
    100
    """

    file_size: int = 256 * MEBIBYTE
    json_size: int = 8 * MEBIBYTE
    archive_size: int = 256 * MEBIBYTE
    archive_members: int = 10_000
    archive_ratio: int = 200
    row_length: int = 10_000_000
    cell_length: int = 1_000_000
    columns: int = 16_384
    cells: int = 12_000_000
    nesting: int = 64
    pattern_length: int = 5_000
    pattern_steps: int = 1_000_000
    findings: int = 1_000

    def __init__(self, *values: int, **named: int) -> None:
        """Take the limits in their order, or by name.

        Raises:
            ScrdataError: one is no whole number, or outside of what it may be.
        """
        super().__init__(*values, **named)
        if values or named:
            for name in UNITS:
                _check(name, getattr(self, name))


def _check(name: str, value: object) -> None:
    """Raise `ScrdataError` unless a limit may have this value."""
    least, most = _LEAST.get(name, 1), _MOST.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least or (most is not None and value > most):
        bound = f"at least {least:,}" if most is None else f"between {least:,} and {most:,}"
        raise ScrdataError(f"the limit {name} is a whole number, {bound}; {value!r} was given")


DEFAULT = Limits()


def option(name: str) -> str:
    """Return the option of `scrdata validate` that sets a limit.

    >>> option("row_length")
    '--max-row-length'
    """
    return f"--max-{name.replace('_', '-')}"


def reached(limits: Limits, name: str) -> str:
    """Return what a message says about a limit that was reached, and what to do if the package is to be trusted.

    >>> reached(Limits(), "row_length")
    'more than 10,000,000 characters; scrdata validate --max-row-length allows more'
    """
    return f"more than {getattr(limits, name):,} {UNITS[name][0]}; scrdata validate {option(name)} allows more"
