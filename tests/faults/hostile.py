"""Hostile packages: links, devices, pipes, paths and addresses that lead elsewhere, and input made to exhaust."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.faults.fault import ANYWHERE, DESCRIPTOR, Fault, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import PackageFolder

CELLS = "data/cells.csv"
REFUSED = ("path_stays_in_package", "file_exists")
FILES = (
    DESCRIPTOR,
    "schemas/branches.json",
    "schemas/loans.json",
    "data/branches.csv",
    "data/loans.csv",
    "data/rules.csv",
    "data/discrepancies.csv",
)
LINKS = (
    "/etc/passwd",
    "/etc",
    "/dev/zero",
    "/dev/stdin",
    "/dev/full",
    "/proc/self/environ",
    "../outside",
    "nowhere",
    "itself",
    "../small/copy",
    "copy",
    ".",
    "..",
    "/",
)
PATHS = (
    *(
        "/etc/passwd",
        "//etc/passwd",
        "///etc/passwd",
        "../outside",
        "../../../../etc/passwd",
        "data/../../outside",
        "data/../data/x",
    ),
    *(
        "./data/branches.csv",
        "data/./branches.csv",
        "data//branches.csv",
        "data/branches.csv/",
        "data/branches.csv/.",
        ".",
        "..",
    ),
    *(
        "~/x.csv",
        "~root/x.csv",
        "C:\\x.csv",
        "C:/x.csv",
        "C:x.csv",
        "\\\\server\\share\\x.csv",
        "data\\branches.csv",
        "..\\x.csv",
    ),
    *(
        "http://127.0.0.1:9/x.csv",
        "https://example.org/x.csv",
        "HTTP://127.0.0.1:9/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
    ),
    *(
        "file:data/branches.csv",
        "data:text/csv,a",
        "s3://bucket/x.csv",
        "git+ssh://host/x",
        "javascript:x",
        "//127.0.0.1:9/x.csv",
    ),
    *(
        "http:/127.0.0.1:9/x",
        "zip:x.zip!x.csv",
        "x.zip#x.csv",
        "data/branches.csv?x",
        "data/branches.csv#x",
        "%2e%2e/outside",
    ),
    *(
        "..%2foutside",
        "%2fetc%2fpasswd",
        "data%2fbranches.csv",
        "\uff0e\uff0e/outside",
        "..\u2215outside",
        "..\u2044outside",
    ),
    *(
        "data/branches.csv\0",
        "data/branches.csv\0.json",
        "\0",
        "data/branches.csv\n",
        "\tdata/branches.csv",
        " data/branches.csv",
    ),
    *(
        "data/branches.csv ",
        "data/branches.csv.",
        "data/branches.csv::$DATA",
        "data/BRANCHES.csv",
        "Data/branches.csv",
        "data",
    ),
    *(
        "data/",
        "CON",
        "NUL",
        "data/nul.csv",
        "-",
        "--help",
        "$HOME/x",
        "${HOME}/x",
        "`id`",
        "$(id)",
        "|id",
        "data/*.csv",
        "*",
    ),
    *(
        "data/[b]ranches.csv",
        "data/{branches,loans}.csv",
        "data/branches.csv,data/loans.csv",
        "x" * 300,
        "x/" * 300 + "x",
        "x" * 100_000,
    ),
    *(
        "data/b\u0072anches\u0301.csv",
        "data/\u202ebranches.csv",
        "data/\u200bbranches.csv",
        "",
        " ",
        "\u3000",
        "/dev/stdin",
        "/proc/self/mem",
    ),
)
HOLDERS: dict[str, tuple[str | int, ...]] = {
    "path": ("resources", 0, "path"),
    "schema": ("resources", 0, "schema"),
    "dialect": ("resources", 0, "dialect"),
}


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    for file in FILES:
        for target in LINKS:
            yield Fault(f"{file} links to {target}", partial(_link, file, target))
        for kind in ("pipe", "folder", "hard nothing"):
            yield Fault(f"{file} is a {kind}", partial(_special, file, kind))
    for folder in ("data", "schemas"):
        for target in ("/etc", "../elsewhere", "moved", ".", "itself", "/proc/self", "/dev"):
            yield Fault(f"{folder} links to {target}", partial(_linked_folder, folder, target))
    for holder, path in HOLDERS.items():
        for text in PATHS:
            yield Fault(f"{holder} is {text[:60]!a} {len(text)}", partial(_lead, path, text))
    yield from _exhausting()


def _where(file: str) -> str:
    return DESCRIPTOR if not file.startswith("schemas") else ANYWHERE


def _link(file: str, target: str, package: PackageFolder) -> Wanted:
    place = package.folder / file
    (package.folder.parent / "outside").write_bytes(place.read_bytes())
    place.rename(place.with_name("copy"))
    place.symlink_to(place.name if target == "itself" else target)
    return Wanted(REFUSED, _where(file))


def _special(file: str, kind: str, package: PackageFolder) -> Wanted:
    place = package.folder / file
    place.unlink()
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    elif file == DESCRIPTOR:
        return Wanted((), None, code=2)
    return Wanted(REFUSED, _where(file))


def _linked_folder(folder: str, target: str, package: PackageFolder) -> Wanted:
    place = package.folder / folder
    place.rename(package.folder / "moved")
    (package.folder.parent / "elsewhere").symlink_to(package.folder / "moved")
    place.symlink_to(place.name if target == "itself" else target)
    return Wanted(REFUSED, ANYWHERE)


def _lead(path: tuple[str | int, ...], text: str, package: PackageFolder) -> Wanted:
    (package.folder.parent / "outside").write_bytes(package.read("data/branches.csv"))
    line = package.edit(DESCRIPTOR, *path, to=text)
    return Wanted((*REFUSED, "property_has_right_type"), DESCRIPTOR, [line])


def _exhausting() -> Iterator[Fault]:
    for name, pattern in PATTERNS.items():
        for letters in ("a" * 3_000 + "!", "ab" * 1_500 + "!"):
            field = {"type": "string", "constraints": {"pattern": pattern}}
            yield Fault(f"pattern {name} {letters[:2]}", partial(_exhaust_pattern, field, letters))
    for name, (field, make, rules) in HUGE.items():
        yield Fault(name, partial(_exhaust_table, field, make, rules))
    for name, build in DEEP.items():
        for file in (DESCRIPTOR, "schemas/branches.json"):
            yield Fault(f"{name}, {file}", partial(_exhaust_json, file, build))
    for kind in ("object", "array", "geojson"):
        for name, build in DEEP.items():
            yield Fault(f"{name}, cell of type {kind}", partial(_exhaust_cell, kind, build))
    for name, equation in EQUATIONS.items():
        yield Fault(f"equation of {name}", partial(_exhaust_rule, equation))


PATTERNS = {
    "nested plus": "(a+)+",
    "nested star": "(a*)*",
    "alternatives": "(a|a)*",
    "overlapping": "(a|aa)+",
    "classes": "([a-b]+)*c",
    "optional": "(a?){30}a{30}",
    "dots": "(.*a){20}",
    "many dots": ".*.*.*.*.*x",
    "words": r"(\w+\s?)*\.",
    "long": "(x+x+)+y",
    "counted": "(a{1,50}){1,50}!!",
    "mail": "([a-zA-Z0-9])(([.-]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+",
    "three": "(a+)(a+)(a+)(a+)b",
    "nested thrice": "((a+)+)+b",
    "lazy": "(a+?)+?b",
    "anchored": "^(a|b|ab)*c$",
}


def _exhaust_pattern(field: dict[str, Any], letters: str, package: PackageFolder) -> Wanted:
    package.add_column(field, "", letters)
    return Wanted(("cell_matches_pattern", "constraint_is_well_formed", "constraint_is_implemented"), ANYWHERE)


MILLION = 1_000_000
HUGE: dict[str, tuple[dict[str, Any], Callable[[], str], tuple[str, ...]]] = {
    "a row of a million cells": ({"type": "string"}, lambda: "row,cell\n" + "x," * MILLION, ("row_has_all_cells",)),
    "a row of a million quoted cells": (
        {"type": "string"},
        lambda: "row,cell\n" + '"x",' * MILLION,
        ("row_has_all_cells",),
    ),
    "a header of a million cells": ({"type": "string"}, lambda: "x," * MILLION, ("row_is_within_limits",)),
    "a header of a million letters": ({"type": "string"}, lambda: "x" * MILLION, ("header_is_as_declared",)),
    "a million quotation marks": (
        {"type": "string"},
        lambda: "row,cell\n" + '"' * (MILLION + 1),
        ("quotation_marks_are_paired",),
    ),
    "a million blank lines": ({"type": "string"}, lambda: "row,cell\n" + "\n" * MILLION, ("line_is_not_blank",)),
    "a million NULs": ({"type": "string"}, lambda: "row,cell\n" + "\0" * MILLION, ("file_has_no_nul",)),
    "a million carriage returns": ({"type": "string"}, lambda: "row,cell\n" + "\r" * MILLION, ("line_ends_agree",)),
    "a million digits": ({"type": "integer"}, lambda: "row,cell\n1," + "9" * MILLION + "\n", ("cell_fits_type",)),
    "a million decimals": (
        {"type": "number"},
        lambda: "row,cell\n1,0." + "9" * MILLION + "\n",
        ("row_is_within_limits",),
    ),
    "a large exponent": ({"type": "number"}, lambda: "row,cell\n1,1e999999999\n", ("cell_fits_type",)),
    "a million letters": (
        {"type": "string", "constraints": {"maxLength": 9}},
        lambda: "row,cell\n1," + "x" * MILLION + "\n",
        ("cell_has_allowed_length",),
    ),
    "a hundred thousand wrong cells": (
        {"type": "integer"},
        lambda: "row,cell\n" + "1,x\n" * 100_000,
        ("cell_fits_type",),
    ),
    "marks upon marks": (
        {"type": "string", "constraints": {"maxLength": 9}},
        lambda: "row,cell\n1,x" + "\u0301" * 100_000 + "\n",
        ("cell_has_allowed_length",),
    ),
}


def _exhaust_table(
    field: dict[str, Any], make: Callable[[], str], rules: tuple[str, ...], package: PackageFolder
) -> Wanted:
    package.add_column(field)
    package.write(CELLS, make())
    return Wanted(rules, CELLS)


DEEP: dict[str, Callable[[], str]] = {
    "65 lists": lambda: "[" * 65 + "]" * 65,
    "a hundred thousand lists": lambda: "[" * 100_000 + "]" * 100_000,
    "a hundred thousand open lists": lambda: "[" * 100_000,
    "a hundred thousand objects": lambda: '{"a":' * 100_000 + "1" + "}" * 100_000,
    "a hundred thousand open objects": lambda: '{"a":' * 100_000,
    "an open text": lambda: '"' + "x" * 100_000,
    "escapes": lambda: '"' + "\\" * 100_001,
    "digits": lambda: "9" * 100_000,
    "decimals": lambda: "0." + "9" * 100_000 + "e-999999",
    "an exponent": lambda: "1e99999999999999999999",
    "a repeated key": lambda: '{"a": [' + '{"b": 1},' * 10_000 + '{"b": 1, "b": 2}]}',
}


def _exhaust_json(file: str, build: Callable[[], str], package: PackageFolder) -> Wanted:
    package.write(file, '{"x":\n' + build() + "}")
    return Wanted(("json_is_well_formed",), file, [2])


def _exhaust_cell(kind: str, build: Callable[[], str], package: PackageFolder) -> Wanted:
    package.add_column({"type": kind}, "", build())
    return Wanted(("cell_fits_type",), CELLS, [3])


EQUATIONS: dict[str, str] = {
    "many terms": " + ".join(["branches"] * 20_000) + " = 3",
    "many brackets": "branches" + "[" * 20_000 + " = 3",
    "many conditions": "branches[" + ",".join(["name=North"] * 20_000) + "] = 3",
    "many codes": "branches[name=" + "|".join(f"n{i}" for i in range(20_000)) + "] = 3",
    "a long path": "branches[" + "parent_id." * 20_000 + "name=North] = 3",
    "many digits": "branches = " + "9" * 100_000,
    "many stars": "branches[" + ",".join(["branch_id=*"] * 2_000) + "] = 1",
    "many signs": "branches = " + "- " * 20_000 + "3",
    "many equals signs": "branches " + "= " * 20_000 + "3",
    "a long name": "b" * 200_000 + " = 3",
    "an open text": 'branches[name="' + "x" * 200_000 + " = 3",
}


def _exhaust_rule(equation: str, package: PackageFolder) -> Wanted:
    quoted = equation.replace('"', '""')
    package.spoil("data/rules.csv", ",branches = 3,", f',"{quoted}",')
    package.repair()
    return Wanted(("equation_can_be_read", "branches_are_three"), ANYWHERE)
