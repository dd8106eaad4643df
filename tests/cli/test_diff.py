"""`scrdata diff`: what it says in each format, what its exit codes mean, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.cli.diff_rows import inert

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

TEXT = """\
the package: 1 change
  patch: metadata changed: title: nothing -> 'Loans'

branches: 3 changes
  major: row removed: branch_id=quay: name=Quay, Old, parent_id=south
  patch: metadata changed: title: nothing -> 'Branches'
  patch: text changed: name of branch_id=south: 'South' -> 'South Side'

loans: 1 change
  minor: value changed: loans of branch_id=quay, kind=child: 4 -> 5
    adults_borrow_more[branch_id=quay]: 5 <= 8; loans_are_94: 5 + 90 = 94, which does not hold; and 1 more

old: {old} 1.0.0
new: {new} 1.0.0
DIFFERENT: 5 changes (1 major, 1 minor, 3 patch) in 2 tables; major since 1.0.0: calls for 2.0.0, 1.0.0 is too small
"""
FORMATS = ("text", "json", "html", "csv")


@pytest.fixture
def later(small_package: PackageFolder, tmp_path: Path) -> PackageFolder:
    """Return a copy of the small package in which five things are otherwise."""
    later = small_package.copy(tmp_path / "later")
    later.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
    later.spoil("data/branches.csv", "south,South,", "south,South Side,")
    later.spoil("data/branches.csv", 'quay,"Quay, Old",,south\n', "")
    later.edit("datapackage.json", "title", to="Loans")
    later.edit("datapackage.json", "resources", 0, "title", to="Branches")
    later.repair()
    return later


def test_text(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """A person is told table by table what changed, the gravest first, and what it amounts to."""
    code, out, errors = run("diff", small_package.folder, later.folder)
    assert (code, errors) == (1, "")
    assert out == TEXT.format(old=small_package.folder, new=later.folder)


def test_text_is_cut(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """Of a long list the first changes are shown, and how many more there are of each level."""
    for package, cells in ((small_package, range(30)), (later, range(1, 31))):
        package.add_column({"type": "integer"}, *map(str, cells), primaryKey=["row"])
    code, out, _ = run("diff", small_package.folder, later.folder)
    assert code == 1
    assert out.count("value changed: cell of row=") == 20
    assert "\n  … and 10 more (10 minor); --format json lists all\n" in out


@pytest.mark.parametrize("form", FORMATS)
def test_same(run: Run, small_package: PackageFolder, form: str) -> None:
    """The same package twice ends with 0, whatever the format; its number is large enough."""
    code, out, errors = run("diff", small_package.folder, small_package.folder, "--format", form)
    assert (code, errors) == (0, "")
    assert out
    code, out, _ = run("diff", small_package.folder, small_package.folder)
    assert out.endswith("\nthe same; 1.0.0 after 1.0.0 is large enough\n")


@pytest.mark.parametrize("form", FORMATS)
def test_same_bytes_each_time(run: Run, small_package: PackageFolder, later: PackageFolder, form: str) -> None:
    """The same packages give the same bytes, on standard output and in a file."""
    code, out, _ = run("diff", small_package.folder, later.folder, "--format", form)
    assert run("diff", small_package.folder, later.folder, "--format", form) == (code, out, "")
    file = later.folder / "difference"
    assert run("diff", small_package.folder, later.folder, "--format", form, "--output", file) == (code, "", "")
    assert file.read_bytes().decode() == out


def test_json(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """JSON is the difference as Python has it, in ASCII."""
    code, out, errors = run("diff", small_package.folder, later.folder, "--format", "json")
    assert (code, errors) == (1, "")
    assert json.loads(out) == scrdata.diff(small_package, later).to_dict()
    assert out.isascii()


def test_csv(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """CSV has one row for each change, keys and whole rows as JSON, values as they are."""
    code, out, errors = run("diff", small_package.folder, later.folder, "--format", "csv")
    assert (code, errors) == (1, "")
    rows = list(csv.DictReader(out.splitlines()))
    kinds = ["metadata_changed", "metadata_changed", "row_removed", "text_changed", "value_changed"]
    assert [row["kind"] for row in rows] == kinds
    removed, number = rows[2], rows[4]
    assert json.loads(removed["old"])["name"] == "Quay, Old"
    assert (removed["new"], removed["level"]) == ("", "major")
    assert (number["table"], number["column"], number["row"]) == ("loans", "loans", "6")
    assert (number["old"], number["new"]) == ("4", "5")
    assert json.loads(number["key"]) == {"branch_id": "quay", "kind": "child"}
    assert number["explanation"].startswith("adults_borrow_more")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        *[("north", "north"), (5, "5"), (-5, "-5"), ("-5.5", "-5.5"), ("1e-7", "1e-7"), (True, "true"), (None, "")],
        *[("", '""'), ("=1+1", '"=1+1"'), ("+a", '"+a"'), ("-a", '"-a"'), ("@a", '"@a"'), ("'a", '"\'a"')],
        *[('"a', '"\\"a"'), ("\ta", '"\\ta"'), ("a\rb", '"a\\rb"'), ("-5+1", '"-5+1"')],
    ],
)
def test_cells_of_the_csv_are_inert(value: object, cell: str) -> None:
    """Text that a spreadsheet would calculate is a JSON string; numbers are numbers, and missing is not empty."""
    assert inert(value) == cell


class Page(HTMLParser):
    """Collects the elements of a page and checks that each that was opened is closed."""

    VOID = ("meta",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


def test_page(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """The page is whole, in English, with a heading and a caption for each table, and scopes for its heads."""
    code, out, errors = run("diff", small_package.folder, later.folder, "--format", "html")
    assert (code, errors) == (1, "")
    page = Page(out)
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("title")) == 1
    assert len(page.all("h2")) == len(page.all("table")) == len(page.all("caption")) == 3
    assert {attributes["scope"] for attributes in page.all("th")} == {"col", "row"}
    names = [attributes["id"] for attributes in page.all("h2")]
    assert [attributes["aria-labelledby"] for attributes in page.all("section")] == names
    assert "prefers-color-scheme: dark" in out
    assert "width=device-width" in out


def test_page_needs_nothing(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """The page has no script, no link and no address, and forbids itself to load any."""
    _, out, _ = run("diff", small_package.folder, later.folder, "--format", "html")
    page = Page(out)
    assert {"script", "link", "img", "iframe", "a"} & {tag for tag, _ in page.elements} == set()
    assert re.findall(r"https?:|url\(|@import", out) == []
    assert {
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; style-src 'unsafe-inline'",
    } in page.all("meta")


def test_page_escapes(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """What a package says is text on the page, never an element of it."""
    words = '<script>alert("&")</script>'
    later.edit("datapackage.json", "title", to=words)
    _, out, _ = run("diff", small_package.folder, later.folder, "--format", "html")
    page = Page(out)
    assert page.all("script") == []
    assert f"'{words}'" in page.texts


HOSTILE = "\x1b[31m\u202e\x07\u200b"


@pytest.mark.parametrize("form", FORMATS)
def test_control_characters(run: Run, small_package: PackageFolder, later: PackageFolder, form: str) -> None:
    """Nothing that a package says reaches the terminal as a control character, in whatever part of it."""
    later.add_column({"type": "string"}, f"a{HOSTILE}", f"b{HOSTILE}", primaryKey=["row"])
    small_package.add_column({"type": "string"}, "a", primaryKey=["row"])
    later.edit("datapackage.json", "title", to=f"Loans{HOSTILE}")
    later.edit("datapackage.json", "version", to=f"1{HOSTILE}")
    later.edit("datapackage.json", f"odd{HOSTILE}", to="a")
    code, out, errors = run("diff", small_package.folder, later.folder, "--format", form, "--check-version")
    assert code == 1
    assert [line for line in (out + errors).split("\n") if not line.isprintable()] == []


@pytest.mark.parametrize(("version", "code"), [("1.0.0", 1), ("1.9.9", 1), ("2.0.0", 0), ("3.1.4", 0), ("2", 1)])
def test_check_version(run: Run, small_package: PackageFolder, later: PackageFolder, version: str, code: int) -> None:
    """With `--check-version` the exit code speaks of the number alone, and a sentence says what is wrong with it."""
    later.edit("datapackage.json", "version", to=version)
    got, out, errors = run("diff", small_package.folder, later.folder, "--check-version")
    assert got == code
    assert "DIFFERENT: 5 changes" in out
    assert bool(errors) is bool(code)
    if version == "1.9.9":
        assert errors == (
            "scrdata diff: the version 1.9.9 is too small: the changes are major since 1.0.0, "
            "so that it must be 2.0.0 or larger\n"
        )


def test_versions_that_are_none(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """A version that is no semantic one is said to be so, and none is called for."""
    small_package.edit("datapackage.json", "version", to="1.0")
    code, out, _ = run("diff", small_package.folder, later.folder)
    assert code == 1
    assert out.endswith("; '1.0', the version of the earlier package, is no semantic version, such as 1.0.0\n")


@pytest.mark.parametrize("position", [0, 1], ids=["old", "new"])
def test_what_cannot_be_compared_exits_with_2(
    run: Run, small_package: PackageFolder, later: PackageFolder, position: int
) -> None:
    """A package that is not there, or whose tables do not fit its descriptor, ends with 2: 1 means "different"."""
    pair = [small_package.folder, later.folder]
    pair[position].joinpath("data/loans.csv").write_text("branch_id\nnorth\n", encoding="utf-8")
    code, out, errors = run("diff", *pair)
    assert (code, out) == (2, "")
    assert errors.startswith("scrdata diff: the table 'loans' cannot be used. data")
    pair[position] = later.folder / "nowhere"
    code, out, errors = run("diff", *pair)
    assert (code, out) == (2, "")
    assert "nowhere" in errors


def test_invalid_packages_are_compared(run: Run, small_package: PackageFolder, later: PackageFolder) -> None:
    """A package in which rules fail is compared all the same."""
    assert not scrdata.validate(later).valid
    assert run("diff", later.folder, small_package.folder)[0] == 1


@pytest.mark.parametrize(
    "arguments", [(), ("one",), ("a", "b", "c"), ("a", "b", "--format", "xml"), ("a", "b", "--output")]
)
def test_misuse(run: Run, arguments: tuple[str, ...]) -> None:
    """A command line that means nothing ends with 2 and an explanation."""
    code, out, errors = run("diff", *arguments)
    assert (code, out) == (2, "")
    assert errors.startswith("usage: scrdata diff ")


def test_output_that_cannot_be_written(run: Run, small_package: PackageFolder) -> None:
    """A file that cannot be written ends with 2, and nothing is left behind."""
    file = small_package.folder / "no" / "folder"
    code, out, errors = run("diff", small_package.folder, small_package.folder, "--output", file)
    assert (code, out) == (2, "")
    assert errors == f"scrdata diff: {file} cannot be written: No such file or directory\n"


def test_help(run: Run) -> None:
    """The help explains both packages, the formats and the exit codes."""
    code, out, errors = run("diff", "--help")
    assert (code, errors) == (0, "")
    for part in ("OLD", "NEW", "--format {text,json,html,csv}", "--check-version", "2 one of them cannot be opened"):
        assert part in " ".join(out.split())


def test_bug_of_ours_exits_with_3(run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody foresaw ends with 3, and prints no verdict."""

    def stumble(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(scrdata.Package, "diff", stumble)
    code, out, errors = run("diff", small_package.folder, small_package.folder)
    assert (code, out) == (3, "")
    assert "this is a bug in scrdata" in errors


def test_archive(run: Run, small_package: PackageFolder, later: PackageFolder, tmp_path: Path) -> None:
    """A package in an archive is compared as one in a folder."""
    archive = shutil.make_archive(str(tmp_path / "later"), "zip", later.folder)
    _, out, _ = run("diff", small_package.folder, later.folder)
    assert run("diff", small_package.folder, archive)[1] == out.replace(str(later.folder), archive)
