"""What a spreadsheet keeps of a value, and the names that it allows: the limits of Excel, which others share.

A spreadsheet program has one kind of number, the double, shows at most 15 digits of it, and counts days
from 1900 with a 29 February that there never was. Whatever it would change stands as text instead:

| value | cell |
| --- | --- |
| whole number below 10**15, year | number |
| decimal of at most 15 digits, from 1e-307 to below 1e308 | number |
| date from 1900-03-01 | date |
| date and time from then on, in whole seconds, without a zone | date and time |
| boolean | boolean |
| everything else | the text that the package has for it |
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from scrdata.formats.naming import distinct_names
from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrdata.values import Value

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
_SHEET_NAME = 31
_HEADING = 255
_DIGITS = 15
_MAGNITUDE = 307
_FIRST_DAY = date(1900, 3, 1)
# Types whose cells are numbers or dates, unless that would change them.
MEASURED = ("integer", "number", "year", "date", "datetime")
# What stands for a character in a name so spelt, or for nothing: the file format or its writer would misread these.
_MISREAD = re.compile("^<(?=r>)|_(?=x[0-9a-fA-F]{4}_)")
_CELL_NAME = re.compile("[a-z]{1,3}[0-9]+|r[0-9]*(c[0-9]*)?|c[0-9]*|true|false", re.IGNORECASE)


class Link(Record):
    """A cell that leads somewhere: a sheet of the same workbook (`internal:'Notes'!A1`) or a web address."""

    text: str
    target: str


if TYPE_CHECKING:
    Stored = str | bool | int | float | date | datetime | Link


def store_value(value: Value) -> Stored:
    """Return what a cell holds for a value: number, date or boolean where a spreadsheet keeps it, else its text.

    >>> store_value(147), store_value(Decimal("0.1")), store_value(9007199254740993)
    (147, 0.1, '9007199254740993')
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 10**_DIGITS:
        return int(value)
    if isinstance(value, Decimal) and _is_double(value):
        return float(value)
    if isinstance(value, datetime):
        is_kept = value.tzinfo is None and not value.microsecond and value.date() >= _FIRST_DAY
        return value if is_kept else to_text(value)
    if isinstance(value, date) and value >= _FIRST_DAY:
        return value
    return to_text(value)


def _is_double(value: Decimal) -> bool:
    """Say whether a double gives back every digit of a number."""
    if not value.is_finite():
        return False
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    return not digits or (len(digits) <= _DIGITS and abs(value.adjusted()) <= _MAGNITUDE)


def text_length(text: str) -> int:
    """Return the length of a text as spreadsheets count it: in units of UTF-16."""
    return len(text) + sum(character > "\uffff" for character in text)


def plain_text(text: str) -> str:
    """Return a text for places where only printable characters can stand, such as names."""
    return _MISREAD.sub("-", "".join(c if c.isprintable() else "-" for c in text))


def name_sheets(names: Iterable[str]) -> list[str]:
    r"""Return a name of a sheet for each name: itself where that is possible.

    A sheet has a name of 1 to 31 characters other than `[]:*?/\`, without apostrophe at either end; `history` is
    taken, and capital letters make no difference. Other names are changed as little as possible, always alike.

    >>> name_sheets(["reviews", "Reviews", "a/b", "a" * 40])
    ['reviews', 'Reviews~2', 'a-b', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']
    """

    def spell(name: str) -> str:
        name = re.sub(r"[\[\]:*?/\\]|^'|'$", "-", plain_text(name))
        return f"{name}~" if name.lower() == "history" else name if name.strip() else "-"

    return distinct_names(names, spell, _SHEET_NAME, "~")


def name_columns(names: Iterable[str]) -> list[str]:
    """Return a heading for each name of a column, itself where that is possible; no two differ by capitals alone.

    >>> name_columns(["children", "Children"])
    ['children', 'Children~2']
    """
    return distinct_names(names, plain_text, _HEADING, "~")


def name_tables(names: Iterable[str]) -> list[str]:
    """Return a name for each table by which formulas may call it, such as `reviews[judgement]`.

    >>> name_tables(["reviews", "2009-10", "A1"])
    ['reviews', 'table_2009_10', 'table_A1']
    """

    def spell(name: str) -> str:
        name = re.sub("[^A-Za-z0-9_.]", "_", name)
        return f"table_{name}" if _CELL_NAME.fullmatch(name) or not re.match("[A-Za-z_]", name) else name

    return distinct_names(names, spell, _HEADING, "_")
