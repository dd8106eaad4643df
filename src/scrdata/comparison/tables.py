"""Two versions of one table: rows that are new or gone, and cells that are otherwise."""

from __future__ import annotations

from scrdata.comparison.changes import Change
from scrdata.comparison.columns import codes_of
from scrdata.comparison.matching import comparable_values, match_rows
from scrdata.errors import NotationError, ScrdataError
from scrdata.evidence import MENTION_COLUMNS, RULE_COLUMNS
from scrdata.findings import quoted
from scrdata.reading import read_undescribed, scalar
from scrdata.records import Record
from scrdata.references import parse_equation, parse_reference
from scrdata.register import REGISTER_COLUMNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrdata.comparison.matching import Matching
    from scrdata.fields import Field
    from scrdata.findings import Scalar
    from scrdata.reading import Table

RULES, MENTIONS, REGISTER = "scrdata:rules", "scrdata:mentions", "scrdata:discrepancies"
# What the checks of a package read, whatever the schema says of these columns.
EVIDENCE_COLUMNS = {RULES: RULE_COLUMNS, MENTIONS: (*MENTION_COLUMNS, "kind"), REGISTER: REGISTER_COLUMNS}


class Version(Record):
    """A table as one package has it.

    Attributes:
        table: its values.
        data: the bytes of its file.
        delimiter: between its cells.
        role: the declaration by which the package names it, such as `scrdata:rules`; else empty.
        referred: columns that foreign keys of the package refer to.
    """

    table: Table
    data: bytes
    delimiter: str
    role: str
    referred: frozenset[str]


def compare_tables(old: Version, new: Version) -> Iterator[Change]:
    """Yield what changed in the rows of a table."""
    if old.data == new.data and old.table.columns == new.table.columns:
        return
    matching = match_rows(old.table, new.table)
    yield from _whole_rows(old, matching.key, matching.removed, "removed")
    yield from _whole_rows(new, matching.key, matching.added, "added")
    otherwise = False
    for change in _compare_cells(old, new, matching):
        otherwise = True
        yield change
    if matching.moved:
        moved = f"{matching.moved} of {len(matching.pairs)} rows moved"
        yield Change("rows_reordered", new.table.name, explanation=moved)
    is_same = old.data == new.data or [*old.table.columns] != [*new.table.columns]
    if not (is_same or otherwise or matching.moved or matching.added or matching.removed):
        yield Change("table_rewritten", new.table.name)


def _whole_rows(version: Version, key: tuple[str, ...], rows: Sequence[int], how: str) -> Iterator[Change]:
    table = version.table
    kind = f"rule_{how}" if version.role == RULES else f"row_{how}"
    for row in rows:
        cells = {name: scalar(values[row]) for name, values in table.columns.items()}
        yield Change(kind, table.name, key={name: cells[name] for name in key}, row=row + 1, cells=cells)


def _compare_cells(old: Version, new: Version, matching: Matching) -> Iterator[Change]:
    """Yield the cells that are otherwise, row by row of the later version."""
    texts = _texts(old), _texts(new)
    found: list[tuple[int, int, Change]] = []
    for position, name in enumerate(new.table.columns):
        if name not in old.table.columns:
            continue
        values = comparable_values(old.table, new.table, name)
        kind = _kind(old, new, name)
        for row, other in matching.pairs:
            is_same = values[0][row] == values[1][other]
            if is_same and texts[0][name][row] == texts[1][name][other]:
                continue
            key = {part: scalar(new.table.columns[part][other]) for part in matching.key}
            cells = (old.table.columns[name][row], new.table.columns[name][other])
            before, after = map(scalar, cells)
            how = kind
            if is_same or _is_same_notation(new, name, before, after):
                how, before, after = "value_respelled", texts[0][name][row], texts[1][name][other]
            found.append((other, position, Change(how, new.table.name, name, key, other + 1, None, before, after)))
    yield from (change for _, _, change in sorted(found, key=lambda item: item[:2]))


def _texts(version: Version) -> dict[str, list[str]]:
    """Return the cells of a table as they are spelt in its file."""
    texts = read_undescribed(version.table.file, version.data, version.delimiter)
    if any(len(cells) != len(version.table) for cells in texts.values()):
        raise ScrdataError(f"{quoted(version.table.file)} was changed while it was being read")
    return texts


def _kind(old: Version, new: Version, column: str) -> str:
    """Return what kind of change another value in a column is."""
    if new.role == RULES and column == "equation":
        return "rule_changed"
    return "text_changed" if _is_wording(old, column) and _is_wording(new, column) else "value_changed"


def _is_wording(version: Version, column: str) -> bool:
    """Say whether a column holds free text: no code, no key, no reference, nothing that a check reads."""
    schema = version.table.schema
    field = schema.columns[column]
    keys = (schema.primary_key, *(key.fields for key in schema.foreign_keys))
    in_key = {name for key in keys for name in key}
    return (
        _is_free_text(field)
        and column not in in_key
        and column not in version.referred
        and column not in EVIDENCE_COLUMNS.get(version.role, ())
    )


def _is_free_text(field: Field) -> bool:
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    return (
        field.type == "string"
        and field.properties.get("format", "default") == "default"
        and "pattern" not in constraints
        and field.properties.get("scrdata:reference") is not True
        and codes_of(field) is None
    )


def _is_same_notation(version: Version, column: str, old: Scalar, new: Scalar) -> bool:
    """Say whether two texts spell the same equation, or the same reference."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return False
    field = version.table.schema.columns[column]
    try:
        if version.role == RULES and column == "equation":
            return parse_equation(old) == parse_equation(new)
        if field.properties.get("scrdata:reference") is True:
            return parse_reference(old) == parse_reference(new)
    except NotationError:
        pass
    return False
