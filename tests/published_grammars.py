"""The grammars of `scrdata.values` a second time, read from their documentation: which texts are values, and which.

Nothing here uses the code that is tested.
"""

from __future__ import annotations

import calendar
import json
import math
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

DIGITS = set("0123456789")
HOURS, SIXTY = ([f"{n:02d}" for n in range(end)] for end in (24, 60))


def _is_digits(text: str, least: int = 1, most: int = 1000) -> bool:
    return least <= len(text) <= most and set(text) <= DIGITS


def _is_whole(text: str) -> bool:
    text = text.removeprefix("-")
    return _is_digits(text) and (text == "0" or text[0] != "0")


def _is_decimal(text: str) -> bool:
    mantissa, mark, power = text.replace("E", "e", 1).partition("e")
    whole, point, fraction = mantissa.partition(".")
    power_is_right = not mark or _is_digits(power[1:] if power[:1] in ("+", "-") else power, 1, 3)
    return power_is_right and _is_whole(whole) and (not point or _is_digits(fraction))


def _is_day(text: str) -> bool:
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(map(_is_digits, parts)):
        return False
    year, month, day = map(int, parts)
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _is_clock(text: str) -> bool:
    hours, minutes, rest = text[:2], text[3:5], text[6:]
    seconds, rest = rest[:2], rest[2:]
    if not (hours in HOURS and minutes in SIXTY and seconds in SIXTY and text[2:3] == text[5:6] == ":"):
        return False
    if rest.startswith("."):
        fraction = re.split("[Z+-]", rest[1:], maxsplit=1)[0]
        if not _is_digits(fraction, 1, 6):
            return False
        rest = rest[1 + len(fraction) :]
    return rest in ("", "Z") or (rest[0] in "+-" and rest[1:3] in HOURS and rest[3:4] == ":" and rest[4:] in SIXTY)


def _is_duration(text: str) -> bool:
    days, mark, clock = text.removeprefix("-").removeprefix("P").partition("T")
    if not text.startswith(("P", "-P")) or not (days or clock) or (mark and not clock):
        return False
    return _is_row(days, "YMD") and _is_row(clock, "HMS")


def _is_row(text: str, units: str) -> bool:
    """Say whether a text is numbers with units, each unit at most once and in this order."""
    for unit in units:
        amount, found, rest = text.partition(unit)
        if not found:
            continue
        whole, point, fraction = amount.partition(".")
        if not _is_digits(whole, 1, 9) or (point and not (unit == "S" and _is_digits(fraction, 1, 9))):
            return False
        text = rest
    return not text


def _is_point(text: str) -> bool:
    parts = text.replace(", ", ",", 1).split(",")
    if len(parts) != 2 or not all(map(_is_decimal, parts)):
        return False
    return abs(Decimal(parts[0])) <= 180 and abs(Decimal(parts[1])) <= 90


def _is_json(kind: type) -> Callable[[str], bool]:
    def accepts(text: str) -> bool:
        try:
            return isinstance(plain_json(text.encode()), kind)
        except (ValueError, RecursionError):
            return False

    return accepts


def plain_json(data: bytes) -> object:
    """Read JSON with the standard library, then refuse what `scrdata.strict_json` says that it refuses."""
    value = json.loads(
        data.decode("utf-8"),
        parse_float=_number,
        parse_int=_integer,
        parse_constant=_constant,
        object_pairs_hook=_object,
    )
    # Half of a surrogate pair has no UTF-8.
    json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    if _levels(value) > 64:
        raise ValueError
    return value


def _number(text: str) -> Decimal:
    mantissa = text.lower().partition("e")[0]
    value = float(text)
    if math.isinf(value) or (value == 0 and any(digit in mantissa for digit in "123456789")):
        raise ValueError
    return Decimal(0) if value == 0 else Decimal(text)


def _integer(text: str) -> int:
    if len(text.removeprefix("-")) > 1000:
        raise ValueError
    return int(text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def _constant(_: str) -> NoReturn:
    raise ValueError


def _levels(value: object) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(_levels, inside), default=0)


ACCEPTED: dict[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "any": lambda _: True,
    "integer": lambda text: _is_whole(text) and text != "-0",
    "number": lambda text: text in ("NaN", "INF", "-INF") or _is_decimal(text),
    "boolean": lambda text: text in ("true", "True", "TRUE", "1", "false", "False", "FALSE", "0"),
    "date": _is_day,
    "time": _is_clock,
    "datetime": lambda text: _is_day(text[:10]) and text[10:11] == "T" and _is_clock(text[11:]),
    "year": lambda text: _is_digits(text, 4, 4),
    "yearmonth": lambda text: _is_digits(text[:4], 4, 4) and text[4:] in [f"-{n:02d}" for n in range(1, 13)],
    "duration": _is_duration,
    "geopoint": _is_point,
    "object": _is_json(dict),
    "array": _is_json(list),
    "geojson": _is_json(dict),
}


def _zone(text: str) -> tuple[str, timezone | None]:
    """Split a zone off a clock time."""
    if text.endswith("Z"):
        return text[:-1], UTC
    if len(text) < 14 or text[-6] not in "+-":
        return text, None
    offset = timedelta(hours=int(text[-5:-3]), minutes=int(text[-2:]))
    return text[:-6], timezone(-offset if text[-6] == "-" else offset)


def _clock(text: str) -> time:
    text, zone = _zone(text)
    whole, _, fraction = text.partition(".")
    hours, minutes, seconds = map(int, whole.split(":"))
    return time(hours, minutes, seconds, int(fraction.ljust(6, "0") or 0), zone)


def _day(text: str) -> date:
    return date(*map(int, text.split("-")))


MEANT: dict[str, Callable[[str], object]] = {
    "integer": int,
    "number": lambda text: Decimal(text.replace("INF", "Infinity")),
    "boolean": lambda text: text in ("true", "True", "TRUE", "1"),
    "date": _day,
    "time": _clock,
    "datetime": lambda text: datetime.combine(_day(text[:10]), _clock(text[11:])),
    "year": int,
    "yearmonth": lambda text: (int(text[:4]), int(text[5:])),
    "geopoint": lambda text: tuple(Decimal(part.strip()) for part in text.split(",")),
    **dict.fromkeys(("object", "array", "geojson"), lambda text: plain_json(text.encode())),
    **dict.fromkeys(("string", "any", "duration"), str),
}
