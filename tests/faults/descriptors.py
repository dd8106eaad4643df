"""Faults of the descriptor and the schemas, property by property, and of their JSON, key by key and line by line."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from scrdata import shapes
from scrdata.values import TYPES
from tests.conftest import as_json, line_of, small_files, value_at
from tests.faults.fault import BRANCHES_SCHEMA, DESCRIPTOR, LOANS_SCHEMA, Fault, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.shapes import Shape
    from tests.conftest import PackageFolder

    Path = tuple[str | int, ...]

JSON_FILES = (DESCRIPTOR, BRANCHES_SCHEMA, LOANS_SCHEMA)
TYPE = ("property_has_right_type", "constraint_is_well_formed")
JSON = ("json_is_well_formed",)
NOT_IMPLEMENTED = ("property_is_implemented",)
# One value of each kind that JSON has, and containers of each.
VALUES: list[Any] = [None, True, False, 0, 7, -1, 1.5, "", "text", [], {}, [None], [7], [[]], [{}], [""], [True], [1.5]]
DIALECT_FILE = "schemas/dialect.json"


class Site(NamedTuple):
    """Where properties of one shape stand: the file, the path to their object, and what must be put there first."""

    file: str
    path: Path
    known: Mapping[str, Shape]
    first: tuple[tuple[Path, Any], ...] = ()


def _sites() -> list[Site]:
    people = Site(DESCRIPTOR, ("contributors", 0), _items("contributors"), ((("contributors",), [{"title": "Ada"}]),))
    sources = Site(DESCRIPTOR, ("sources", 0), _items("sources"), ((("sources",), [{"title": "Book"}]),))
    dialect = Site(DESCRIPTOR, ("resources", 1, "dialect"), shapes.DIALECT, ((("resources", 1, "dialect"), {}),))
    field = Site(DESCRIPTOR, ("resources", 2, "schema", "fields", 1), shapes.FIELD)
    missing = Site(LOANS_SCHEMA, ("missingValues", 0), shapes.MISSING_VALUE, ((("missingValues", 0), {"value": ""}),))
    return [
        Site(DESCRIPTOR, (), shapes.PACKAGE),
        *(Site(DESCRIPTOR, ("resources", position), shapes.RESOURCE) for position in range(4)),
        Site(DESCRIPTOR, ("licenses", 0), _items("licenses")),
        *(people, sources, dialect),
        Site(DESCRIPTOR, ("resources", 2, "schema"), shapes.SCHEMA),
        *(Site(file, (), shapes.SCHEMA) for file in (BRANCHES_SCHEMA, LOANS_SCHEMA)),
        *(Site(BRANCHES_SCHEMA, ("fields", position), shapes.FIELD) for position in (0, 2)),
        *(Site(LOANS_SCHEMA, ("fields", position), shapes.FIELD) for position in range(5)),
        field,
        *(Site(file, ("foreignKeys", 0), shapes.FOREIGN_KEY) for file in (BRANCHES_SCHEMA, LOANS_SCHEMA)),
        *(Site(file, ("foreignKeys", 0, "reference"), shapes.REFERENCE) for file in (BRANCHES_SCHEMA, LOANS_SCHEMA)),
        Site(LOANS_SCHEMA, ("fields", 1, "categories", 0), shapes.CATEGORY),
        missing,
    ]


def _items(name: str) -> Mapping[str, Shape]:
    item = shapes.PACKAGE[name].items
    assert item is not None
    assert item.properties is not None
    return item.properties


SITES = _sites()


def is_wrong(value: object, shape: Shape) -> bool:
    """Say whether a value is not what a shape asks for, reading the shape as its documentation says."""
    fits = any(type(value) is kind for kind in shape.types)
    if not fits or (shape.filled and not value):
        return True
    if isinstance(value, list) and shape.items is not None:
        return any(is_wrong(item, shape.items) for item in value)
    if isinstance(value, dict) and shape.needs_one_of:
        return not any(name in value for name in shape.needs_one_of)
    return False


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    yield from _wrong_types()
    yield from _texts_of_a_form()
    yield from _missing()
    yield from _misspelt()
    yield from _unknown()
    yield from _formats()
    yield from _dialects()
    for file in JSON_FILES:
        yield from _repeated_keys(file)
        yield from _broken_lines(file)
        yield from _cut_short(file)
    yield from _other_texts()


def _prepared(package: PackageFolder, site: Site) -> None:
    for path, value in site.first:
        package.edit(site.file, *path, to=value)


def _named(site: Site, *rest: object) -> str:
    return ".".join(map(str, (site.file.removesuffix(".json"), *site.path, *rest)))


def _wrong_types() -> Iterator[Fault]:
    for site in SITES:
        for name, shape in site.known.items():
            for value in VALUES:
                if is_wrong(value, shape):
                    yield Fault(
                        f"type {_named(site, name)} {json.dumps(value)}", partial(_set, site, name, value, TYPE)
                    )


def _set(site: Site, name: str, value: object, rules: tuple[str, ...], package: PackageFolder) -> Wanted:
    _prepared(package, site)
    line = package.edit(site.file, *site.path, name, to=value)
    return Wanted(rules, site.file, range(line, line + as_json(value).count("\n")))


# For each form that a text can have, what looks like it.
FORMS: dict[Shape, tuple[str, ...]] = {
    shapes.INSTANT: (
        *("", "yesterday", "2009-02-03", "2009-02-03T10:00:00", "2009-02-30T10:00:00Z", "2009-02-03T24:10:00Z"),
        *("2009-02-03 10:00:00Z", "2009-02-03T10:00:00+25:00", "\u0662009-02-03T10:00:00Z"),
    ),
    shapes.ADDRESS: (
        "",
        "example.org",
        "/etc/passwd",
        "../x",
        "http://",
        "javascript:alert(1)",
        "https://a b",
        "data:,",
    ),
    shapes.PLACE: ("", "/etc/passwd", "../x", "a/../../x", "~/x", "C:\\x", "file:///x", "javascript:x", "a\\b", "a\nb"),
    shapes.EMAIL: ("", "nobody", "a@", "@b", "a@b@c", "a b@c"),
    shapes.LICENCE_NAME: ("", "no such licence", "a/b", "CC-BY-4.0 ", "\u0421C0"),
}


def _texts_of_a_form() -> Iterator[Fault]:
    for site in SITES:
        for name, shape in site.known.items():
            for text in FORMS.get(shape, ()) if shape.form else ():
                spoil = partial(_set, site, name, text, ("property_has_right_form",))
                yield Fault(f"form {_named(site, name)} {text!a}", spoil)


def _missing() -> Iterator[Fault]:
    needed = {
        "contributors": (),
        "licenses": ("name",),
        "sources": (),
        "dialect": (),
        "categories": ("value",),
        "missingValues": ("value",),
        "foreignKeys": ("fields", "reference"),
        "reference": ("fields",),
        "fields": ("name",),
        "schema": ("fields",),
    }
    for site in SITES:
        kind = next((part for part in reversed(site.path) if isinstance(part, str)), "")
        names = needed.get(kind, ("name", "path", "schema"))
        if not site.path:
            names = ("resources",) if site.file == DESCRIPTOR else ("fields",)
        for name in names:
            yield Fault(f"missing {_named(site, name)}", partial(_remove, site, name))


def _remove(site: Site, name: str, package: PackageFolder) -> Wanted:
    _prepared(package, site)
    line = package.remove(site.file, *site.path, name)
    # An object that has lost its only property is one that is empty.
    return Wanted(("required_property_is_present", "property_has_right_type"), site.file, [line])


def _misspelt() -> Iterator[Fault]:
    for site in SITES:
        here = value_at(small_files()[site.file], site.path) if not site.first else {}
        for name in here:
            if name in shapes._MEANINGFUL and len(name) > 6:
                for wrong in dict.fromkeys(_slips(name)):
                    yield Fault(f"misspelt {_named(site, wrong)}", partial(_rename, site, name, wrong))


def _slips(name: str) -> Iterator[str]:
    """Yield what a hurried hand makes of a name: a letter dropped, doubled, or changed for the next; or other cases."""
    for at in range(1, len(name)):
        yield name[:at] + name[at + 1 :]
        yield name[:at] + name[at] + name[at:]
        if name[at - 1] != name[at]:
            yield name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
    yield from {name.upper(), name.lower(), name.capitalize(), name + "s"} - {name}


def _rename(site: Site, name: str, wrong: str, package: PackageFolder) -> Wanted:
    document = package.json(site.file)
    holder = value_at(document, site.path)
    value = holder.pop(name)
    package.write(site.file, document)
    line = package.edit(site.file, *site.path, wrong, to=value)
    return Wanted(("property_is_spelt_right",), site.file, [line])


def _unknown() -> Iterator[Fault]:
    for site in SITES:
        for name in ("scrdata:", "scrdata:unknown", "scrdata:Text", "scrdata:row", "scrdata:references"):
            yield Fault(f"unknown {_named(site, name)}", partial(_set, site, name, 1, NOT_IMPLEMENTED))


FORMATS = (
    "any",
    "iso",
    "%H:%M",
    "%Y",
    "fmt:%d.%m.%Y",
    "array",
    "object",
    "topojson",
    "currency",
    "email ",
    "Default",
    "",
)


def _formats() -> Iterator[Fault]:
    for kind in TYPES:
        for form in FORMATS:
            yield Fault(f"format {kind} {form!r}", partial(_field, {"type": kind, "format": form}, "format"))
        for name, value in (("decimalChar", ","), ("groupChar", ","), ("bareNumber", False), ("bareNumber", "false")):
            yield Fault(f"option {kind} {name} {value!r}", partial(_field, {"type": kind, name: value}, name))
        if kind not in ("string", "integer"):
            yield Fault(f"categories of {kind}", partial(_field, {"type": kind, "categories": ["1"]}, "categories"))


def _field(field: dict[str, Any], name: str, package: PackageFolder) -> Wanted:
    path = ("resources", package.add_column(field), "schema", "fields", 1)
    first, last = package.line(DESCRIPTOR, *path), package.line(DESCRIPTOR, *path, name)
    return Wanted((*NOT_IMPLEMENTED, *TYPE), DESCRIPTOR, range(first, last + 1))


DIALECTS: dict[str, list[Any]] = {
    "delimiter": ["", ";;", '"', "\n", "\r", "\u0000", "\u200b", ", "],
    "lineTerminator": ["", "\r", "\n\r", ";", "\u2028"],
    "quoteChar": ["'", "", "|", '""'],
    "escapeChar": ["\\", '"', ""],
    "nullSequence": ["\\N", "NULL", ""],
    "commentChar": ["#", ""],
    "doubleQuote": [False],
    "skipInitialSpace": [True],
    "header": [False],
    "caseSensitiveHeader": [False],
    "headerRows": [[], [2], [1, 2], [0], ["1"]],
    "headerJoin": ["", "-"],
    "commentRows": [[2], [0]],
    "sheetNumber": [2],
    "sheetName": ["data"],
    "table": ["data"],
    "itemType": ["array"],
    "itemKeys": [["a"]],
    "property": ["rows"],
    "columnRows": [[1]],
}


def _dialects() -> Iterator[Fault]:
    for name, values in DIALECTS.items():
        for value in values:
            for file in (DESCRIPTOR, DIALECT_FILE):
                where = file.removesuffix(".json")
                yield Fault(f"dialect {where} {name} {value!r}", partial(_dialect, name, value, file))


def _dialect(name: str, value: object, file: str, package: PackageFolder) -> Wanted:
    wanted = (*NOT_IMPLEMENTED, "property_has_right_type")
    if file == DESCRIPTOR:
        package.edit(DESCRIPTOR, "resources", 1, "dialect", to={})
        line = package.edit(DESCRIPTOR, "resources", 1, "dialect", name, to=value)
    else:
        package.edit(DESCRIPTOR, "resources", 1, "dialect", to=DIALECT_FILE)
        package.write(DIALECT_FILE, {})
        line = package.edit(DIALECT_FILE, name, to=value)
    return Wanted(wanted, file, [line])


def _objects(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every property of every object."""
    for name, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(value, dict):
            yield (*path, name)
        yield from _objects(part, (*path, name))


