"""Faults of cells: every slip of every spelling, every constraint of every type, text that is not clean."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scrdata.values import TYPES
from tests.faults.fault import BRANCHES, DESCRIPTOR, LOANS, RULES, Fault, Wanted, line_numbers, lines_of, write_lines
from tests.published_grammars import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import PackageFolder

CELLS = "data/cells.csv"
# Good spellings of each type; where values of the type have an order, from the lowest to the highest.
GOOD: dict[str, list[str]] = {
    "integer": ["-7", "0", "147"],
    "number": ["-0.5", "0", "1.50", "2e3"],
    "boolean": ["true", "0"],
    "date": ["1999-12-31", "2010-03-31", "2012-02-29"],
    "time": ["00:00:00", "12:30:15.5", "23:59:59"],
    "datetime": ["2009-04-01T00:00:00", "2010-03-31T12:00:00", "2010-03-31T12:00:01"],
    "year": ["1999", "2009", "2010"],
    "yearmonth": ["1999-12", "2009-04", "2010-03"],
    "duration": ["P1Y6M", "PT36H", "-P3D"],
    "geopoint": ["-0.12, 51.5", "0,0"],
    "object": ['{"a": 1}', "{}"],
    "array": ["[1, 2]", "[]"],
    "geojson": ['{"type": "Point", "coordinates": [0, 51]}'],
}
# What gets into cells on their way through spreadsheets, web pages and word processors.
STRAYS = {
    "space": " ",
    "tab": "\t",
    "line end": "\n",
    "no-break space": "\u00a0",
    "thin space": "\u2009",
    "joiner": "\u200d",
    "zero width": "\u200b",
    "mark": "\ufeff",
    "right to left": "\u202e",
    "plus": "+",
    "minus": "\u2212",
    "dash": "\u2013",
    "apostrophe": "'",
    "underscore": "_",
    "wide digit": "\uff11",
    "Arabic digit": "\u0663",
    "superscript": "\u00b2",
    "letter": "x",
    "point": ".",
    "comma": ",",
    "bracket": ")",
    "percent": "%",
    "question": "?",
    "asterisk": "*",
    "colon": ":",
    "slash": "/",
    "control": "\x07",
    "line separator": "\u2028",
    "soft hyphen": "\u00ad",
    "tag": "\U000e0031",
}
WORDS = (
    "NA",
    "N/A",
    "n/a",
    "null",
    "None",
    "nan",
    "-",
    "--",
    "..",
    ":",
    "#N/A",
    "#DIV/0!",
    "#REF!",
    "=1+1",
    "TRUE ",
    "~",
)


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    for kind, spellings in GOOD.items():
        yield from _slips(kind, spellings)
        yield from _others(kind)
    yield from _bounds()
    yield from _lengths()
    yield from _constraints()
    yield from _untidy()
    yield from _emptied()


def _slips(kind: str, spellings: list[str]) -> Iterator[Fault]:
    for spelling in spellings:
        for name, stray in STRAYS.items():
            for where, at in (("before", 0), ("after", len(spelling)), ("within", len(spelling) // 2)):
                cell = spelling[:at] + stray + spelling[at:]
                if not ACCEPTED[kind](cell):
                    yield _cell(f"{kind} {spelling!r} {name} {where}", {"type": kind}, cell)


def _others(kind: str) -> Iterator[Fault]:
    """Yield words for "missing" that the schema does not have, and the spellings of all other types."""
    for word in WORDS:
        yield _cell(f"{kind} word {word!r}", {"type": kind}, word)
    for other, spellings in GOOD.items():
        for spelling in spellings:
            if not ACCEPTED[kind](spelling):
                yield _cell(f"{kind} as {other} {spelling!r}", {"type": kind}, spelling)


def _cell(name: str, field: dict[str, Any], cell: str, rule: str = "cell_fits_type") -> Fault:
    return Fault(name, partial(_put, field, cell, rule))


def _put(field: dict[str, Any], cell: str, rule: str, package: PackageFolder) -> Wanted:
    package.add_column(field, "", cell)
    return Wanted((rule,), CELLS, [3])


BOUNDED = ("integer", "number", "date", "time", "datetime", "year", "yearmonth")


def _bounds() -> Iterator[Fault]:
    rule = "cell_is_within_bounds"
    for kind in BOUNDED:
        spellings = GOOD[kind]
        for low, high in pairwise(spellings):
            for name, limit, cell in (
                ("minimum", high, low),
                ("maximum", low, high),
                ("exclusiveMinimum", high, low),
                ("exclusiveMinimum", high, high),
                ("exclusiveMaximum", low, high),
                ("exclusiveMaximum", low, low),
            ):
                field = {"type": kind, "constraints": {name: limit}}
                yield _cell(f"{kind} {name} {limit} {cell}", field, cell, rule)


def _lengths() -> Iterator[Fault]:
    longer = {"string": "abc", "any": "abc", "array": "[1, 2, 3]", "object": '{"a": 1, "b": 2, "c": 3}'}
    for kind, cell in longer.items():
        for name, limit in (("maxLength", 2), ("maxLength", 0), ("minLength", 4), ("minLength", 1000)):
            field = {"type": kind, "constraints": {name: limit}}
            yield _cell(f"{kind} {name} {limit}", field, cell, "cell_has_allowed_length")
    for kind, spellings in GOOD.items():
        for spelling in spellings[1:]:
            field = {"type": kind, "constraints": {"enum": [spellings[0]]}}
            yield _cell(f"{kind} enum {spelling!r}", field, spelling, "cell_is_in_enum")
        field = {"type": kind, "constraints": {"required": True}}
        yield Fault(f"{kind} required", partial(_missing, field))
    for kind in ("string", "integer"):
        yield _cell(f"{kind} category", {"type": kind, "categories": ["1", "2"]}, "3", "cell_is_a_category")


def _missing(field: dict[str, Any], package: PackageFolder) -> Wanted:
    package.add_column(field, "")
    return Wanted(("required_cell_is_present",), CELLS, [2])


# Which constraints are for which types, by the table in the standard.
_SIZED = ("string", "any", "object", "array", "geojson", "duration")
APPLICABLE = {
    "minLength": _SIZED,
    "maxLength": _SIZED,
    "pattern": ("string", "any"),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), BOUNDED),
}
# What none of these constraints can be.
NO_ARGUMENT: list[Any] = [None, True, False, [], {}, [1], {"a": 1}, "", "\u0663", " 1", "1 ", "+1", "NA"]


def _constraints() -> Iterator[Fault]:
    for name, kinds in APPLICABLE.items():
        for kind in TYPES:
            if kind in kinds:
                arguments = [a for a in NO_ARGUMENT if name != "pattern" or not isinstance(a, str)]
            else:
                arguments = [1, "1", "2010-03-31"]
            for argument in arguments:
                spoil = partial(_argue, kind, name, argument)
                yield Fault(f"constraint {kind} {name} {argument!r}", spoil)
    for kind in TYPES:
        for name in ("required", "unique"):
            for argument in (None, 0, 1, "true", "yes", [], {}, [True]):
                yield Fault(f"constraint {kind} {name} {argument!r}", partial(_argue, kind, name, argument))
        for argument in (None, 1, True, "a", {}, [], [None], [[]], [{}]):
            yield Fault(f"constraint {kind} enum {argument!r}", partial(_argue, kind, "enum", argument))


def _argue(kind: str, name: str, argument: object, package: PackageFolder) -> Wanted:
    position = package.add_column({"type": kind, "constraints": {}})
    path = ("resources", position, "schema", "fields", 1, "constraints", name)
    line = package.edit(DESCRIPTOR, *path, to=argument)
    return Wanted(("constraint_is_well_formed",), DESCRIPTOR, [line])


UNTIDY = {
    "space before": lambda text: " " + text,
    "space after": lambda text: text + " ",
    "two spaces": lambda text: text + "  x",
    "tab": lambda text: text + "\tx",
    "no-break space": lambda text: text + "\u00a0x",
    "zero width": lambda text: text + "\u200b",
    "mark": lambda text: "\ufeff" + text,
    "soft hyphen": lambda text: text[:1] + "\u00ad" + text[1:],
    "right to left": lambda text: "\u202e" + text,
    "isolate": lambda text: "\u2067" + text,
    "control": lambda text: text + "\x07",
    "escape": lambda text: "\x1b[31m" + text,
    "delete": lambda text: text + "\x7f",
    "next line": lambda text: text + "\u0085x",
    "line separator": lambda text: text + "\u2028x",
    "private use": lambda text: text + "\ue000",
    "replacement": lambda text: text + "\ufffd",
    "not composed": lambda text: text + "e\u0301",
    "mojibake": lambda text: text + "\u00c3\u00a9",
    "formula": lambda text: "=" + text,
    "formula plus": lambda text: "+" + text,
    "formula at": lambda text: "@" + text,
    "ideographic space": lambda text: text + "\u3000x",
    "tag": lambda text: text + "\U000e0041",
    "variation": lambda text: text + "\ufe0f",
    "not a character": lambda text: text + "\ufffe",
    "Hangul filler": lambda text: text + "\u3164",
}


def _untidy() -> Iterator[Fault]:
    for number in list(line_numbers(BRANCHES))[1:]:
        for name, spoil in UNTIDY.items():
            for column in (0, 1):
                yield Fault(f"untidy {number}.{column} {name}", partial(_tidy, number, column, spoil))


def _tidy(number: int, column: int, spoil: Any, package: PackageFolder) -> Wanted:  # noqa: ANN401  (a function)
    lines = lines_of(package, BRANCHES)
    cells = lines[number - 1].replace('"Quay, Old"', "Quay").split(",")
    cells[column] = spoil(cells[column])
    lines[number - 1] = ",".join(cells)
    write_lines(package, BRANCHES, lines)
    return Wanted(("text_is_clean", "cell_matches_pattern"), BRANCHES, range(number, number + 2))


def _emptied() -> Iterator[Fault]:
    """Yield every cell of the small package that must not be empty, emptied."""
    for number in list(line_numbers(LOANS))[1:]:
        for column, rule in (
            (0, "required_cell_is_present"),
            (1, "primary_key_is_present"),
            (2, "required_cell_is_present"),
        ):
            yield Fault(f"emptied {LOANS} {number}.{column}", partial(_empty, LOANS, number, column, rule))
    for number in list(line_numbers(RULES))[1:]:
        yield Fault(f"emptied {RULES} {number}.0", partial(_empty, RULES, number, 0, "primary_key_is_present"))


def _empty(file: str, number: int, column: int, rule: str, package: PackageFolder) -> Wanted:
    lines = lines_of(package, file)
    cells = lines[number - 1].split(",")
    cells[column] = ""
    lines[number - 1] = ",".join(cells)
    write_lines(package, file, lines)
    return Wanted((rule,), file, [number])
