"""Every hypothesis strategy of the tests, and how many examples a law is tried with."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from scrdata import shapes
from scrdata.references import Condition, Equation, Reference, Sum, Term
from tests import areas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrdata.shapes import Shape

    Draw = Callable[[st.SearchStrategy[Any]], Any]

# The same examples in every run: no verdict on the code may depend on chance.
LAW = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEW = settings(LAW, max_examples=50)
NAME_CHARACTERS = "abcxyzAZ019_-"


# The notation ---------------------------------------------------------------------------------


def names() -> st.SearchStrategy[str]:
    """Return names of tables and columns; some would read as a number where they stand alone in an equation."""
    texts = ["t", "a", "b", "c", "long_name", "b-c", "-", "_", "a-", "0a", "1-1", "2009-10", "Z9", "7", "010"]
    return st.sampled_from(texts)


def paths(end: str | None = None) -> st.SearchStrategy[tuple[str, ...]]:
    """Return paths of one to three columns, which end in the column `end` if it is given."""
    if end is None:
        return st.lists(names(), min_size=1, max_size=3).map(tuple)
    return st.lists(names(), max_size=2).map(lambda path: (*path, end))


def conditions() -> st.SearchStrategy[Condition]:
    """Return conditions without a star, on values of any text."""
    value = st.one_of(st.text(NAME_CHARACTERS + ".:/", min_size=1, max_size=5), st.text(max_size=5))
    equal = st.builds(Condition, paths(), st.just("="), st.lists(value, min_size=1, max_size=3).map(tuple))
    compared = st.builds(Condition, paths(), st.sampled_from(["<", "<=", ">", ">="]), st.tuples(value))
    return st.one_of(equal, compared)


@st.composite
def references(draw: Draw, stars: tuple[str, ...] = ()) -> Reference:
    """Return references that star columns with these names."""
    starred = [Condition(draw(paths(star)), "=", (), starred=True) for star in stars]
    plain = draw(st.lists(conditions(), max_size=3))
    column = draw(st.none() | names())
    return Reference(draw(names()), tuple(draw(st.permutations([*starred, *plain]))), column)


def star_names() -> st.SearchStrategy[tuple[str, ...]]:
    """Return the names of the columns that the references of one equation star, often none."""
    return st.lists(names(), max_size=2, unique=True).map(tuple)


@st.composite
def sums(draw: Draw, stars: tuple[str, ...]) -> Sum:
    """Return one side of an equation, whose references star these columns or none."""
    number = st.integers(0, 10**30)
    constant = st.builds(Term, st.sampled_from([1, -1]), number, st.none())
    total = st.builds(Term, st.sampled_from([1, -1]), number, st.one_of(references(), references(stars)))
    first, *rest = draw(st.lists(st.one_of(constant, total), min_size=1, max_size=3))
    return Sum((first.changed(sign=1), *rest))


@st.composite
def equations(draw: Draw) -> Equation:
    """Return equations that can be parsed."""
    stars = draw(star_names())
    return Equation(draw(sums(stars)), draw(st.sampled_from(["=", "<=", ">=", "<", ">"])), draw(sums(stars)))


@st.composite
def spaced_equations(draw: Draw) -> tuple[Equation, str]:
    """Return an equation, and a text of it with white space wherever the grammar leaves that free."""

    def space() -> str:
        return str(draw(st.sampled_from(["", "", " ", "  "])))

    def condition(item: Condition) -> str:
        values = ('"' + value.replace('"', '""') + '"' for value in item.values)
        value = "*" if item.starred else f"{space()}|{space()}".join(values)
        return ".".join(item.path) + space() + item.operator + space() + value

    def reference(item: Reference) -> str:
        inside = f"{space()},{space()}".join(map(condition, item.conditions))
        return item.table + (f"[{inside}]" if item.conditions else "") + (f".{item.column}" if item.column else "")

    def term(item: Term) -> str:
        if item.reference is None:
            return str(item.factor)
        return f"{item.factor}{space()}*{space()}{reference(item.reference)}"

    def side(item: Sum) -> str:
        # A space before a minus sign keeps it out of the name before it.
        rest = (f" {space()}{'+' if part.sign > 0 else '-'}{space()}{term(part)}" for part in item.terms[1:])
        return term(item.terms[0]) + "".join(rest)

    equation = draw(equations())
    middle = f"{space()}{equation.relation}{space()}"
    return equation, space() + side(equation.left) + middle + side(equation.right) + space()


def notation_texts() -> st.SearchStrategy[str]:
    """Return texts that are nearly equations, and texts that are nothing at all."""
    pieces = [*'[]=>,.|*" +-0é\n', "t", "column", "<=", '""', "147"]
    return st.one_of(
        st.lists(st.sampled_from(pieces), max_size=12).map("".join),
        changed_texts(equations().map(str), '[]=<>,.|*"+- 0a\n'),
        st.text(max_size=12),
    )


@st.composite
def changed_texts(draw: Draw, texts: st.SearchStrategy[str], characters: str) -> str:
    """Return texts in which at most one character was put in, left out or replaced."""
    text = draw(texts)
    at = draw(st.integers(0, len(text)))
    new = draw(st.one_of(st.just(""), st.sampled_from(characters)))
    return str(text[:at] + new + text[at + draw(st.integers(0, 1)) :])


# Cells ----------------------------------------------------------------------------------------

_DIGITS = st.text("0123456789", min_size=1, max_size=4)
_INTEGERS = st.integers(-(10**18), 10**18).map(str)
_NUMBERS = st.builds(
    "{}{}{}".format,
    _INTEGERS,
    st.one_of(st.just(""), _DIGITS.map(".{}".format)),
    st.one_of(st.just(""), st.builds("{}{}".format, st.sampled_from(["e", "E+", "e-"]), st.integers(0, 9))),
)
_LATITUDES = st.integers(-95, 95).map(str) | st.sampled_from(["1e-7", "-0.5", "90.0", "9e1", "0.9e2"]) | _NUMBERS
_ZONES = st.one_of(st.none(), st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
CELLS: dict[str, st.SearchStrategy[str]] = {
    **dict.fromkeys(("string", "any"), st.text(max_size=8)),
    "integer": _INTEGERS,
    "number": st.one_of(_NUMBERS, st.sampled_from(["NaN", "INF", "-INF", "-0", "0.10", "123e999", "0.01e-999"])),
    "boolean": st.sampled_from(["true", "True", "TRUE", "1", "false", "False", "FALSE", "0"]),
    "date": st.dates().map(str),
    "time": st.times(timezones=_ZONES).map(str),
    "datetime": st.datetimes(timezones=_ZONES).map(lambda value: value.isoformat()),
    "year": st.integers(1, 9999).map("{:04d}".format),
    "yearmonth": st.dates().map(lambda day: str(day)[:7]),
    "duration": st.builds(
        "{}P{}Y{}".format,
        st.sampled_from(["", "-"]),
        st.integers(0, 99),
        st.sampled_from(["", "6M", "1M2D", "T4H", "2DT3H4M5.5S", "T0.5S", "M", "T"]),
    ),
    "geopoint": st.builds("{}{}{}".format, st.integers(-190, 190), st.sampled_from([",", ", ", " ,"]), _LATITUDES),
    "array": st.lists(st.one_of(_JSON, st.just(0.5)), max_size=3).map(json.dumps),
    **dict.fromkeys(("object", "geojson"), st.dictionaries(st.text(max_size=3), _JSON, max_size=3).map(json.dumps)),
}


def cells_of(kind: str) -> st.SearchStrategy[str]:
    """Return texts that cells of a type may have, some of them with a character too many or too few."""
    near = changed_texts(CELLS[kind], '0159+-_.,:eETZPYx \n\t\0\u0661\uff11\u00a0"{}[]')
    return st.one_of(CELLS[kind], near, st.text("0123456789-+.:TZPYeE", max_size=12))


# Descriptors ---------------------------------------------------------------------------------

_MEANINGFUL = [
    *((shapes.PACKAGE, "resources"), (shapes.RESOURCE, "schema"), (shapes.RESOURCE, "dialect")),
    *((shapes.RESOURCE, "encoding"), (shapes.RESOURCE, "format"), (shapes.SCHEMA, "fields")),
    *((shapes.SCHEMA, "missingValues"), (shapes.SCHEMA, "primaryKey"), (shapes.SCHEMA, "uniqueKeys")),
    *((shapes.SCHEMA, "foreignKeys"), (shapes.FIELD, "constraints"), (shapes.FIELD, "categories")),
    *((shapes.FIELD, "categoriesOrdered"), (shapes.FIELD, "trueValues"), (shapes.FOREIGN_KEY, "reference")),
]


@st.composite
def misspellings(draw: Draw) -> tuple[dict[str, Shape], str]:
    """Return a property that changes what the data mean, with one slip in its name."""
    known, name = draw(st.sampled_from(_MEANINGFUL))
    at = draw(st.integers(0, len(name) - 1))
    swapped = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    forms = [swapped, name.lower(), name.upper(), name.capitalize(), name.removesuffix("s")]
    return known, draw(st.sampled_from(forms) | changed_texts(st.just(name), "aeikmnstz"))


# JSON -----------------------------------------------------------------------------------------


def json_texts() -> st.SearchStrategy[str]:
    """Return texts that are JSON, nearly JSON, or nothing of the kind."""
    pieces = [
        *("{", "}", "[", "]", ":", ",", '"', '"a"', '"b"', '"\\u0061"', "\\", "\\u", "\\ud83d", "\\ude00", '"\\ud800"'),
        *("1", "-", "0", ".", "e", "E+", "400", "-400", "9" * 20, "5e-324", "0e99999999999999999999", "true", "null"),
        *("NaN", "Infinity", " ", "\n", "\r\n", "\t", "\x00", "\x7f", "\ufeff", "é", "😀"),
    ]
    soup = st.lists(st.sampled_from(pieces), max_size=10).map("".join)
    members = st.lists(st.sampled_from(['"a": 1', '"\\u0061": 2', '"b": []', '"b": 0.5', '"": null']), max_size=3)
    objects = members.map(lambda pairs: "{" + ", ".join(pairs) + "}")
    numbers = st.builds("[{}{}]".format, _NUMBERS, st.sampled_from(["", "", "e5", "99", "e999", "e-999"]))
    values = st.builds(lambda value, indent: json.dumps(value, indent=indent), _JSON, st.sampled_from([None, 1]))
    return st.one_of(soup, objects, numbers, values, changed_texts(values, '{}[]:,"\\ \n0u\x00'), st.text(max_size=6))


def json_bytes() -> st.SearchStrategy[bytes]:
    """Return bytes that are, nearly are, or are not JSON in UTF-8."""
    encodings = st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
    return st.builds(str.encode, json_texts(), encodings) | st.binary(max_size=8)


# Patterns -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PatternText:
    """A pattern as this project writes it, and the same pattern for `re.fullmatch`."""

    ours: str
    theirs: str


_CHARACTERS = ["a", "b", "0", "-", "_", " ", "é", "\u0661", "\\.", "\\-", "\\\\", "\\n", "."]
_CLASSES = ["\\d", "\\D", "\\w", "\\W", "[a-b]", "[^a]", "[0\\d_]", "[^\\w-]", "[a-]", "[]b]", "[^]b]", "[a0-9]"]
_QUANTIFIERS = ["*", "+", "?", "{0}", "{2}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "??", "{1,2}?"]
PATTERN_CHARACTERS = "ab0-_ é\u0661.\\]\nz"


def patterns() -> st.SearchStrategy[PatternText]:
    """Return patterns of the supported subset; `$` is written otherwise for `re`, where it allows a line end."""
    plain = st.sampled_from([PatternText(text, text) for text in (*_CHARACTERS, *_CLASSES)])
    anchors = st.sampled_from([PatternText("^", "^"), PatternText("$", r"\Z")])
    return st.recursive(st.one_of(plain, plain, plain, anchors), _larger_patterns, max_leaves=6)


def _larger_patterns(inner: st.SearchStrategy[PatternText]) -> st.SearchStrategy[PatternText]:
    several = st.lists(inner, max_size=3)
    return st.one_of(
        several.map(lambda parts: _joined(parts, "", "", "")),
        several.map(lambda parts: _joined(parts, "(", "|", ")")),
        inner.map(lambda part: _joined([part], "(?:", "", ")")),
        st.builds(lambda part, sign: _joined([part], "(", "", f"){sign}"), inner, st.sampled_from(_QUANTIFIERS)),
    )


def _joined(parts: Sequence[PatternText], start: str, between: str, end: str) -> PatternText:
    ours, theirs = (between.join(texts) for texts in ([p.ours for p in parts], [p.theirs for p in parts]))
    return PatternText(start + ours + end, start + theirs + end)


# CSV ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CsvFile:
    """A CSV file that Python's writer made, with what stands in it."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str
    data: bytes


