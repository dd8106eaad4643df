"""Table Schemas compared: columns, constraints, codes and keys."""

from __future__ import annotations

from scrdata.comparison.changes import Change
from scrdata.fields import native, rank
from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.fields import Field
    from scrdata.table_schema import ForeignKey, TableSchema

# What changes how the texts of a column are read, beside its type.
_READING = ("format", "trueValues", "falseValues", "bareNumber", "decimalChar", "groupChar")
_LOWER = ("minimum", "exclusiveMinimum", "minLength")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength")
_COMPARED_APART = {
    *("name", "type", "constraints", "categories", "categoriesOrdered", "missingValues"),
    *("scrdata:reference", "scrdata:wholeOf", *_READING),
}


class Code(Record):
    """A code of a column, with what it is called and what it means."""

    label: str
    description: str | None


def compare_schemas(table: str, old: TableSchema, new: TableSchema) -> Iterator[Change]:
    """Yield what changed in the description of a table's columns, and in the keys among them."""
    for name, field in old.columns.items():
        if name not in new.columns:
            yield Change("column_removed", table, name, old=field.type)
        else:
            yield from _compare_fields(table, field, new.columns[name])
    for name, field in new.columns.items():
        if name not in old.columns:
            yield Change("column_added", table, name, new=field.type)
    kept = [[name for name in one.columns if name in other.columns] for one, other in ((old, new), (new, old))]
    if kept[0] != kept[1]:
        yield Change("columns_reordered", table, old=", ".join(kept[0]), new=", ".join(kept[1]))
    if old.clean != new.clean:
        kind = "constraint_tightened" if new.clean else "constraint_loosened"
        yield Change(kind, table, aspect="scrdata:text", old=_flag("clean", old.clean), new=_flag("clean", new.clean))
    yield from _compare_keys(table, old, new)


def _flag(word: str, stated: bool) -> str | None:  # noqa: FBT001  (of two schemas, one after the other)
    return word if stated else None


def _compare_fields(table: str, old: Field, new: Field) -> Iterator[Change]:
    name = new.name
    if old.type != new.type:
        yield Change("column_retyped", table, name, aspect="type", old=old.type, new=new.type)
    for aspect in _READING:
        yield from _compare_property("column_retyped", table, old, new, aspect)
    if old.missing_values != new.missing_values:
        before, after = (", ".join(map(repr, sorted(field.missing_values))) for field in (old, new))
        yield Change("missing_values_changed", table, name, old=before, new=after)
    yield from _compare_constraints(table, old, new)
    yield from _compare_codes(table, old, new)
    for aspect in dict.fromkeys((*old.properties, *new.properties)):
        if aspect not in _COMPARED_APART:
            yield from _compare_property("column_reworded", table, old, new, aspect)


def _compare_property(kind: str, table: str, old: Field, new: Field, aspect: str) -> Iterator[Change]:
    before, after = (field.properties.get(aspect) for field in (old, new))
    if before != after:
        yield Change(kind, table, new.name, aspect=aspect, old=written(before), new=written(after))


def written(value: object) -> str | int | bool | None:
    """Return a value of a descriptor as a change shows it: lists and objects as JSON."""
    return value if value is None or isinstance(value, (bool, int)) else to_text(value)  # type: ignore[arg-type]


def _compare_constraints(table: str, old: Field, new: Field) -> Iterator[Change]:
    """Yield each constraint that is stricter or less strict; lists of codes are compared elsewhere."""
    before, after = _constraints(old), _constraints(new)
    for aspect in dict.fromkeys((*before, *after)):
        one, other = before.get(aspect), after.get(aspect)
        if one == other:
            continue
        kind = "constraint_loosened" if _is_looser(aspect, one, other, old, new) else "constraint_tightened"
        if aspect == "pattern" and one is not None and other is not None:
            kind = "pattern_changed"
        yield Change(kind, table, new.name, aspect=aspect, old=written(one), new=written(other))


