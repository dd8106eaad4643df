"""A change, and the difference of two packages: what changed, why, and which version that calls for."""

from __future__ import annotations

from types import MappingProxyType

from scrdata.comparison.levels import KINDS, largest
from scrdata.comparison.versions import is_sufficient, required_version, version_problems
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.findings import Scalar

NO_CELLS: Mapping[str, Scalar] = MappingProxyType({})


class Change(Record):
    """One thing that is otherwise.

    Attributes:
        kind: what kind of change it is: a name of `scrdata.comparison.levels.KINDS`.
        table: the table, or other resource; `None` for the package as a whole.
        column: the column.
        key: the primary key of the row, column by column; empty where rows have none.
        row: data row from 1, in the later package; of a row that is gone, in the earlier one.
        aspect: the property, the constraint or the code that changed.
        old: what stood there; `None` where nothing did, or the cell was missing.
        new: what stands there.
        cells: of a row that is new or gone, all its cells.
        explanation: of a changed value, which mentions and rules of the later package bind it, or where
            it stands in the source; of something new, what it may have been called before.
    """

    kind: str
    table: str | None = None
    column: str | None = None
    key: Mapping[str, Scalar] = NO_CELLS
    row: int | None = None
    aspect: str | None = None
    old: Scalar = None
    new: Scalar = None
    cells: Mapping[str, Scalar] = NO_CELLS
    explanation: str = ""

    @property
    def level(self) -> str:
        """The level that it calls for: `patch`, `minor` or `major`."""
        return KINDS[self.kind].level

    def to_dict(self) -> dict[str, object]:
        """Return the change as the object that `diff --format json` prints."""
        parts = dict(zip(self._names, self.parts(), strict=True))
        return {"level": self.level, **parts, "key": dict(self.key), "cells": dict(self.cells)}


class Diff(Record):
    """What is otherwise in the later of two packages.

    Attributes:
        old: where the earlier package was read from.
        new: where the later one was read from.
        old_version: the version that the earlier package states.
        new_version: the version that the later one states.
        changes: everything that changed, the package first, then table by table.
        notes: what could not be looked at, or was not.
    """

    old: str
    new: str
    old_version: str | None
    new_version: str | None
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """The largest level of all changes: `none`, `patch`, `minor` or `major`."""
        return largest(change.level for change in self.changes)

    @property
    def required(self) -> str | None:
        """The smallest version that the changes allow; `None` if the earlier package states none to start from."""
        return required_version(self.old_version, self.level)

    @property
    def sufficient(self) -> bool | None:
        """Whether the later version is large enough; `None` if one of the two is no semantic version."""
        return is_sufficient(self.old_version, self.new_version, self.level)

    @property
    def version_problems(self) -> tuple[str, ...]:
        """A sentence for each reason why the later package may not be released under its version; empty if it may."""
        return tuple(version_problems(self.old_version, self.new_version, self.level))

    @property
    def counts(self) -> dict[str, int]:
        """The number of changes of each kind that occurs, in the order of the table of kinds."""
        kinds = [change.kind for change in self.changes]
        present = set(kinds)
        found = dict.fromkeys((kind for kind in KINDS if kind in present), 0)
        for kind in kinds:
            found[kind] += 1
        return found

    def to_dict(self) -> dict[str, object]:
        """Return the object that `diff --format json` prints."""
        return {
            "old": self.old,
            "new": self.new,
            "old_version": self.old_version,
            "new_version": self.new_version,
            "same": not self.changes,
            "level": self.level,
            "required_version": self.required,
            "sufficient": self.sufficient,
            "version_problems": list(self.version_problems),
            "counts": self.counts,
            "notes": list(self.notes),
            "changes": [change.to_dict() for change in self.changes],
        }