@st.composite
def csv_files(draw: Draw) -> CsvFile:
    """Return CSV files with any delimiter, quoting style and line end; cells may span lines."""
    delimiter = draw(st.sampled_from(",;\t|^- "))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_NONE]))
    forbidden = f'"\n{delimiter}' if quoting == csv.QUOTE_NONE else ""
    text = st.text(
        st.one_of(
            st.sampled_from([c for c in 'ab" ,;\n' if c not in forbidden]),
            st.characters(exclude_characters="\r\0" + forbidden, exclude_categories=["Cs"]),
        ),
        # Without quotation marks a row of one empty cell would be a blank line.
        min_size=1 if forbidden else 0,
        max_size=4,
    )
    header = draw(st.lists(text.filter(bool), min_size=1, max_size=3, unique=True))
    rows = draw(st.lists(st.lists(text, min_size=len(header), max_size=len(header)), max_size=5))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    file, lines = io.StringIO(newline=""), []
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=end)
    for row in [header, *rows]:
        lines.append(file.getvalue().count("\n") + 1)
        writer.writerow([cell.replace("\n", end) for cell in row])
    whole = file.getvalue()
    if draw(st.booleans()):
        whole = whole.removesuffix(end)
    # A byte order mark at the very beginning would be one, not a character of the header.
    return CsvFile(header, rows, lines, delimiter, whole.removeprefix("\ufeff").encode())


