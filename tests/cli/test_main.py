"""What holds for every command: exit codes, help, JSON, and what reaches a terminal or a broken pipe."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata import cli
from scrdata.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

SOURCE = Path(scrdata.__file__).parent
ON_LOANS = {
    **dict.fromkeys(("validate", "tables", "suspects", "coverage", "suggest"), ()),
    **dict.fromkeys(("total", "trace", "bounds", "cite"), ("loans.loans",)),
    "show": ("loans",),
    "export": ("loans", "--format", "json"),
    "build": ("out",),
}
# `proofread` is about one report, `init` makes a package, and `diff` takes two; their own tests run them.
COMMANDS = sorted(cli.COMMANDS.keys() - {"proofread", "init", "diff"})
# These take the package as their argument, the others as an option.
TAKES_PACKAGE = ("validate", "tables", "suspects", "coverage", "suggest")


@pytest.fixture
def place(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> PackageFolder:
    """Return the small package, with its folder as the current one."""
    monkeypatch.chdir(small_package.folder)
    return small_package


def start(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own, with buffered output as a terminal's user has it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "scrdata", *arguments]
    return subprocess.run(command, env=environment, encoding="utf-8", check=False, **settings)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("command", COMMANDS)
def test_valid_package_exits_with_0(run: Run, place: PackageFolder, command: str) -> None:
    """Every command ends with 0 on a valid package, with an answer and no complaint."""
    assert place.folder == Path.cwd()
    code, out, errors = run(command, *ON_LOANS[command])
    assert (code, errors) == (0, "")
    assert out.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_invalid_package_exits_with_1(run: Run, place: PackageFolder, command: str) -> None:
    """Every command ends with 1 when the table that it needs is wrong, and names file and line."""
    place.spoil("data/loans.csv", "north,adult,30", "north,adult,x")
    place.repair()
    code, out, errors = run(command, *ON_LOANS[command])
    assert code == 1
    assert "data/loans.csv, line 2" in out + errors


@pytest.mark.parametrize("command", COMMANDS)
def test_missing_package_exits_with_2(run: Run, tmp_path: Path, command: str) -> None:
    """Every command ends with 2 where there is no package, and names the place."""
    option = () if command in TAKES_PACKAGE else ("--package",)
    code, out, errors = run(command, *ON_LOANS[command], *option, tmp_path / "nowhere")
    assert (code, out) == (2, "")
    assert errors.startswith(f"scrdata {command}: ")
    assert "nowhere" in errors


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("",),
        ("--nonsense",),
        ("validate", "--nonsense"),
        ("validate", "--format", "xml"),
        ("validate", "one", "two"),
        ("tables", "--format", "csv"),
        ("show",),
        ("show", "loan"),
        ("total",),
        ("total", "loans["),
        ("total", "loan"),
        ("total", "loans", "--package"),
    ],
    ids=" ".join,
)
def test_misuse_exits_with_2(run: Run, place: PackageFolder, arguments: tuple[str, ...]) -> None:
    """A command line that means nothing ends with 2 and an explanation."""
    assert place.folder == Path.cwd()
    code, out, errors = run(*arguments)
    assert code == 2
    assert out + errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", COMMANDS)
def test_bug_of_ours_exits_with_3(
    run: Run, place: PackageFolder, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """An exception that nobody foresaw ends with 3, says that it is a bug, and prints no verdict."""

    def stumble(_: Package, *__: object, **___: object) -> None:
        raise RuntimeError("unforeseen")

    assert place.folder == Path.cwd()
    methods = ("validate", "tables", "table", "total", "trace", "suspects", "bounds", "cite", "coverage", "suggest")
    for method in (*methods, "export_bytes", "build_release"):
        monkeypatch.setattr(Package, method, stumble)
    code, out, errors = run(command, *ON_LOANS[command])
    assert (code, out) == (3, "")
    last = "RuntimeError: unforeseen\nscrdata: this is a bug in scrdata, not a finding about the package\n"
    assert errors.endswith(last)


def test_interrupted_command_gives_no_verdict(run: Run, place: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that the user stops ends with 2 and without a traceback."""

    def interrupt(_: Package, **__: object) -> None:
        raise KeyboardInterrupt

    assert place.folder == Path.cwd()
    monkeypatch.setattr(Package, "validate", interrupt)
    assert run("validate") == (2, "", "")


