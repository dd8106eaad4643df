"""What a descriptor says, compared: of the package, and of each table or other file."""

from __future__ import annotations

from scrdata.comparison.changes import Change
from scrdata.comparison.columns import written
from scrdata.comparison.tables import MENTIONS, REGISTER, RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata.descriptor import Descriptor, Resource

    Properties = Mapping[str, object]

# A release states them of itself; the rest is compared elsewhere, or follows from the bytes of a file.
_OF_A_RELEASE = ("version", "created")
_IDENTITY = ("name", "id")
_DECLARATIONS = (RULES, MENTIONS, REGISTER)
_COMPARED_APART = {
    *("resources", "licenses", *_OF_A_RELEASE, *_IDENTITY, *_DECLARATIONS),
    *("path", "bytes", "hash", "scrdata:rows", "schema", "dialect", "scrdata:text"),
}
_OF_A_SCHEMA = {"fields", "primaryKey", "uniqueKeys", "foreignKeys", "missingValues", "scrdata:text"}


def compare_packages(old: Descriptor, new: Descriptor) -> Iterator[Change]:
    """Yield what changed in the descriptor of a package, its tables and other files aside."""
    before, after = old.properties, new.properties
    for aspect in _IDENTITY:
        yield from _compare("package_renamed", None, before, after, aspect)
    yield from compare_licences(None, before, after)
    for aspect in _DECLARATIONS:
        kind = "declaration_removed" if aspect in before else "declaration_added"
        yield from _compare(kind, None, before, after, aspect)
    yield from _compare_rest(None, before, after)
    kept = [[name for name in one.resources if name in other.resources] for one, other in ((old, new), (new, old))]
    if kept[0] != kept[1]:
        yield Change("tables_reordered", old=", ".join(kept[0]), new=", ".join(kept[1]))


def compare_resources(old: Resource, new: Resource) -> Iterator[Change]:
    """Yield what changed in what the descriptor says of one table or other file, the schema aside."""
    if old.path != new.path:
        yield Change("table_moved", new.name, aspect="path", old=old.path, new=new.path)
    if old.delimiter != new.delimiter:
        yield Change("delimiter_changed", new.name, aspect="delimiter", old=old.delimiter, new=new.delimiter)
    yield from compare_licences(new.name, old.properties, new.properties)
    yield from _compare_rest(new.name, old.properties, new.properties)


def compare_schema_metadata(table: str, old: Properties, new: Properties) -> Iterator[Change]:
    """Yield what changed in the properties of a schema that say nothing about columns or keys."""
    yield from _compare_rest(table, old, new, _OF_A_SCHEMA)


def compare_licences(table: str | None, old: Properties, new: Properties) -> Iterator[Change]:
    """Yield whether other licences are named; how they are worded is metadata."""
    before, after = (_licences(properties) for properties in (old, new))
    if before != after:
        yield Change("licence_changed", table, aspect="licenses", old=before, new=after)
    else:
        yield from _compare("metadata_changed", table, old, new, "licenses")


def _licences(properties: Properties) -> str | None:
    """Return the names of the licences, or their addresses where they have none."""
    listed = properties.get("licenses", [])
    assert isinstance(listed, list)
    return ", ".join(sorted(str(item.get("name", item.get("path"))) for item in listed)) or None


def _compare_rest(
    table: str | None, old: Properties, new: Properties, apart: set[str] | Sequence[str] = ()
) -> Iterator[Change]:
    for aspect in dict.fromkeys((*old, *new)):
        if aspect not in (apart or _COMPARED_APART):
            yield from _compare("metadata_changed", table, old, new, aspect)


def _compare(kind: str, table: str | None, old: Properties, new: Properties, aspect: str) -> Iterator[Change]:
    before, after = old.get(aspect), new.get(aspect)
    if before != after:
        yield Change(kind, table, aspect=aspect, old=written(before), new=written(after))
