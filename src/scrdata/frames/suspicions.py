r"""Which cells of a column may be wrong, as an expression that an engine evaluates: every wrong cell, and few others.

The expressions never decide. What they let through is right; what they suspect is collected, each
different value once, and judged by `fields` and `tidiness`, which judge the cells of files. So an
expression may only err to one side, and where one is not possible, every value is suspected.

Patterns are handed to the regular expressions of the engine in a form that all of them read alike,
see `pattern_translation.translate_pattern`.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import reduce
from operator import or_

import narwhals as nw

from scrdata.fields import Problem, native
from scrdata.findings import shown
from scrdata.pattern_translation import translate_pattern
from scrdata.patterns import compile_pattern
from scrdata.tidiness import FREE_TYPES, untidiness
from scrdata.totals import label
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from narwhals.typing import IntoDType

    from scrdata.fields import Field
    from scrdata.values import Value

    Cell = Value | None

WORDS = {
    "integer": "integers of at most 64 bits",
    "year": "integers of at most 64 bits",
    "number": "integers, decimals or floating-point numbers",
    "boolean": "flags",
    "date": "dates, or datetimes without a zone at midnight",
    "datetime": "datetimes",
    "time": "times, or texts",
}
# Types that no engine has; they are judged as the texts that stand for them.
TEXTUAL = ("string", "any", "duration", "yearmonth", "time", "geopoint", "object", "array", "geojson")
_WIDE = (nw.UInt64, nw.Int128, nw.UInt128)
# Visible ASCII, letters of common scripts that neither compose with what stands before them nor are
# what wrongly decoded text is made of, and single spaces; beginning with no sign that begins a formula: always clean.
_LETTERS = (
    r"\x{c0}\x{c1}\x{c4}\x{c6}-\x{cd}\x{cf}\x{d1}-\x{d6}\x{d8}-\x{e1}\x{e3}-\x{ee}\x{f1}-\x{f6}\x{f8}-\x{ff}"
    r"\x{100}-\x{151}\x{154}-\x{15f}\x{162}-\x{177}\x{179}-\x{17c}\x{17f}\x{1e00}-\x{1e99}\x{1ea0}-\x{1ef9}"
    r"\x{391}-\x{3a1}\x{3a3}-\x{3ab}\x{3ac}-\x{3ce}\x{400}-\x{40f}\x{411}-\x{481}\x{4e00}-\x{9fa5}"
)
_VISIBLE = rf"[\x{{21}}-\x{{7e}}{_LETTERS}]"
_INNOCENT = rf"[\x{{21}}-\x{{2a}}\x{{2c}}\x{{2e}}-\x{{3c}}\x{{3e}}\x{{3f}}\x{{41}}-\x{{7e}}{_LETTERS}]"
_CLEAN = rf"\A{_INNOCENT}{_VISIBLE}{{0,}}(?: {_VISIBLE}{{1,}}){{0,}}\z"
_SIGNS = "=+-@"


def fits(field: Field, dtype: nw.dtypes.DType) -> bool:
    """Say whether a column of an engine can hold what the field holds."""
    kind = field.type
    if kind in ("integer", "year"):
        return dtype.is_integer() and dtype not in _WIDE
    if kind == "number":
        return dtype.is_numeric() and dtype not in _WIDE
    if kind == "boolean":
        return dtype == nw.Boolean
    if kind == "date":
        return dtype == nw.Date or (dtype == nw.Datetime and dtype.time_zone is None)  # type: ignore[attr-defined]
    if kind == "datetime":
        return dtype == nw.Datetime
    if kind == "time" and dtype == nw.Time:
        return True
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def expected_words(field: Field) -> str:
    """Return which columns `fits` accepts, for a message."""
    return WORDS.get(field.type, "texts")


def uniform_type(field: Field, dtype: nw.dtypes.DType) -> IntoDType | None:
    """Return the type in which columns of a field are compared in all engines; `None` where they stay as they are."""
    if field.type in ("integer", "year"):
        return nw.Int64
    if field.type == "number" and not dtype.is_decimal():
        return nw.Int64 if dtype.is_integer() else nw.Float64
    if field.type in TEXTUAL and dtype != nw.Time:
        return nw.String
    if dtype == nw.Datetime:
        return nw.Datetime("us", dtype.time_zone)  # type: ignore[attr-defined]
    return None


def suspicion(field: Field, dtype: nw.dtypes.DType, missing: nw.Expr, *, clean: bool, zoned: bool) -> nw.Expr | None:
    """Return an expression that is true of every cell that may be wrong, and never missing; `None` if none may be.

    Args:
        field: of the column.
        dtype: the type of the column.
        missing: is true of the cells that are missing.
        clean: whether text has to be clean.
        zoned: whether instants of UTC stand in the column for times with a zone.
    """
    column = nw.col(field.name)
    doubts = list(_doubts(field, column, dtype, clean=clean, zoned=zoned))
    if not doubts:
        return missing if field.required else None
    doubt = nw.when(column.is_null()).then(nw.lit(value=False)).otherwise(reduce(or_, doubts))
    return doubt | missing if field.required else doubt


def _doubts(field: Field, column: nw.Expr, dtype: nw.dtypes.DType, *, clean: bool, zoned: bool) -> Iterator[nw.Expr]:
    closed = allowed_values(field, dtype, clean=clean)
    if closed is not None:
        yield ~column.is_in(closed)
    elif field.type in FREE_TYPES and field.properties.get("format", "default") == "default":
        yield from _doubts_about_text(field, column)
    elif field.type in TEXTUAL:
        if field.tests or dtype == nw.String:
            yield nw.lit(value=True)
    elif field.type == "boolean":
        if field.tests:
            yield nw.lit(value=True)
    else:
        if field.type == "date" and dtype == nw.Datetime:
            yield column.dt.truncate("1d") != column
        yield from _doubts_about_size(field, column, dtype, zoned=zoned)


def allowed_values(field: Field, dtype: nw.dtypes.DType, *, clean: bool) -> list[Value] | None:
    """Return the values that are certainly right in a column; `None` where it has no list that an engine can compare.

    Args:
        field: of the column.
        dtype: the type of the column.
        clean: whether text has to be clean.
    """
    values = _listed_values(field, dtype)
    return None if values is None else [v for v in values if judge_cell(field, v, clean=clean)[1] is None]


def codes_of(field: Field, *, clean: bool) -> list[str] | None:
    """Return the texts that alone are right in a column of texts; `None` where it has no such list.

    Args:
        field: of the column.
        clean: whether text has to be clean.
    """
    listed, allowed = _listed_values(field, nw.String()), allowed_values(field, nw.String(), clean=clean)
    if field.type not in FREE_TYPES or listed != allowed or not listed:
        return None
    return list(dict.fromkeys(str(value) for value in listed))


def _listed_values(field: Field, dtype: nw.dtypes.DType) -> list[Value] | None:
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    listed = constraints.get("enum")
    if field.type not in ("string", "any", "integer", "year", "date") or dtype == nw.Datetime:
        return None
    if field.categories:
        values = [category.value for category in field.categories]
    elif isinstance(listed, list):
        values = [native(value, field.read) for value in listed]
    else:
        return None
    return values


def _doubts_about_text(field: Field, column: nw.Expr) -> Iterator[nw.Expr]:
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    pattern = constraints.get("pattern")
    translated = translate_pattern(str(pattern)) if pattern is not None else None
    if pattern is not None and translated is None:
        yield nw.lit(value=True)
        return
    taken = translated[1] if translated else ((0, 0x10FFFF),)
    if translated:
        yield ~column.str.contains(translated[0])
    if all(low >= 0x21 and high <= 0x7E for low, high in taken):
        signs = [sign for sign in _SIGNS if any(low <= ord(sign) <= high for low, high in taken)]
        yield from (column.str.starts_with(sign) for sign in signs)
    else:
        yield ~column.str.contains(_CLEAN)
    matches_empty = translated is None or compile_pattern(str(pattern)).matches("")
    missing = sorted(text for text in field.missing_values if text or matches_empty)
    if missing:
        yield column.is_in(missing)
    if "minLength" in constraints:
        yield column.str.len_chars() < constraints["minLength"]
    if "maxLength" in constraints:
        yield column.str.len_chars() > constraints["maxLength"]


def _doubts_about_size(field: Field, column: nw.Expr, dtype: nw.dtypes.DType, *, zoned: bool) -> Iterator[nw.Expr]:
    """Yield what is beyond the bounds of an integer, a year, a number, a date or a datetime."""
    constraints = field.properties.get("constraints", {})
    assert isinstance(constraints, dict)
    if "enum" in constraints or (dtype.is_decimal() and field.tests):
        yield nw.lit(value=True)
        return
    if field.type == "year":
        yield (column < 0) | (column > 9999)
    if field.type == "number" and dtype.is_float() and field.tests:
        yield column.is_nan()
    for name, beyond in _BEYOND.items():
        if name in constraints:
            limit = comparable(native(constraints[name], field.read), dtype, zoned=zoned)
            yield nw.lit(value=True) if limit is None else beyond(column, limit)


_BEYOND: dict[str, Callable[[nw.Expr, Any], nw.Expr]] = {
    "minimum": lambda column, limit: column < limit,
    "maximum": lambda column, limit: column > limit,
    "exclusiveMinimum": lambda column, limit: column <= limit,
    "exclusiveMaximum": lambda column, limit: column >= limit,
}


def comparable(value: Cell, dtype: nw.dtypes.DType, *, zoned: bool = False) -> object | None:
    """Return a value as an engine compares it with a column; `None` where the comparison would not be exact.

    A floating-point number stands for the shortest decimal that rounds to it; the order of these is
    that of the numbers as long as the other side is such a decimal itself.
    """
    if isinstance(value, datetime.datetime):
        if dtype.time_zone is not None or zoned != (value.tzinfo is not None):  # type: ignore[attr-defined]
            return None
        return value.astimezone(datetime.UTC).replace(tzinfo=None) if zoned else value
    if isinstance(value, datetime.date):
        return value if dtype == nw.Date else datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    if isinstance(value, Decimal):
        if dtype.is_float():
            return float(value) if value.is_finite() and Decimal(repr(float(value))) == value else None
        whole = dtype.is_integer() and value.is_finite() and value == int(value)
        return comparable(int(value), dtype) if whole else None
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value) if -(2**63) <= value < 2**63 else None
    return value


def judge_cell(field: Field, value: Cell, *, clean: bool) -> tuple[Cell, Problem | None]:
    """Return the value that a cell of an engine stands for, and what is wrong with it, as of a cell in a file."""
    if value is None:
        return None, Problem("required_cell_is_present", "a value") if field.required else None
    if isinstance(value, str):
        if value in field.missing_values:
            what = f"no value at all, since {shown(repr(value))} means a missing one"
            return None, Problem("missing_cell_is_null", what)
        cell, problem = field.parse(value)
        untidy = None if problem else untidiness(value, free=field.type in FREE_TYPES)
        if untidy:
            return cell, Problem("text_is_clean", f"no {untidy}", "error" if clean else "warning")
        return cell, problem
    if field.type == "year" and isinstance(value, int) and not 0 <= value <= 9999:
        return None, Problem("cell_fits_type", "a year such as 2010")
    if field.type == "date" and isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            return None, Problem("cell_fits_type", "a date such as 2010-03-31")
        value = value.date()
    if field.type == "number" and isinstance(value, (int, float)):
        value = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    broken = next((Problem(rule, expected) for rule, test, expected in field.tests if not test(value)), None)
    return value, broken


def canonical_text(field: Field, cell: Cell) -> str:
    """Return one text for all spellings of a value, in types that engines hold as texts."""
    if field.type == "geopoint":
        assert isinstance(cell, tuple)
        return ", ".join(label(part) for part in cell)  # type: ignore[arg-type]
    offset = cell.utcoffset() if isinstance(cell, datetime.time) else None
    if offset is None:
        return to_text(cell)
    assert isinstance(cell, datetime.time)
    instant = datetime.datetime.combine(datetime.date(2000, 1, 2), cell.replace(tzinfo=None)) - offset
    # 00:30+01:00 is of the day before, and so not equal to 23:30Z.
    return f"{instant.time().isoformat()}Z" if instant.day == 2 else to_text(cell)


def cell_text(value: Cell) -> str:
    """Return a cell of an engine as a finding shows it."""
    return repr(value) if isinstance(value, float) else to_text(value)