def _constraints(field: Field) -> dict[str, object]:
    """Return what restricts the cells of a column, without what is stated and does nothing."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    found = {name: value for name, value in constraints.items() if name != "enum" and value is not False}
    for name in ("scrdata:reference", "scrdata:wholeOf"):
        if field.properties.get(name, False) is not False:
            found[name] = field.properties[name]
    return found


def _is_looser(aspect: str, one: object, other: object, old: Field, new: Field) -> bool:
    """Say whether a constraint is certainly less strict than before."""
    if one is None or other is None:
        return other is None
    if aspect.endswith("Length"):
        order: int | None = rank(other, one)
    elif old.type == new.type and aspect in (*_LOWER, *_UPPER):
        order = rank(native(other, new.read), native(one, old.read))
    else:
        return False
    return order is not None and (order < 0 if aspect in _LOWER else order > 0)


def codes_of(field: Field) -> dict[str, Code] | None:
    """Return the codes that a column allows, by `enum` and `categories` together; `None` if it is free."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    codes = {to_text(item.value): Code(item.label, item.description) for item in field.categories}
    listed = constraints.get("enum")
    if listed is None:
        return codes or None
    texts = [to_text(native(item, field.read)) for item in listed]
    if codes:
        return {text: code for text, code in codes.items() if text in texts}
    return {text: Code(text, None) for text in texts}


def _compare_codes(table: str, old: Field, new: Field) -> Iterator[Change]:
    before, after = codes_of(old), codes_of(new)
    if before is None or after is None:
        if before is not after:
            kind = "constraint_loosened" if after is None else "constraint_tightened"
            one, other = (None if codes is None else ", ".join(codes) for codes in (before, after))
            yield Change(kind, table, new.name, aspect="codes", old=one, new=other)
        return
    for text, code in before.items():
        if text not in after:
            yield Change("code_removed", table, new.name, aspect=text, old=code.label)
        else:
            yield from _compare_wording(table, new.name, text, code, after[text])
    for text, code in after.items():
        if text not in before:
            yield Change("code_added", table, new.name, aspect=text, new=code.label)
    yield from _compare_ranks(table, old, new, before, after)


def _compare_wording(table: str, column: str, text: str, old: Code, new: Code) -> Iterator[Change]:
    if old.label != new.label:
        yield Change("code_relabelled", table, column, aspect=text, old=old.label, new=new.label)
    if old.description != new.description:
        yield Change("code_relabelled", table, column, aspect=text, old=old.description, new=new.description)


def _compare_ranks(
    table: str, old: Field, new: Field, before: Mapping[str, Code], after: Mapping[str, Code]
) -> Iterator[Change]:
    """Yield what changed in the order of the codes that both have."""
    one, other = [text for text in before if text in after], [text for text in after if text in before]
    if new.ordered and not old.ordered:
        kind = "codes_ranked"
    elif old.ordered and (one != other or not new.ordered):
        kind = "code_ranks_changed"
    elif one != other:
        kind = "codes_reordered"
    else:
        return
    yield Change(kind, table, new.name, old=", ".join(one), new=", ".join(other))


def _compare_keys(table: str, old: TableSchema, new: TableSchema) -> Iterator[Change]:
    before, after = old.primary_key, new.primary_key
    if before != after:
        kind = "metadata_changed" if set(before) == set(after) else "primary_key_changed"
        yield Change(kind, table, aspect="primaryKey", old=_names(before), new=_names(after))
    pairs = (
        ("uniqueKeys", _unique_keys(old), _unique_keys(new)),
        ("foreignKeys", _foreign_keys(table, old), _foreign_keys(table, new)),
    )
    for aspect, earlier, later in pairs:
        yield from (Change("key_removed", table, aspect=aspect, old=key) for key in earlier if key not in later)
        yield from (Change("key_added", table, aspect=aspect, new=key) for key in later if key not in earlier)


def _names(key: tuple[str, ...]) -> str | None:
    return ", ".join(key) or None


def _unique_keys(schema: TableSchema) -> list[str]:
    """Return the unique keys; the order of the columns in one means nothing."""
    return [", ".join(sorted(key)) for key in schema.unique_keys]


def _foreign_keys(table: str, schema: TableSchema) -> list[str]:
    return [_foreign_key(table, key) for key in schema.foreign_keys]


def _foreign_key(table: str, key: ForeignKey) -> str:
    """Return a foreign key as text: `board_id = boards.board_id`."""
    pairs = zip(key.fields, key.columns, strict=True)
    return ", ".join(f"{name} = {key.table or table}.{column}" for name, column in sorted(pairs))
