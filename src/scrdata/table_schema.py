"""A Table Schema: the columns of a table and the keys among them."""

from __future__ import annotations

from scrdata import shapes
from scrdata.fields import SUMMABLE, UNHASHABLE, Field, build_field, labelled_values
from scrdata.findings import quoted
from scrdata.limits import DEFAULT, Limits
from scrdata.places import Place, check_profile
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class ForeignKey(Record):
    """Cells of `fields` must stand together in `columns` of the table `table`."""

    fields: tuple[str, ...]
    table: str
    columns: tuple[str, ...]


class TableSchema(Record):
    """A Table Schema: the columns, and what holds among them.

    Attributes:
        columns: the fields by name, in their order.
        clean: the table promises text without stray characters (`scrdata:text`).
        file: the JSON file in which the schema stands.
    """

    columns: Mapping[str, Field]
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    clean: bool
    file: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns, in their order."""
        return tuple(self.columns.values())

    def field(self, name: str) -> Field | None:
        """Return the column of that name, if there is one."""
        return self.columns.get(name)


def build_schema(
    schema: Mapping[str, object], place: Place, *, clean: bool, limits: Limits = DEFAULT
) -> TableSchema | None:
    """Make a `TableSchema` of its descriptor; `None`, and findings, where it cannot be applied."""
    before = place.ledger.errors
    sound = shapes.check_shape(schema, shapes.SCHEMA, (), place.report, ("fields",))
    check_profile(schema, "tableschema", place)
    if not sound:
        return None
    if schema.get("fieldsMatch", "exact") not in ("exact", ["exact"]):
        message = "'fieldsMatch' is implemented for 'exact' only; leave it out where the header is as the schema says"
        place.report("property_is_implemented", message, ("fieldsMatch",))
    missing = schema.get("missingValues", [""])
    assert isinstance(missing, list)
    if not _check_missing(missing, place.at("missingValues")):
        return None
    fields = _fields(schema, labelled_values(missing), place.at("fields"), limits)
    names = {field.name: field for field in fields}
    if place.ledger.errors > before:
        return None
    primary = _names(schema.get("primaryKey", []))
    unique = schema.get("uniqueKeys", [])
    assert isinstance(unique, list)
    keys = [("primaryKey", primary), *(("uniqueKeys", _names(key)) for key in unique)]
    for keyword, key in keys:
        _check_columns(key, names, place.at(keyword))
    _check_wholes(names, place.at("fields"))
    if place.ledger.errors > before:
        return None
    return TableSchema(
        columns=names,
        primary_key=primary,
        unique_keys=tuple(_names(key) for key in unique),
        foreign_keys=tuple(_foreign_keys(schema, names, place.at("foreignKeys"))),
        clean=clean,
        file=place.file,
    )


def _check_wholes(fields: Mapping[str, Field], place: Place) -> None:
    """Report each `scrdata:wholeOf` that names no column of numbers, or stands beside no reference."""
    for position, field in enumerate(fields.values()):
        part = field.properties.get("scrdata:wholeOf")
        if part is None:
            continue
        if field.properties.get("scrdata:reference") is not True:
            message = f"'{field.name}' is the whole of {quoted(part)} and not marked scrdata:reference"
            place.report("key_names_known_columns", message, (position, "scrdata:wholeOf"))
        elif part not in fields or fields[str(part)].type not in SUMMABLE:
            message = f"there is no column of numbers called {quoted(part)}"
            place.report("key_names_known_columns", message, (position, "scrdata:wholeOf"))


def _check_missing(items: list[object], place: Place) -> bool:
    sound = True
    for position, item in enumerate(items):
        if isinstance(item, dict):
            sound &= shapes.check_shape(item, shapes.MISSING_VALUE, (position,), place.report, ("value",))
        elif not isinstance(item, str):
            place.report("property_has_right_type", "a missing value must be a text", (position,))
            sound = False
    return sound


def _fields(schema: Mapping[str, object], missing: frozenset[str], place: Place, limits: Limits) -> list[Field]:
    fields: list[Field] = []
    items = schema["fields"]
    assert isinstance(items, list)
    names: set[str] = set()
    for position, item in enumerate(items):
        here = place.at(position)
        if not shapes.check_shape(item, shapes.FIELD, (), here.report, ("name",)):
            continue
        own = item.get("missingValues", [])
        if not _check_missing(own, here.at("missingValues")) or not _check_categories(item, here.at("categories")):
            continue
        if item["name"] in names:
            here.report("field_name_is_unique", f"two fields are called {quoted(item['name'])}", ("name",))
        names.add(item["name"])
        built = build_field(item, missing, here.report, limits)
        if built:
            fields.append(built)
    return fields


def _check_categories(item: Mapping[str, object], place: Place) -> bool:
    categories = item.get("categories", [])
    assert isinstance(categories, list)
    return all(
        shapes.check_shape(category, shapes.CATEGORY, (position,), place.report, ("value",))
        for position, category in enumerate(categories)
        if isinstance(category, dict)
    )


def _names(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def _check_columns(columns: tuple[str, ...], fields: Mapping[str, Field], place: Place) -> bool:
    unknown = [name for name in columns if name not in fields]
    for name in unknown:
        place.report("key_names_known_columns", f"there is no column {quoted(name)}")
    for name in columns:
        if name in fields and fields[name].type in UNHASHABLE:
            place.report("property_is_implemented", f"keys of type {fields[name].type} are not implemented")
    if len(set(columns)) != len(columns):
        place.report("key_names_known_columns", "a column occurs twice in one key")
    return not unknown


def _foreign_keys(schema: Mapping[str, object], fields: Mapping[str, Field], place: Place) -> list[ForeignKey]:
    keys = []
    items = schema.get("foreignKeys", [])
    assert isinstance(items, list)
    for position, item in enumerate(items):
        here = place.at(position)
        if not shapes.check_shape(item, shapes.FOREIGN_KEY, (), here.report, ("fields", "reference")):
            continue
        reference = item["reference"]
        if not shapes.check_shape(reference, shapes.REFERENCE, ("reference",), here.report, ("fields",)):
            continue
        if "package" in reference:
            message = "a foreign key to another package is not implemented"
            here.report("property_is_implemented", message, ("reference", "package"))
            continue
        key = ForeignKey(_names(item["fields"]), reference.get("resource", ""), _names(reference["fields"]))
        if len(key.fields) != len(key.columns):
            here.report("key_names_known_columns", "a foreign key has as many fields as the key it refers to")
        elif _check_columns(key.fields, fields, here):
            keys.append(key)
    return keys
