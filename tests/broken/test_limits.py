"""Time and memory stay bounded, whatever the input: each attack ends in seconds, with a finding."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import PackageFolder

GIGABYTE = 1 << 30
COUNTED = 10_000_000
# What counting that far takes where the bound of 20 seconds was set; machines differ, and so their seconds.
USUAL_SECONDS = 0.35


def slowness() -> float:
    """Return how many times slower than usual this machine is just now, between 1 and 4."""
    before = time.process_time()
    sum(number * number for number in range(COUNTED))
    return min(4.0, max(1.0, (time.process_time() - before) / USUAL_SECONDS))


SECONDS = 20 * slowness()
FILE = "data/cells.csv"


def validate(package: PackageFolder, options: Sequence[str]) -> tuple[int, float, int, str]:
    """Validate in a process of its own; return exit code, CPU seconds, peak of memory in bytes, and standard error."""
    report, errors = package.folder / "report", package.folder / "errors"
    with report.open("wb") as out, errors.open("wb") as wrong:
        command = [sys.executable, "-m", "scrdata", "validate", "--format", "json", *options, str(package.folder)]
        process = subprocess.Popen(command, stdout=out, stderr=wrong)
    deadline = time.monotonic() + 4 * SECONDS
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            pytest.fail(f"not finished after {4 * SECONDS:.0f} seconds")
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait again
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, errors.read_text()


def assert_bounded(
    package: PackageFolder, *options: str, code: int = 1, memory: float = GIGABYTE, size: int = 20_000_000
) -> None:
    """Assert the exit code, and that time, memory and the report stay within bounds."""
    found, seconds, peak, errors = validate(package, options)
    assert "Traceback" not in errors, errors[-500:]
    assert found == code
    assert seconds < SECONDS, f"{seconds:.1f} seconds, where {SECONDS:.0f} are allowed"
    assert peak < memory, f"{peak / 1e6:.0f} MB"
    assert (package.folder / "report").stat().st_size < size


def add_table(package: PackageFolder, fields: list[dict[str, Any]], text: str, **schema: object) -> None:
    """Add a table `cells` with any fields and any bytes."""
    package.write(FILE, text)
    resource = {"name": "cells", "type": "table", "path": FILE, "schema": {"fields": fields, **schema}}
    package.edit("datapackage.json", "resources", 4, to=resource)


def text_field(name: str, **constraints: object) -> dict[str, Any]:
    """Return a field of type string."""
    return {"name": name, "type": "string", "constraints": constraints}


CJK = "".join(map(chr, random.Random(1).sample(range(0x4E00, 0x9F00), 10_000)))  # noqa: S311
AB = "".join(random.Random(2).choices("ab", k=60_000))  # noqa: S311

QUICK: list[tuple[str, list[dict[str, Any]], Callable[[], str], dict[str, Any]]] = [
    ("row_of_a_million_cells", [text_field("a")], lambda: "a\n" + "x," * 1_000_000 + "\n", {}),
    ("quoted_row_of_a_million_cells", [text_field("a")], lambda: "a\n" + '"x",' * 1_000_000 + "\n", {}),
    ("row_of_a_million_quotes", [text_field("a")], lambda: "a\n" + '"' * 1_000_001, {}),
    ("unclosed_quote_before_much", [text_field("a")], lambda: 'a\n"' + "x\n" * 3_000_000, {}),
    ("header_of_many_columns", [text_field("a")], lambda: ",".join(f"c{i}" for i in range(100_000)) + "\n", {}),
    ("header_of_one_name", [text_field("a")], lambda: ",".join("a" * 100_000) + "\n", {}),
    ("cell_of_ten_megabytes", [text_field("a", maxLength=5)], lambda: "a\n" + "x" * 10_000_000 + "\n", {}),
    ("many_blank_lines", [text_field("a")], lambda: "a\n" + "\n" * 3_000_000, {}),
    ("classic_pattern", [text_field("a", pattern="(a+)+$")], lambda: "a\n" + "a" * 300_000 + "!\n", {}),
    ("alternating_pattern", [text_field("a", pattern="(a|aa)+")], lambda: "a\n" + "a" * 300_000 + "!\n", {}),
    ("long_integer", [{"name": "a", "type": "integer"}], lambda: "a\n" + "9" * 5_000_000 + "\n", {}),
    ("long_number", [{"name": "a", "type": "number"}], lambda: "a\n0." + "9" * 5_000_000 + "\n", {}),
    ("long_date", [{"name": "a", "type": "date"}], lambda: "a\n" + "2" * 5_000_000 + "\n", {}),
    ("long_email", [text_field("a") | {"format": "email"}], lambda: "a\nx@" + "x." * 100_000 + "\n", {}),
    ("long_duration", [{"name": "a", "type": "duration"}], lambda: "a\nP" + "1" * 1_000_000 + "\n", {}),
    ("deep_json_cell", [{"name": "a", "type": "array"}], lambda: "a\n" + "[" * 1_000_000 + "\n", {}),
]


@pytest.mark.parametrize(("fields", "text", "schema"), [pytest.param(*case[1:], id=case[0]) for case in QUICK])
def test_quick(
    small_package: PackageFolder, fields: list[dict[str, Any]], text: Callable[[], str], schema: dict[str, Any]
) -> None:
    """One huge row, header, cell or value ends in a finding within seconds."""
    add_table(small_package, fields, text(), **schema)
    assert_bounded(small_package)


PATTERNS = [
    ("many_states_many_characters", "(.{0,45}){45}", CJK),
    ("many_sets_of_states", "(a|b)*a(a|b){700}", AB + "!"),
    ("longest_chain", "[ab]*a[ab]{4000}", AB + "!"),
    ("optional_within_optional", "((a?){70}){35}", "a" * 10_000),
    ("empty_groups", "(((){99999}){99999}){99999}", "x"),
    ("empty_choices", "((|){99999}){99999}", "x"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("pattern", "value"), [pytest.param(*case[1:], id=case[0]) for case in PATTERNS])
def test_patterns(small_package: PackageFolder, pattern: str, value: str) -> None:
    """A pattern is refused or run in bounded time and memory, however it is built."""
    add_table(small_package, [text_field("a", pattern=pattern)], f"a\n{value}\n{value[::-1]}\n")
    assert_bounded(small_package)


@pytest.mark.slow
def test_many_patterns(small_package: PackageFolder) -> None:
    """Many greedy patterns together keep to one bound of memory."""
    fields = [text_field(f"c{i}", pattern=f"(.{{0,{40 + i}}}){{45}}") for i in range(12)]
    header = ",".join(field["name"] for field in fields)
    add_table(small_package, fields, f"{header}\n" + ",".join([CJK[:2000]] * 12) + "\n")
    assert_bounded(small_package)


@pytest.mark.slow
def test_every_cell_wrong(small_package: PackageFolder) -> None:
    """A table of 300,000 rows in which every cell is wrong is refused, its findings counted."""
    fields = [{"name": name, "type": "integer"} for name in "abc"]
    add_table(small_package, fields, "a,b,c\n" + "".join(f"x{i},y,{i}.5\n" for i in range(300_000)))
    assert_bounded(small_package)


@pytest.mark.slow
def test_every_key_wrong(small_package: PackageFolder) -> None:
    """A table of 300,000 rows in which every key is wrong is refused, its findings counted."""
    key = {"fields": ["b"], "reference": {"resource": "branches", "fields": ["branch_id"]}}
    add_table(
        small_package,
        [text_field("a"), text_field("b")],
        "a,b\n" + "x,y\n" * 300_000,
        primaryKey=["a"],
        uniqueKeys=[["b"], ["a", "b"]],
        foreignKeys=[key],
    )
    assert_bounded(small_package)


@pytest.mark.slow
def test_fifty_megabytes(small_package: PackageFolder) -> None:
    """A valid file of 50 MB is accepted."""
    rows = "".join(f"{i},some text of a usual length,{i % 7},2010-03-31,x\n" for i in range(1_000_000))
    fields = [{"name": "a", "type": "integer"}, text_field("b"), {"name": "c", "type": "integer"},
              {"name": "d", "type": "date"}, text_field("e")]  # fmt: skip
    add_table(small_package, fields, "a,b,c,d,e\n" + rows, primaryKey=["a"])
    assert (small_package.folder / FILE).stat().st_size > 45_000_000
    assert_bounded(small_package, code=0, memory=2 * GIGABYTE)


@pytest.mark.slow
@pytest.mark.parametrize("quoted", [False, True], ids=["plain", "with_a_quote"])
def test_fifty_megabytes_of_short_rows(small_package: PackageFolder, *, quoted: bool) -> None:
    """Rows of one letter are refused beyond the limit on cells; where it is raised they take less than a gigabyte."""
    add_table(small_package, [text_field("a")], "a\n" + ('"x"\n' if quoted else "") + "x\n" * 25_000_000)
    assert_bounded(small_package)
    assert_bounded(small_package, "--max-cells", "30M", code=0)


@pytest.mark.slow
def test_many_rules(small_package: PackageFolder) -> None:
    """A table of 20,000 rules over 2,000 rows, half of them failing, is evaluated."""
    add_table(small_package, [{"name": "a", "type": "integer"}], "a\n" + "".join(f"{i}\n" for i in range(2_000)))
    rules = "".join(f"rule_{i},cells[a<={i}].a = {i},Rule {i}.\n" for i in range(20_000))
    small_package.write("data/rules.csv", small_package.read("data/rules.csv").decode() + rules)
    small_package.repair()
    assert_bounded(small_package)


@pytest.mark.slow
def test_rule_of_many_instances(small_package: PackageFolder) -> None:
    """A starred rule of 100,000 failing instances is evaluated."""
    add_table(small_package, [text_field("a")], "a\n" + "".join(f"k{i}\n" for i in range(100_000)))
    small_package.spoil("data/rules.csv", ",branches = 3,", ",cells[a=*] = 2,")
    small_package.repair()
    assert_bounded(small_package)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["enum", "categories", "ordered"])
def test_many_codes(small_package: PackageFolder, kind: str) -> None:
    """A list of 30,000 codes over as many rows takes time in proportion, not in the square."""
    codes = [f"c{i}" for i in range(30_000)]
    field = text_field("a", enum=codes) if kind == "enum" else text_field("a") | {"categories": codes}
    if kind == "ordered":
        field["categoriesOrdered"] = True
        small_package.spoil("data/rules.csv", ",branches = 3,", ",cells[a<=c15000] = 15001,")
    add_table(small_package, [field], "a\n" + "\n".join(codes) + "\n")
    small_package.repair()
    assert_bounded(small_package, code=0)


@pytest.mark.slow
def test_many_fields(small_package: PackageFolder) -> None:
    """A schema of 100,000 wrong fields is refused, its findings counted."""
    fields = [{"name": f"c{i}", "type": "int"} for i in range(100_000)]
    add_table(small_package, fields, "a\n")
    assert_bounded(small_package)


@pytest.mark.slow
def test_many_resources(small_package: PackageFolder) -> None:
    """A descriptor of 20,000 resources without files is refused, its findings counted."""
    descriptor = small_package.json()
    descriptor["resources"] += [
        {"name": f"r{i}", "path": f"data/r{i}.csv", "schema": "schemas/branches.json"} for i in range(20_000)
    ]
    small_package.write("datapackage.json", descriptor)
    assert_bounded(small_package)


@pytest.mark.slow
def test_long_keys_are_not_repeated(small_package: PackageFolder) -> None:
    """A key of a megabyte is not printed again with each of a thousand findings of its row."""
    fields = [text_field("key"), *({"name": f"c{i}", "type": "integer"} for i in range(1000))]
    header = ",".join(field["name"] for field in fields)
    add_table(small_package, fields, f"{header}\n{'k' * 1_000_000}{',x' * 1000}\n", primaryKey=["key"])
    assert_bounded(small_package)


@pytest.mark.slow
def test_long_paths_of_rules(small_package: PackageFolder) -> None:
    """A rule whose path follows a foreign key 100,000 times is refused or evaluated."""
    small_package.spoil("data/rules.csv", ",branches = 3,", f",branches[{'parent_id.' * 100_000}name=North] = 3,")
    small_package.repair()
    assert_bounded(small_package)


@pytest.mark.slow
def test_large_descriptor(small_package: PackageFolder) -> None:
    """A descriptor of 20 MB with an error at its end is refused."""
    descriptor = small_package.json()
    descriptor["x"] = [{"y": i} for i in range(1_000_000)]
    descriptor["version"] = 5
    small_package.write("datapackage.json", descriptor)
    assert_bounded(small_package, memory=2 * GIGABYTE)
