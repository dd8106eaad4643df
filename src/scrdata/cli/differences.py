"""How a difference is said to a person: each change in one line, table by table, the gravest first."""

from __future__ import annotations

from scrdata.findings import quoted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrdata import Diff
    from scrdata.comparison.changes import Change

# Of each table, so many changes are listed; the longest value and the longest row are cut.
LISTED = 20
VALUE_CHARACTERS = 80
ROW_CHARACTERS = 160
GRAVEST_FIRST = ("major", "minor", "patch")
OF_CELLS = ("value_changed", "text_changed", "value_respelled", "rule_changed")
NO_VALUE = "nothing"


def as_text(found: Diff) -> str:
    """Return a difference for a person: the changes by table, then what they amount to."""
    lines = []
    for name, changes in by_table(found.changes).items():
        lines.append(f"{name or 'the package'}: {_count(len(changes), 'change', 'changes')}")
        for change in changes[:LISTED]:
            lines.append(f"  {change.level}: {sentence(change)}")
            lines += [f"    {change.explanation}"] if change.explanation else []
        if len(changes) > LISTED:
            rest = changes[LISTED:]
            lines.append(f"  … and {len(rest):,} more ({_levels(rest)}); --format json lists all")
        lines.append("")
    lines += [f"note: {note}" for note in found.notes]
    lines += [f"old: {labelled(found.old, found.old_version)}", f"new: {labelled(found.new, found.new_version)}"]
    lines.append(summary(found))
    return "\n".join(shown(line, len(line)) for line in lines)


def by_table(changes: Sequence[Change]) -> dict[str, list[Change]]:
    """Return the changes by table, those of the package under an empty name; of each the gravest first."""
    tables: dict[str, list[Change]] = {}
    for change in changes:
        tables.setdefault(change.table or "", []).append(change)
    return {name: sorted(items, key=lambda item: GRAVEST_FIRST.index(item.level)) for name, items in tables.items()}


def sentence(change: Change) -> str:
    """Return one change in one line, without its table."""
    what = change.kind.replace("_", " ")
    where = place(change)
    values = _values(change)
    return ": ".join(filter(None, (what, where, values)))


def place(change: Change) -> str:
    """Return where in a table a change is: column, row, and what of them."""
    row = cells(change.key) or (f"row {change.row}" if change.row is not None else "")
    column = shown(change.column or "", VALUE_CHARACTERS)
    if change.kind in OF_CELLS:
        return f"{column} of {row}"
    return " ".join(filter(None, (column, row, shown(change.aspect or "", VALUE_CHARACTERS))))


def _values(change: Change) -> str:
    if change.cells:
        rest = {name: cell for name, cell in change.cells.items() if name not in change.key and cell is not None}
        return shown(cells(rest), ROW_CHARACTERS)
    if change.old is None and change.new is None:
        return ""
    old, new = (NO_VALUE if value is None else value_text(value) for value in (change.old, change.new))
    return f"{old} -> {new}"


def value_text(value: object) -> str:
    """Return a value as it is shown: text in quotation marks, cut where it is long."""
    return quoted(shown(value, VALUE_CHARACTERS)) if isinstance(value, str) else str(value)


def cells(row: Mapping[str, object]) -> str:
    """Return some cells of a row in one line."""
    return ", ".join(f"{shown(name)}={'' if cell is None else shown(str(cell))}" for name, cell in row.items())


def labelled(location: str, version: str | None) -> str:
    """Return a package by its place and its version."""
    return f"{location} {version}" if version else location


def summary(found: Diff) -> str:
    """Return in one line what the changes amount to, and what that says of the version."""
    if not found.changes:
        words = "the same"
    else:
        tables = {change.table for change in found.changes if change.table is not None}
        words = f"DIFFERENT: {_count(len(found.changes), 'change', 'changes')} ({_levels(found.changes)})"
        words += f" in {_count(len(tables), 'table', 'tables')}" if tables else ""
    return f"{words}; {version_words(found)}"


def version_words(found: Diff) -> str:
    """Return what the changes say of the version."""
    if found.sufficient is None:
        return "; ".join(found.version_problems)
    enough = "is large enough" if found.sufficient else "is too small"
    if not found.changes:
        return f"{found.new_version} after {found.old_version} {enough}"
    return f"{found.level} since {found.old_version}: calls for {found.required}, {found.new_version} {enough}"


def _levels(changes: Sequence[Change]) -> str:
    """Return how many changes there are of each level: `1 major, 3 minor`."""
    levels = [change.level for change in changes]
    return ", ".join(f"{levels.count(level):,} {level}" for level in GRAVEST_FIRST if level in levels)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