# Tables that references are evaluated over ------------------------------------------------------


@st.composite
def area_rows(draw: Draw) -> dict[str, list[tuple[str | None, ...]]]:
    """Return rows of the tables in `tests.areas`, as texts; `None` is a missing cell."""
    ids = draw(st.lists(st.sampled_from(areas.AREA_IDS), unique=True, min_size=1))
    size, day, area, kind = (st.none() | st.sampled_from(v) for v in (areas.SIZES, areas.DAYS, ids, areas.KINDS))
    number = _seldom_missing(st.integers(-5, 20).map(str))
    weight = _seldom_missing(st.sampled_from(["0.1", "0.20", "-3", "1e3", "7"]))
    places = [(name, draw(size), draw(day), draw(area), draw(number)) for name in ids]
    return {"areas": places, "counts": draw(st.lists(st.tuples(area, kind, size, day, number, weight), max_size=8))}


def _seldom_missing(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(*[texts] * 9, st.none())


@st.composite
def area_conditions(draw: Draw, table: str, ids: list[str]) -> Condition:
    """Return conditions that name existing columns, and values that may occur in them."""
    values = {"area": ids, "size": areas.SIZES, "day": areas.DAYS, "kind": areas.KINDS, "number": ["-3", "0", "7"]}
    ways = areas.paths_from(table)
    kind = draw(st.sampled_from([name for name, paths in ways.items() if paths]))
    path, value = draw(st.sampled_from(ways[kind])), st.sampled_from(values[kind])
    if kind in ("size", "day", "number") and draw(st.booleans()):
        return Condition(path, draw(st.sampled_from(["<", "<=", ">", ">="])), (draw(value),))
    return Condition(path, "=", tuple(draw(st.lists(value | st.just(""), min_size=1, max_size=3))))


@st.composite
def area_references(draw: Draw, ids: list[str], stars: tuple[str, ...] = ()) -> Reference:
    """Return references to the tables in `tests.areas`, which star columns of these names."""
    tables = [table for table in areas.SCHEMAS if all(areas.starred_paths(table, star) for star in stars)]
    table = draw(st.sampled_from(tables))
    plain = draw(st.lists(area_conditions(table, ids), max_size=2))
    paths = [draw(st.sampled_from(areas.starred_paths(table, star))) for star in stars]
    starred = [Condition(path, "=", (), starred=True) for path in paths]
    columns = [None, "children", "weight"] if table == "counts" else [None, "people"]
    return Reference(table, tuple(draw(st.permutations([*plain, *starred]))), draw(st.sampled_from(columns)))


def area_stars() -> st.SearchStrategy[tuple[str, ...]]:
    """Return names of columns that may be starred together."""
    return st.sampled_from([("size",), ("parent_id",), ("opened",), ("opened", "size"), ("people",), ("kind",)])


@st.composite
def area_equations(draw: Draw, ids: list[str]) -> Equation:
    """Return equations about the tables in `tests.areas`, half of them starred."""
    stars = draw(area_stars() | st.just(()))
    total = st.one_of(area_references(ids), area_references(ids, stars))
    terms = st.builds(Term, st.sampled_from([1, -1]), st.integers(0, 3), st.one_of(st.none(), total, total))
    sides = st.lists(terms, min_size=1, max_size=2).map(lambda side: Sum((side[0].changed(sign=1), *side[1:])))
    return Equation(draw(sides), draw(st.sampled_from(["=", "<=", ">=", "<", ">"])), draw(sides))


# Small packages ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartsAndWholes:
    """Parts by two codes, wholes by the first code, and equations that are true of them."""

    parts: dict[tuple[str, str], int]
    wholes: dict[str, int]
    equations: tuple[str, ...]


@st.composite
def parts_and_wholes(draw: Draw) -> PartsAndWholes:
    """Return consistent tables, in which every count is bound by at least one equation."""
    codes = ["red", "green", "dark blue"]
    lefts = draw(st.lists(st.sampled_from(codes), unique=True, min_size=1))
    rights = draw(st.lists(st.sampled_from(["2007-08", "2008-09", "2009-10"]), unique=True, min_size=1))
    parts = {(left, right): draw(st.integers(0, 60)) for left in lefts for right in rights}
    wholes = {left: sum(parts[left, right] for right in rights) for left in lefts}
    equations = ["parts[colour=*].n = wholes[colour=*].n"]
    if draw(st.booleans()):
        equations.append(f"wholes.n = {sum(wholes.values())}")
    for right in draw(st.lists(st.sampled_from(rights), unique=True)):
        total = sum(parts[left, right] for left in lefts)
        equations.append(f"parts[period={right}].n {draw(st.sampled_from(['=', '<=', '>=']))} {total}")
    if draw(st.booleans()):
        equations.append("parts[colour=*,period=*].n >= 0")
    return PartsAndWholes(parts, wholes, tuple(draw(st.permutations(equations))))


# Tables that do not add up --------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """A table of numbers by row and column, rules that held before some of the numbers were changed.

    Attributes:
        numbers: as they stand now, by row and column.
        rules: equations; each is true of the numbers before the change.
        changed: how many numbers were changed.
    """

    numbers: dict[tuple[str, str], int]
    rules: tuple[str, ...]
    changed: int


@st.composite
def grids(draw: Draw, most_changed: int = 2) -> Grid:
    """Return grids of up to three by three numbers, with sums by row, by column and over all as rules."""
    rows, columns = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    keys = [(f"r{row}", f"c{column}") for row in range(rows) for column in range(columns)]
    true = {key: draw(st.integers(0, 4)) for key in keys}
    equations = [
        *(f"grid[row=r{row}].n = {sum(true[key] for key in keys if key[0] == f'r{row}')}" for row in range(rows)),
        *(f"grid[column=c{c}].n = {sum(true[key] for key in keys if key[1] == f'c{c}')}" for c in range(columns)),
        f"grid.n = {sum(true.values())}",
        *(f"grid[row={row},column={column}].n = {true[row, column]}" for row, column in keys),
        f"grid[row=r0].n <= {sum(true[key] for key in keys if key[0] == 'r0') + draw(st.integers(0, 2))}",
    ]
    rules = draw(st.lists(st.sampled_from(equations), min_size=1, max_size=8, unique=True))
    changed = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=most_changed, unique=True))
    others = {key: [n for n in range(5) if n != number] for key, number in true.items()}
    now = {key: draw(st.sampled_from(others[key])) if key in changed else true[key] for key in keys}
    return Grid(now, tuple(rules), len(changed))


# Two versions of a table ----------------------------------------------------------------------


Row = tuple[str, str, str, str]


@st.composite
def versions(draw: Draw) -> tuple[list[Row], list[Row]]:
    """Return the rows of two versions of a table: a key, a whole number, another number, a text.

    The later one keeps some rows, changes some cells, has some rows more, and has them in any order.
    """
    old = draw(_versioned_rows(st.sampled_from("abcdefgh")))
    kept = [draw(_later_row(row)) for row in old if draw(st.booleans())]
    added = draw(_versioned_rows(st.sampled_from("stuvwxyz")))
    new = [*kept, *added]
    return old, list(draw(st.permutations(new))) if draw(st.booleans()) else new


_VERSIONED = (
    st.sampled_from(["", "0", "1", "-3", "147"]),
    st.sampled_from(["", "1", "1.0", "1.50", "1.5", "NaN", "INF"]),
    st.sampled_from(["", "one", "two", "1.0"]),
)


@st.composite
def _versioned_rows(draw: Draw, keys: st.SearchStrategy[str]) -> list[Row]:
    names = draw(st.lists(keys, unique=True, max_size=5))
    return [(name, *(draw(cells) for cells in _VERSIONED)) for name in names]


@st.composite
def _later_row(draw: Draw, row: Row) -> Row:
    key, *cells = row
    pairs = zip(cells, _VERSIONED, strict=True)
    later = [draw(texts) if draw(st.integers(0, 3)) == 0 else cell for cell, texts in pairs]
    return (key, *later)
