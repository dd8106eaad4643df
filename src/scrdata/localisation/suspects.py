"""Numbers to doubt: the lightest repairs of a package, told cell by cell."""

from __future__ import annotations

from types import MappingProxyType

from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrdata.findings import Scalar

CHANGE, REMOVE, ADD = "change", "remove row", "add row"


class Suspect(Record):
    """One number, code, row or statement to doubt, and what it should be.

    Attributes:
        table: the name of its table.
        action: `change` a cell, `remove row` or `add row`.
        row: data row from 1; of a row to add, where its number would place it; `None` where any of
            `candidates` may be meant.
        key: primary key of the row, column by column, as far as it is known.
        column: of the cell; `None` for a whole row.
        found: what stands there; of a row to remove, its cells.
        suggested: what should stand there; a text such as `at most 31` where that is all that follows,
            `None` where nothing does; of a row to add, its cells.
        confidence: from 0 to 1: the share of the checks that speak for the suggestion, where what stands
            there counts for one, and so does each statement that is set aside with it; times the
            share of the repairs that change it, where several would do as well.
        explains: ids of the rules and mentions that fail because of it.
        reasons: a sentence for each of these: what it says, and what it asks for.
        problem: the number, from 1, of the group of failing checks that it belongs to.
        candidates: data rows of which any may be meant, as they are alike in all that is checked.
        swapped_with: data row, from 1, of the cell in the same column with which it changed places.
        file: path within the package.
        line: of the file.
    """

    table: str
    action: str
    row: int | None
    key: Mapping[str, Scalar]
    column: str | None
    found: Scalar | Mapping[str, Scalar]
    suggested: Scalar | Mapping[str, Scalar]
    confidence: float
    explains: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    problem: int = 1
    candidates: tuple[int, ...] = ()
    swapped_with: int | None = None
    file: str | None = None
    line: int | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the suspect as the object that `suspects --format json` prints."""
        parts: dict[str, object] = dict(zip(self._names, self.parts(), strict=True))
        mappings = {name: dict(part) for name, part in parts.items() if isinstance(part, (dict, MappingProxyType))}
        lists = {name: list(part) for name, part in parts.items() if isinstance(part, tuple)}
        return {**parts, **mappings, **lists}


class Unresolved(Record):
    """A check that fails, or was not evaluated, and that no suspect explains.

    Attributes:
        check: its id.
        reason: why.
        place: where it was found, as far as that is one place.
    """

    check: str
    reason: str
    place: str = ""

    def to_dict(self) -> dict[str, object]:
        """Return the object that `suspects --format json` prints."""
        return {"check": self.check, "reason": self.reason, "place": self.place}


class Suspects(Record):
    """What to doubt in a package.

    Attributes:
        package: where it was read from.
        suspects: what the lightest repair changes, the most certain first; what is undetermined is left out.
        alternatives: of every group of failing checks that several repairs would mend as well, each of these
            repairs; the first of them stands in `suspects`, unless each contradicts something that agrees
            with itself, as where a report does not add up.
        unresolved: failing checks that no suspect explains.
        complete: no further repair is as light; otherwise some of these are not listed.
        optimal: no lighter repair of the kinds that are tried exists; false where the time ran out before
            that was known.
        failing: the number of checks that fail.
    """

    package: str
    suspects: tuple[Suspect, ...]
    alternatives: tuple[tuple[Suspect, ...], ...]
    unresolved: tuple[Unresolved, ...]
    optimal: bool
    complete: bool
    failing: int

    def to_dict(self) -> dict[str, object]:
        """Return the object that `suspects --format json` prints."""
        return {
            "package": self.package,
            "failing": self.failing,
            "suspects": [suspect.to_dict() for suspect in self.suspects],
            "alternatives": [[suspect.to_dict() for suspect in repair] for repair in self.alternatives],
            "unresolved": [item.to_dict() for item in self.unresolved],
            "optimal": self.optimal,
            "complete": self.complete,
        }