def test_each_command_is_one_module() -> None:
    """The commands are exactly the modules of `cli` that have a `run`, and the usage explains each in one line."""
    modules = [path.stem for path in sorted((SOURCE / "cli").glob("*.py")) if path.stem != "__init__"]
    runnable = [name for name in modules if hasattr(importlib.import_module(f"scrdata.cli.{name}"), "run")]
    assert runnable == sorted(cli.COMMANDS)
    for name, words in cli.COMMANDS.items():
        assert f"  {name:<11}{words}\n" in cli.usage() + "\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_the_program(run: Run, option: str) -> None:
    """`scrdata --help` prints the usage; without a command the same is misuse."""
    assert run(option) == (0, cli.usage() + "\n", "")
    assert run() == (2, cli.usage() + "\n", "")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_every_command(run: Run, command: str, option: str) -> None:
    """`--help` of a command ends with 0 and explains how the package is given and each format."""
    code, out, errors = run(command, option)
    assert (code, errors) == (0, "")
    assert out.startswith(f"usage: scrdata {command} ")
    for part in ("--format {", "json", "PACKAGE", "datapackage.json or a .zip"):
        assert part in out
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("given", "near"), [("validat", "validate"), ("valid", "validate"), ("table", "tables"), ("totals", "total")]
)
def test_unknown_command_names_the_nearest(run: Run, given: str, near: str) -> None:
    """A command that is nearly one gets the right one suggested."""
    code, out, errors = run(given)
    assert (code, out) == (2, "")
    assert errors.startswith(f"scrdata: there is no command '{given}'; did you mean '{near}'?\n")


def test_unknown_command_without_a_near_one(run: Run) -> None:
    """A command that is like none gets the list of all, and no suggestion."""
    code, _, errors = run("xyz")
    assert code == 2
    assert "did you mean" not in errors
    assert cli.usage() in errors


def test_version(run: Run) -> None:
    """`scrdata --version` prints the version of the library."""
    assert run("--version") == (0, f"scrdata {scrdata.__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_json_is_one_object(run: Run, place: PackageFolder, command: str) -> None:
    """`--format json` prints one JSON text in ASCII, whatever the package is called."""
    moved = place.folder.rename(place.folder.parent / "père \x7f")
    option = () if command in TAKES_PACKAGE else ("--package",)
    code, out, _ = run(command, *ON_LOANS[command], *option, moved, "--format", "json")
    assert code == 0
    assert all(character == "\n" or " " <= character <= "~" for character in out)
    assert json.loads(out)


HOSTILE = "\x1b[31m\u202e\x07\u200b"


@pytest.fixture
def hostile(small_package: PackageFolder) -> PackageFolder:
    """Return a package with control and bidirectional characters wherever it can have text."""
    small_package.spoil("datapackage.json", '"1.0.0"', json.dumps(f"1{HOSTILE}"))
    small_package.edit("datapackage.json", "resources", 0, "title", to=f"Branches{HOSTILE}")
    small_package.add_column({"type": "string"}, f"a{HOSTILE}", f"b{HOSTILE}", primaryKey=["cell"])
    equation = '"cells[cell=*] = 2 * cells[cell=*]"'
    rules = small_package.read("data/rules.csv").decode()
    rules += f"odd{HOSTILE},{equation},Odd{HOSTILE}\nopen{HOSTILE},loans.visits = 1,\n"
    small_package.write("data/rules.csv", rules)
    small_package.repair()
    small_package.folder.rename(small_package.folder.parent / f"small{HOSTILE}")
    return type(small_package)(small_package.folder.parent / f"small{HOSTILE}")


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        (1, ("validate", "{}")),
        (1, ("validate", "{}", "--format", "json")),
        (2, ("validate", "{}/nowhere")),
        (2, ("validate", "{}", "more{}")),
        (2, ("validate", "{}", "--format", "{}")),
        (0, ("tables", "{}")),
        (0, ("tables", "{}", "--format", "json")),
        (0, ("show", "cells", "--package", "{}")),
        (0, ("show", "cells", "--package", "{}", "--format", "json")),
        (2, ("show", "cell{}", "--package", "{}")),
        (0, ("total", "cells[cell=*]", "--package", "{}")),
        (0, ("total", "cells[cell=*]", "--package", "{}", "--format", "json")),
        (2, ("total", 'branches[branch_id="{}"]', "--package", "{}")),
        (2, ("total", "cells[{}]", "--package", "{}")),
        (0, ("tables", "{}", "--format", "markdown")),
        (0, ("cite", "--package", "{}")),
        (0, ("cite", "cells", "--package", "{}")),
        (0, ("cite", "--package", "{}", "--format", "bibtex")),
        (0, ("cite", "--package", "{}", "--format", "cff")),
        (2, ("validate{}",)),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else str(part),
)
def test_control_characters_are_escaped(
    run: Run, hostile: PackageFolder, expected: int, arguments: tuple[str, ...]
) -> None:
    """Nothing that a package or a command line says reaches the terminal as a control character."""
    code, out, errors = run(*(argument.format(hostile.folder) for argument in arguments))
    assert code == expected
    assert out + errors
    lines = (out + errors).replace("\t", " ").split("\n")
    assert [line for line in lines if not line.isprintable()] == []


