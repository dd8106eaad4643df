"""Table Schemas proposed from cells: the one place where anything is inferred from data.

A draft says of a column only what is true of every cell of it, by the grammars of `values`:

- `integer`, `date`: every cell that is not empty is one. `007` is none, and so stays text.
- `number`: every such cell is a finite number without an exponent.
- `boolean`: every such cell is `true` or `false`, spelt so.
- `string`: otherwise, and for a column without any cell.
- `required`: no cell is empty, and there is a row.
- `minimum: 0`: a column of integers, none of them below 0, that is part of no key.
- `primaryKey`: the fewest first columns, at most three, that are never empty and together never the same
  in two rows. Numbers are part of it only if they stand alone in front, or are called a key.
- A foreign key: a column that is called like the key of another table, of one column, and has no other
  values. A name as general as `id` does not tie the keys of two tables.
- `categories` and `enum`: text of two to 20 different clean values of at most 60 characters, each
  occurring twice on the average, that is no foreign key.
- `unique`: text of at most 60 characters outside the keys, never empty, and never the same in two of at
  least ten rows.
- `scrdata:text: clean`: every cell of the table is.

Whether it is meant, only the author can say: a draft is to be read.
"""

from __future__ import annotations

import re

from scrdata.records import Record
from scrdata.tidiness import FREE_TYPES, untidiness
from scrdata.values import integer, iso_date

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
MOST_CODES = 20
MOST_KEY_COLUMNS = 3
LONGEST_CODE = 60
ROWS_FOR_UNIQUE = 10
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,900})(?:\.[0-9]{1,90})?")
_KEY_NAME = re.compile(r"(?:.*_)?(?:id|key|code|number|year)")
_GENERAL_NAMES = {"id", "key", "code", "number", "year", "name", "date", "row", "line"}


class Column(Record):
    """A column of a table that nothing describes yet.

    Attributes:
        name: as in the header.
        type: the proposed type.
        filled: no cell is empty, and there is one.
        counts: how often each text occurs, empty ones aside, in the order of the file.
        clean: the text of no cell is untidy.
    """

    name: str
    type: str
    filled: bool
    counts: Mapping[str, int]
    clean: bool

    @property
    def is_unique(self) -> bool:
        """Whether no two cells are equal."""
        return all(count == 1 for count in self.counts.values())


class Draft(Record):
    """A table with what was found in its cells.

    Attributes:
        name: of the resource.
        columns: in their order.
        rows: their number.
        key: the names of the columns of its primary key.
    """

    name: str
    columns: tuple[Column, ...]
    rows: int
    key: tuple[str, ...]


def draft_table(name: str, cells: Mapping[str, Sequence[str]]) -> Draft:
    """Return what the cells of a table show, column by column."""
    columns = tuple(_draft_column(column, texts) for column, texts in cells.items())
    rows = len(next(iter(cells.values())))
    return Draft(name, columns, rows, _primary_key(columns, cells, rows))


def _draft_column(name: str, cells: Sequence[str]) -> Column:
    counts: dict[str, int] = {}
    for text in cells:
        counts[text] = counts.get(text, 0) + 1
    filled = bool(cells) and "" not in counts
    counts.pop("", None)
    kind = proposed_type(counts)
    clean = not any(untidiness(text, free=kind in FREE_TYPES) for text in counts)
    return Column(name, kind, filled, counts, clean)


def proposed_type(texts: Collection[str]) -> str:
    """Return the narrowest type that every text is of: `integer`, `number`, `boolean`, `date`, else `string`."""
    return next((kind for kind, fits in _FITS if texts and all(map(fits, texts))), "string")


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return fits


_FITS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("integer", _reads(integer)),
    ("number", _PLAIN_NUMBER.fullmatch),
    ("boolean", ("true", "false").__contains__),
    ("date", _reads(iso_date)),
)


def _primary_key(columns: Sequence[Column], cells: Mapping[str, Sequence[str]], rows: int) -> tuple[str, ...]:
    """Return the fewest first columns that tell all rows apart; none if three do not, or there are not two rows."""
    for length in range(1, min(len(columns), MOST_KEY_COLUMNS) + 1):
        first = columns[:length]
        last = first[-1]
        counts_something = last.type == "integer" and length > 1 and not _KEY_NAME.fullmatch(last.name)
        if rows < 2 or not last.filled or last.type == "number" or counts_something:
            return ()
        names = tuple(column.name for column in first)
        if len(set(zip(*(cells[name] for name in names), strict=True))) == rows:
            return names
    return ()


def draft_schema(draft: Draft, drafts: Sequence[Draft]) -> dict[str, object]:
    """Return the Table Schema of a table, with foreign keys to the other tables.

    Args:
        draft: the table.
        drafts: all tables, this one included.
    """
    links = _foreign_keys(draft, drafts)
    schema: dict[str, object] = {
        "$schema": PROFILE,
        "fields": [_field(column, draft, is_link=column.name in links) for column in draft.columns],
        "missingValues": [""],
    }
    if draft.key:
        schema["primaryKey"] = list(draft.key)
    if links:
        schema["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": table, "fields": [name]}} for name, table in links.items()
        ]
    if all(column.clean for column in draft.columns):
        schema["scrdata:text"] = "clean"
    return schema


def _foreign_keys(draft: Draft, drafts: Sequence[Draft]) -> dict[str, str]:
    """Return the columns that hold keys of other tables, each with the first table that it fits."""
    links: dict[str, str] = {}
    for target in drafts:
        if target is draft or len(target.key) != 1:
            continue
        column = next((column for column in draft.columns if column.name == target.key[0]), None)
        if column is None or column.name in links or not column.counts:
            continue
        key = target.columns[0]
        is_part = column.type == key.type and column.counts.keys() <= key.counts.keys()
        if is_part and (draft.key != target.key or _extends(target, draft, drafts)):
            links[column.name] = target.name
    return links


def _extends(target: Draft, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Say whether a table of the same key is the one that another belongs to: the larger, or else the first."""
    if target.key[0] in _GENERAL_NAMES:
        return False
    return target.rows > draft.rows or drafts.index(target) < drafts.index(draft)


def _field(column: Column, draft: Draft, *, is_link: bool) -> dict[str, object]:
    constraints: dict[str, object] = {}
    field: dict[str, object] = {"name": column.name, "type": column.type}
    is_text = column.type == "string" and column.clean and column.counts and _longest(column) <= LONGEST_CODE
    if column.filled:
        constraints["required"] = True
    if is_text and column.name not in draft.key and column.filled and column.is_unique:
        if draft.rows >= ROWS_FOR_UNIQUE and not is_link:
            constraints["unique"] = True
    elif is_text and not is_link and 2 <= len(column.counts) <= MOST_CODES and _recur(column):
        constraints["enum"] = list(column.counts)
        field["categories"] = [{"value": code, "label": code} for code in column.counts]
    if column.type == "integer" and column.name not in draft.key and not is_link and _is_never_negative(column):
        constraints["minimum"] = 0
    if constraints:
        field["constraints"] = constraints
    return field


def _longest(column: Column) -> int:
    return max(map(len, column.counts))


def _recur(column: Column) -> bool:
    """Say whether the texts of a column occur twice on the average."""
    return sum(column.counts.values()) >= 2 * len(column.counts)


def _is_never_negative(column: Column) -> bool:
    return not any(text.startswith("-") for text in column.counts)