def _repeated_keys(file: str) -> Iterator[Fault]:
    for path in _objects(small_files()[file]):
        yield Fault(f"repeated {file} {'.'.join(map(str, path))}", partial(_repeat, file, path))


def _repeat(file: str, path: Path, package: PackageFolder) -> Wanted:
    line = line_of(package.json(file), path)
    lines = as_json(package.json(file)).splitlines()
    lines.insert(line - 1, f'"{path[-1]}": 1,')
    package.write(file, "\n".join(lines))
    return Wanted(JSON, file, [line + 1])


BREAKS = {
    "comment": "// note",
    "block comment": "/* note */",
    "comma": ",",
    "brace": "}",
    "bracket": "[",
    "word": "nil",
    "NaN": '"x": NaN,',
    "huge": '"x": 1e999,',
    "tiny": '"x": 1e-999,',
    "leading zero": '"x": 01,',
    "plus": '"x": +1,',
    "hexadecimal": '"x": 0x1,',
    "surrogate": '"x": "\\ud800",',
    "escape": '"x": "\\q",',
    "single quotes": "'x': 1,",
    "tab in text": '"x": "a\tb",',
    "control": '"x": "\x01",',
    "no value": '"x": ,',
    "no colon": '"x" 1,',
    "digits": f'"x": {"9" * 1001},',
    "no-break space": "\u00a0",
}