@pytest.mark.skipif(os.name != "posix", reason="pipes end differently on Windows")
@pytest.mark.parametrize(
    "arguments",
    [
        *(("show", "reviews", "--format", "json"), ("tables",), ("total", "reviews"), ("validate",)),
        *(("--help",), ("--version",), ("validate", "--help")),
    ],
    ids=" ".join,
)
def test_broken_pipe_is_no_error(arguments: tuple[str, ...]) -> None:
    """A reader that goes away, as `head` does, is no error: the command ends with 0 and without a word."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = start(*arguments, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="pipes end differently on Windows")
@pytest.mark.parametrize("form", ["text", "json"])
def test_broken_pipe_keeps_the_verdict(small_package: PackageFolder, form: str) -> None:
    """An invalid package stays invalid when nobody reads the report to its end."""
    small_package.add_column({"type": "integer"}, *["x"] * 1_000)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        arguments = ("validate", str(small_package.folder), "--format", form)
        done = start(*arguments, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("number", [30, 31], ids=["valid", "invalid"])
def test_closed_output_leaves_the_verdict(place: PackageFolder, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Who closes the standard output, to have the exit code alone, gets the right one."""
    place.spoil("data/loans.csv", "north,adult,30", f"north,adult,{number}")
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["validate"]) == number - 30


def test_output_in_a_narrow_encoding(small_package: PackageFolder) -> None:
    """A terminal that cannot show a character gets it escaped, and the command its usual exit code."""
    small_package.edit("datapackage.json", "resources", 0, "title", to="Bücher – 本")
    done = start("tables", str(small_package.folder), capture_output=True)
    assert "Bücher – 本" in done.stdout
    narrow = [sys.executable, "-X", "utf8=0", "-m", "scrdata", "tables", str(small_package.folder)]
    settings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    again = subprocess.run(narrow, capture_output=True, env=settings, encoding="ascii", check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert "B\\xfccher \\u2013 \\u672c" in again.stdout


def test_module_is_the_command(place: PackageFolder) -> None:
    """`python -m scrdata` does what the command `scrdata` does, and ends with its exit code."""
    done = start("total", "loans.loans", cwd=place.folder, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "94\n", "")
    assert start("total", "loan", cwd=place.folder, capture_output=True).returncode == 2
