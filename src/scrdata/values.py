"""One published grammar per field type: text to value, and value to text.

The grammars are those of Table Schema (https://datapackage.org/standard/table-schema/), narrowed to
one ASCII spelling wherever the standard allows several, and always matched against the whole cell:

| type | spelling | value |
| --- | --- | --- |
| string | any text; formats `email`, `uri`, `uuid`, `binary` (base64) | `str` |
| integer | `0`, `-7`, `147`: no plus sign, no leading zero, at most 1,000 digits | `int` |
| number | an integer, `.digits` if any, `e` and up to three digits if any; `NaN`, `INF`, `-INF` | `Decimal` |
| boolean | `true True TRUE 1`, `false False FALSE 0`, or the field's `trueValues`, `falseValues` | `bool` |
| date | `2010-03-31`, or a pattern of `%Y %m %d` | `datetime.date` |
| time | `23:59:59`, with optional fraction of at most six digits and `Z` or `+01:00` | `datetime.time` |
| datetime | date, `T`, time | `datetime.datetime` |
| year | four digits | `int` |
| yearmonth | `2010-03` | `(2010, 3)` |
| duration | `P1Y2M3DT4H5M6S` and parts of it, as in XML Schema | `str` |
| geopoint | `longitude, latitude`, as two numbers | `(Decimal, Decimal)` |
| object, array, geojson | strict JSON of that kind | `dict`, `list` |
| any | any text | `str` |

`decimalChar`, `groupChar`, `bareNumber: false`, the types `list` and the formats `any` are not
implemented, and are reported as such.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from operator import eq

from scrdata.limits import DEFAULT, Limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Value = str | int | bool | Decimal | date | time | datetime | tuple[object, ...] | dict[str, object] | list[object]
    Grammar = Callable[[str], Value]

DIGITS = 1000
EXPONENT = 999
_INTEGER = r"-?(?:0|[1-9][0-9]*)"
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
_SPECIAL_NUMBERS = {"NaN": "NaN", "INF": "Infinity", "-INF": "-Infinity"}
_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-5][0-9])?"
_YEAR = "[0-9]{4}"
_YEARMONTH = "([0-9]{4})-(0[1-9]|1[0-2])"
_DURATION = (
    r"-?P(?=[0-9T])(?:[0-9]{1,9}Y)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}D)?"
    r"(?:T(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?S)?)?"
)
STRING_FORMATS = {
    "email": (r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", "an e-mail address"),
    "uri": (r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+", "a URI"),
    "uuid": ("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a UUID"),
    "binary": ("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "base64 text"),
}
_DATE_PARTS = {"Y": "(?P<Y>[0-9]{4})", "m": "(?P<m>[0-9]{2})", "d": "(?P<d>[0-9]{2})"}
TYPES = (
    *("string", "integer", "number", "boolean", "date", "time", "datetime", "year", "yearmonth"),
    *("duration", "geopoint", "object", "array", "geojson", "any"),
)


class Year(int):
    """A year, which is written with four digits."""


class NotImplementedHere(ValueError):
    """The field declares something that would change how its cells are read and is not implemented."""


def grammar_together(kind: str, options: Mapping[str, object]) -> Callable[[Sequence[str]], list[Value]] | None:
    """Return the function that reads many cells of a field at once, and quickly; `None` where there is none.

    It returns the values that `grammar` reads, or raises `ValueError` if a text is wrong or is not spelled
    as nearly all are: then each has to be read by itself.

    Args:
        kind: the field's `type`, which `grammar` knows.
        options: the field's other properties.
    """
    return _TOGETHER.get(kind) if options.get("format", "default") == "default" else None


def grammar(kind: str, options: Mapping[str, object], limits: Limits = DEFAULT) -> Grammar:
    """Return the function that reads a cell of a field.

    The function returns the value of a text and raises `ValueError`, its text saying what was
    expected (`"an integer"`), for any other.

    Args:
        kind: the field's `type`.
        options: the field's other properties: `format`, `trueValues`, …
        limits: how deeply JSON may be nested.

    Raises:
        NotImplementedHere: the type or an option is unknown, or not implemented.
    """
    if kind not in TYPES:
        raise NotImplementedHere(f"the type '{kind}'")
    _refuse_options(kind, options)
    form = str(options.get("format", "default"))
    if kind == "string" and form != "default":
        return _string(form)
    if kind == "date" and form != "default":
        return _date_pattern(form)
    if kind == "boolean":
        return _boolean(options)
    return _json(*_JSON[kind], limits) if kind in _JSON else _GRAMMARS[kind]


def _refuse_options(kind: str, options: Mapping[str, object]) -> None:
    form = options.get("format", "default")
    known = {"string": form in STRING_FORMATS, "date": "%" in str(form)}
    if form != "default" and not known.get(kind):
        raise NotImplementedHere(f"the format '{form}' of type '{kind}'")
    if options.get("bareNumber", True) is not True:
        raise NotImplementedHere("bareNumber: false")
    if options.get("decimalChar", ".") != "." or "groupChar" in options:
        raise NotImplementedHere("decimalChar and groupChar")


def _text(text: str) -> str:
    return text


def integer(text: str) -> int:
    """Read `-7` or `147`; raise `ValueError` for any other spelling."""
    if not re.fullmatch(_INTEGER, text) or text == "-0":
        raise ValueError("an integer such as 147")
    if len(text.lstrip("-")) > DIGITS:
        raise ValueError(f"an integer of at most {DIGITS} digits")
    return int(text)


def _integers(texts: Sequence[str]) -> list[Value]:
    if max(map(len, texts)) > DIGITS:
        raise ValueError(f"integers of at most {DIGITS} characters")
    values = list(map(int, texts))
    # What is printed as it was written was written as the grammar has it.
    if not all(map(eq, map(str, values), texts)):
        raise ValueError("integers, each spelled in the one way")
    return values  # type: ignore[return-value]


def number(text: str) -> Decimal:
    """Read `1.50` or `2e3` exactly; raise `ValueError` for any other spelling."""
    if text in _SPECIAL_NUMBERS:
        return Decimal(_SPECIAL_NUMBERS[text])
    if not re.fullmatch(_NUMBER, text) or len(text) > DIGITS:
        raise ValueError("a number such as 1.5")
    return Decimal(text)


def _numbers(texts: Sequence[str]) -> list[Value]:
    if max(map(len, texts)) > DIGITS or not all(map(re.compile(_NUMBER).fullmatch, texts)):
        raise ValueError("numbers that are finite")
    return list(map(Decimal, texts))


def iso_date(text: str) -> date:
    """Read `2010-03-31`; raise `ValueError` for any other spelling, and for no day of the calendar."""
    match = re.fullmatch(_DATE, text)
    if not match:
        raise ValueError("a date such as 2010-03-31")
    return _day(*match.groups())


def _dates(texts: Sequence[str]) -> list[Value]:
    values = list(map(date.fromisoformat, texts))
    if not all(map(eq, map(date.isoformat, values), texts)):
        raise ValueError("dates, each spelled in the one way")
    return values  # type: ignore[return-value]


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("a day that the calendar has") from None


def _date_pattern(form: str) -> Grammar:
    pieces = re.split("%(.)", form)
    used = pieces[1::2]
    # `fmt:` introduced a pattern before version 1 of the standard; to some readers it still does.
    if sorted(used) != ["Y", "d", "m"] or "%" in "".join(pieces[::2]) or form.startswith("fmt:"):
        raise NotImplementedHere(f"the date format '{form}'")
    source = "".join(_DATE_PARTS[p] if i % 2 else re.escape(p) for i, p in enumerate(pieces))
    pattern = re.compile(source)

    def read(text: str) -> date:
        match = pattern.fullmatch(text)
        if not match:
            raise ValueError(f"a date written as {form}")
        return _day(match["Y"], match["m"], match["d"])

    return read


def _time(text: str) -> time:
    if not re.fullmatch(_TIME, text):
        raise ValueError("a time such as 23:59:59")
    try:
        return time.fromisoformat(_before_midnight(text))
    except ValueError:
        raise ValueError("a time that the clock has") from None


def _before_midnight(text: str) -> str:
    """Refuse `24:00:00`, which newer versions of Python take for the beginning of the next day."""
    if text.startswith("24"):
        raise ValueError
    return text


def _datetime(text: str) -> datetime:
    if not re.fullmatch(f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_TIME}", text):
        raise ValueError("a date and time such as 2010-03-31T23:59:59")
    try:
        _before_midnight(text[11:])
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a date and time that the calendar has") from None


def _year(text: str) -> int:
    if not re.fullmatch(_YEAR, text):
        raise ValueError("a year such as 2010")
    return Year(text)


def _yearmonth(text: str) -> tuple[int, int]:
    match = re.fullmatch(_YEARMONTH, text)
    if not match:
        raise ValueError("a month such as 2010-03")
    return int(match[1]), int(match[2])


def _duration(text: str) -> str:
    if not re.fullmatch(_DURATION, text):
        raise ValueError("a duration such as P1Y6M")
    return text


def _geopoint(text: str) -> tuple[Decimal, Decimal]:
    parts = re.split(", ?", text)
    if len(parts) != 2 or not all(re.fullmatch(_NUMBER, part) for part in parts):
        raise ValueError("a point such as -0.12, 51.5")
    longitude, latitude = Decimal(parts[0]), Decimal(parts[1])
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise ValueError("a longitude within 180 and a latitude within 90 degrees")
    return longitude, latitude


def _json(kind: type, what: str, limits: Limits) -> Grammar:
    def read(text: str) -> dict[str, object] | list[object]:
        from scrdata.strict_json import JsonProblem, read_json

        try:
            value = read_json(text.encode(), limits).value
        except JsonProblem as problem:
            raise ValueError(f"{what}; {problem.problem}") from None
        if isinstance(value, (dict, list)) and isinstance(value, kind):
            return value
        raise ValueError(what)

    return read


def _string(form: str) -> Grammar:
    pattern, what = STRING_FORMATS[form]

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(what)
        return text

    return read


def _boolean(options: Mapping[str, object]) -> Grammar:
    words: dict[str, bool] = {}
    for name, default, meaning in (
        ("trueValues", ["true", "True", "TRUE", "1"], True),
        ("falseValues", ["false", "False", "FALSE", "0"], False),
    ):
        spellings = options.get(name, default)
        if not isinstance(spellings, list) or not spellings or not all(isinstance(w, str) for w in spellings):
            raise NotImplementedHere(f"{name} that is not a list of texts")
        if words.keys() & set(spellings):
            raise NotImplementedHere("a text that is both true and false")
        words.update(dict.fromkeys(spellings, meaning))

    def read(text: str) -> bool:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return words[text]

    return read


_GRAMMARS: dict[str, Grammar] = {
    "string": _text,
    "any": _text,
    "integer": integer,
    "number": number,
    "date": iso_date,
    "time": _time,
    "datetime": _datetime,
    "year": _year,
    "yearmonth": _yearmonth,
    "duration": _duration,
    "geopoint": _geopoint,
}
# What most cells hold, and what is read at once.
_TOGETHER: dict[str, Callable[[Sequence[str]], list[Value]]] = {
    "string": list,
    "any": list,
    "integer": _integers,
    "number": _numbers,
    "date": _dates,
}
_JSON: dict[str, tuple[type, str]] = {
    "object": (dict, "a JSON object"),
    "array": (list, "a JSON array"),
    "geojson": (dict, "a GeoJSON object"),
}


def to_text(value: Value | None) -> str:
    """Return the one spelling of a value; `grammar` reads it back. Missing is the empty text."""
    if value is None:
        return ""
    write = next((write for kind, write in _WRITERS if isinstance(value, kind)), str)
    return write(value)


def _number_text(value: Decimal) -> str:
    if value.is_nan():
        return "NaN"
    if value.is_infinite():
        return "INF" if value > 0 else "-INF"
    text = str(value)
    if re.fullmatch(_NUMBER, text):
        return text
    # Python writes 123e999 as 1.23E+1001, whose exponent the grammar does not have.
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    shift = max(0, -EXPONENT - exponent)
    return f"{Decimal((sign, digits, -shift)):f}e{exponent + shift}"


def _json_text(value: object) -> str:
    """Return JSON in which numbers keep their digits."""
    import json

    if isinstance(value, dict):
        parts = (f"{json.dumps(name, ensure_ascii=False)}: {_json_text(part)}" for name, part in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json_text, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _tuple_text(value: tuple[object, ...]) -> str:
    if all(isinstance(part, int) for part in value):
        return f"{value[0]:04d}-{value[1]:02d}"
    return ", ".join(str(part) for part in value)


# A flag is an integer to Python and a datetime is a date: the narrower type stands first.
_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (str, str),
    (bool, lambda value: "true" if value else "false"),
    (Year, "{:04d}".format),
    (int, str),
    ((date, time), lambda value: value.isoformat().replace("+00:00", "Z")),
    (Decimal, _number_text),
    (tuple, _tuple_text),
    ((dict, list), _json_text),
)