def _broken_lines(file: str) -> Iterator[Fault]:
    count = as_json(small_files()[file]).count("\n")
    for place, (name, text) in enumerate(BREAKS.items()):
        for line in range(2 + place % 5, count, 5):
            yield Fault(f"line {file} {line} {name}", partial(_break, file, line, text))


def _break(file: str, line: int, text: str, package: PackageFolder) -> Wanted:
    lines = as_json(package.json(file)).splitlines()
    lines.insert(line - 1, text)
    package.write(file, "\n".join(lines))
    # What begins or ends a list or an object where there is none may show only later.
    return Wanted(JSON, file, range(line - 1, len(lines) + 1 if text in "[]{}" else line + 2))


def _cut_short(file: str) -> Iterator[Fault]:
    size = len(as_json(small_files()[file]).encode())
    for length in range(0, size - 2, 17):
        yield Fault(f"cut {file} {length}", partial(_cut, file, length))


def _cut(file: str, length: int, package: PackageFolder) -> Wanted:
    data = as_json(package.json(file)).encode()[:length]
    package.write(file, data)
    last = data.count(b"\n") + 1
    return Wanted(JSON, file, [last, last - 1] if last > 1 else [1])


ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp037")


def _other_texts() -> Iterator[Fault]:
    for file in JSON_FILES:
        for encoding in ENCODINGS:
            yield Fault(f"encoding {file} {encoding}", partial(_encode, file, encoding))
        for name, data in (
            ("byte", b'{"title": "caf\xe9"}'),
            ("overlong", b'{"title": "\xc0\x80"}'),
            ("surrogates", b'{"title": "\xed\xa0\x80\xed\xb0\x80"}'),
            ("beyond", b'{"title": "\xf4\x90\x80\x80"}'),
        ):
            yield Fault(f"bytes {file} {name}", partial(_replace, file, data))


def _encode(file: str, encoding: str, package: PackageFolder) -> Wanted:
    package.write(file, as_json(package.json(file)).encode(encoding))
    return Wanted(JSON, file)


def _replace(file: str, data: bytes, package: PackageFolder) -> Wanted:
    package.write(file, data)
    return Wanted(JSON, file, [1])
