"""Two packages compared, the whole of them: descriptor, schemas, rows, and what explains a changed value."""

from __future__ import annotations

from collections import deque

from scrdata.comparison.changes import Change, Diff
from scrdata.comparison.columns import compare_schemas
from scrdata.comparison.grounds import Cell, Grounds
from scrdata.comparison.metadata import compare_packages, compare_resources, compare_schema_metadata
from scrdata.comparison.tables import MENTIONS, REGISTER, RULES, Version, compare_tables
from scrdata.contents import with_evidence
from scrdata.errors import InvalidPackageError
from scrdata.findings import quoted
from scrdata.storage import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata.descriptor import Descriptor, Resource
    from scrdata.reading import Table
    from scrdata.validation import Contents

# So many changed values are explained; of more, the others are only listed.
MOST_EXPLAINED = 1000
# Columns that say where in the source a row stands.
LOCATORS = ("locator", "locators")


def compare_contents(old: Contents, new: Contents) -> Diff:
    """Return everything that is otherwise in the later of two packages.

    Args:
        old: the earlier package.
        new: the later one; its rules and mentions are read if a value changed.

    Raises:
        InvalidPackageError: a table of one of them has findings, or another file cannot be read.
    """
    for contents in (old, new):
        # Every table, so that none is found to be unreadable only if the other package has it too.
        deque(contents.tables.values(), maxlen=0)
    changes = list(compare_packages(old.descriptor, new.descriptor))
    for name, resource in old.descriptor.resources.items():
        other = new.descriptor.resources.get(name)
        if other is None or other.tabular is not resource.tabular:
            changes.append(Change("table_removed" if resource.tabular else "file_removed", name, old=resource.path))
    former = _former_names(old, new)
    for name, resource in new.descriptor.resources.items():
        other = old.descriptor.resources.get(name)
        if other is None or other.tabular is not resource.tabular:
            held = former.get((resource.tabular, _bytes(resource, new)))
            hint = f"holds what {quoted(held)} held: renamed?" if held is not None else ""
            kind = "table_added" if resource.tabular else "file_added"
            changes.append(Change(kind, name, new=resource.path, explanation=hint))
        else:
            changes += _compare_both(other, resource, old, new)
    explained, notes = _explain(changes, new)
    return Diff(
        old.descriptor.storage.name,
        new.descriptor.storage.name,
        old.descriptor.version,
        new.descriptor.version,
        tuple(explained),
        tuple(notes),
    )


def _former_names(old: Contents, new: Contents) -> dict[tuple[bool, bytes], str]:
    """Return what is gone by what it held, so that what only has another name is recognised."""
    kept = new.descriptor.resources
    gone = {name: item for name, item in old.descriptor.resources.items() if name not in kept}
    return {(item.tabular, _bytes(item, old)): name for name, item in reversed(gone.items())}


def _compare_both(old: Resource, new: Resource, before: Contents, after: Contents) -> Iterator[Change]:
    """Yield what changed in something that both packages have."""
    yield from compare_resources(old, new)
    if old.schema is None or new.schema is None:
        if _bytes(old, before) != _bytes(new, after):
            yield Change("file_changed", new.name)
        return
    properties = _schema_properties(old, before.descriptor), _schema_properties(new, after.descriptor)
    yield from compare_schema_metadata(new.name, *properties)
    one, other = _version(old, before), _version(new, after)
    for change in compare_schemas(new.name, old.schema, new.schema):
        hint = _former_column(change, one.table, other.table) if change.kind == "column_added" else ""
        yield change.changed(explanation=hint) if hint else change
    yield from compare_tables(one, other)


def _former_column(change: Change, old: Table, new: Table) -> str:
    """Return a hint if a new column holds exactly what a column that is gone held."""
    cells = new.columns[str(change.column)]
    gone = (name for name in old.columns if name not in new.columns)
    found = next((name for name in gone if cells and list(old.columns[name]) == list(cells)), None)
    return f"holds what {quoted(found)} held: renamed?" if found else ""


def _schema_properties(resource: Resource, descriptor: Descriptor) -> Mapping[str, object]:
    schema = resource.properties["schema"]
    value = descriptor.documents[schema].value if isinstance(schema, str) else schema
    assert isinstance(value, dict)
    return value


def _version(resource: Resource, contents: Contents) -> Version:
    """Return a table with what else has to be known of it."""
    declared = contents.descriptor.properties
    role = next((name for name in (RULES, MENTIONS, REGISTER) if declared.get(name) == resource.name), "")
    referred = {
        column
        for other in contents.descriptor.tables.values()
        for key in (other.schema.foreign_keys if other.schema else ())
        if (key.table or other.name) == resource.name
        for column in key.columns
    }
    table = contents.tables[resource.name]
    return Version(table, _bytes(resource, contents), resource.delimiter, role, frozenset(referred))


def _bytes(resource: Resource, contents: Contents) -> bytes:
    storage = contents.descriptor.storage
    try:
        return storage.read(resource.path)
    except Refusal as refusal:
        raise InvalidPackageError(f"{quoted(resource.name)} cannot be compared: {refusal.message}") from None


def _explain(changes: Sequence[Change], new: Contents) -> tuple[list[Change], list[str]]:
    """Return the changes with what explains changed values, and notes on what could not be explained."""
    cells = {
        position: Cell(str(change.table), str(change.column), change.row - 1)
        for position, change in enumerate(changes)
        if change.row is not None and change.kind in ("value_changed", "text_changed", "rule_changed")
    }
    figures = [position for position in cells if changes[position].kind == "value_changed"]
    notes = []
    if len(figures) > MOST_EXPLAINED:
        notes.append(f"of {len(figures):,} changed values, the first {MOST_EXPLAINED:,} are explained")
    grounds = None
    try:
        if figures:
            wanted = [cells[position] for position in figures[:MOST_EXPLAINED]]
            grounds = Grounds(wanted, with_evidence(new))
    except InvalidPackageError as error:
        notes.append(f"what binds the changed values cannot be said: {error}")
    explained = list(changes)
    for position, cell in cells.items():
        words = [_place(cell, new), grounds.explain(cell) if grounds is not None else ""]
        explained[position] = changes[position].changed(explanation="; ".join(filter(None, words)))
    return explained, notes


def _place(cell: Cell, contents: Contents) -> str:
    """Return where in the source the row of a cell stands, if it says so itself."""
    columns = contents.tables[cell.table].columns
    return next((str(columns[name][cell.row] or "") for name in LOCATORS if name in columns), "")
