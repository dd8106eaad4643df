"""One tiny valid package, and the means to spoil it: what every test of the validator starts from."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import scrdata.cli
from scrdata.catalogue import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Callable

PROFILES = "https://datapackage.org/profiles/2.0/"
CHECKOUT = Path(__file__).parent.parent
BRANCHES = """\
branch_id,name,opened,parent_id
north,North,1950-03-31,
south,South,1962-11-05,north
quay,"Quay, Old",,south
"""
LOANS = """\
branch_id,kind,loans,visits,population
north,adult,30,400,loans.loans
north,child,12,,"loans[branch_id=north].loans"
south,adult,25,310,loans.loans
south,child,15,90,"loans[branch_id=south].loans"
quay,adult,8,75,loans[kind=adult].loans
quay,child,4,20,loans[kind=child].loans
"""
RULES = """\
rule_id,equation,statement
branches_are_three,branches = 3,There are three branches.
loans_are_94,loans.loans = 94,All loans add up to 94.
adult_loans_are_63,loans[kind=adult].loans = 63,Adults borrowed 63 items.
adults_borrow_more,"loans[branch_id=*,kind=child].loans <= loans[branch_id=*,kind=adult].loans",Adults borrow more.
branches_have_both_kinds,loans[branch_id=*] = 2 * branches[branch_id=*],Each branch has two rows.
loans_match_leaflet,loans.loans = 95,The leaflet gives the number of loans.
visits_are_950,loans.visits = 950,All visits add up to 950.
"""
DISCREPANCIES = """\
discrepancy_id,check_id,instance,left_value,right_value,explanation
leaflet,loans_match_leaflet,,94,95,The leaflet counts one loan twice.
wording,,,loans,items,The leaflet says items.
"""


def _texts(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "type": "string"} for name in names]


def _table(name: str, schema: str | dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": "table", "path": f"data/{name}.csv", "bytes": 0, "hash": "", "scrdata:rows": 0,
            "schema": schema}  # fmt: skip


def small_files() -> dict[str, Any]:
    """Return the files of the small package, by path: text, or the value of a JSON file."""
    branches = {
        "$schema": PROFILES + "tableschema.json",
        "fields": [
            {"name": "branch_id", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
            {"name": "name", "type": "string", "constraints": {"required": True, "minLength": 1}},
            {"name": "opened", "type": "date"},
            {"name": "parent_id", "type": "string"},
        ],
        "primaryKey": ["branch_id"],
        "foreignKeys": [{"fields": ["parent_id"], "reference": {"resource": "", "fields": ["branch_id"]}}],
        "scrdata:text": "clean",
    }
    kinds = [{"value": "child", "label": "Child"}, {"value": "adult", "label": "Adult"}]
    loans = {
        "$schema": PROFILES + "tableschema.json",
        "fields": [
            {"name": "branch_id", "type": "string", "constraints": {"required": True}},
            {"name": "kind", "type": "string", "categories": kinds, "categoriesOrdered": True},
            {"name": "loans", "type": "integer", "constraints": {"required": True, "minimum": 0, "maximum": 100}},
            {"name": "visits", "type": "integer"},
            {"name": "population", "type": "string", "scrdata:reference": True, "scrdata:wholeOf": "loans"},
        ],
        "missingValues": [""],
        "primaryKey": ["branch_id", "kind"],
        "uniqueKeys": [["loans", "visits"]],
        "foreignKeys": [{"fields": ["branch_id"], "reference": {"resource": "branches", "fields": ["branch_id"]}}],
        "scrdata:text": "clean",
    }
    rules = {"fields": _texts("rule_id", "equation", "statement"), "primaryKey": ["rule_id"]}
    register = ("discrepancy_id", "check_id", "instance", "left_value", "right_value", "explanation")
    resources = [
        _table("branches", "schemas/branches.json"),
        _table("loans", "schemas/loans.json"),
        _table("rules", rules),
        _table("discrepancies", {"fields": _texts(*register)}),
    ]
    descriptor = {
        "$schema": PROFILES + "datapackage.json",
        "name": "small",
        "version": "1.0.0",
        "licenses": [{"name": "CC0-1.0"}],
        "resources": resources,
        "scrdata:rules": "rules",
        "scrdata:discrepancies": "discrepancies",
    }
    return {
        "datapackage.json": descriptor,
        "schemas/branches.json": branches,
        "schemas/loans.json": loans,
        "data/branches.csv": BRANCHES,
        "data/loans.csv": LOANS,
        "data/rules.csv": RULES,
        "data/discrepancies.csv": DISCREPANCIES,
    }


def as_json(value: object) -> str:
    """Return a JSON text with one property on each line."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def value_at(value: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """Return the part of a JSON value at a path of keys and positions."""
    for part in path:
        value = value[part]
    return value


def line_of(value: object, path: tuple[str | int, ...]) -> int:
    """Return the line of the part at `path` in `as_json(value)`."""
    if not path:
        return 1
    marked = copy.deepcopy(value)
    value_at(marked, path[:-1])[path[-1]] = "here it stands"
    return as_json(marked).split("here it stands", 1)[0].count("\n") + 1


@dataclass(frozen=True)
class Verdict:
    """What `scrdata validate` answered: exit code, JSON report, text report, standard error."""

    code: int
    report: dict[str, Any]
    text: str
    errors: str

    @property
    def places(self) -> list[tuple[str, str | None, int | None]]:
        """Rule, file and line of every error, in the order of the report."""
        return [(f["rule"], f["file"], f["line"]) for f in self.report["findings"] if f["severity"] == "error"]


def call(*arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process; return exit code, standard output and standard error."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = scrdata.cli.main(arguments)
    return code, out.getvalue(), errors.getvalue()


def judge(location: Path | str) -> Verdict:
    """Run `scrdata validate` with both report formats; hold what is true of every report."""
    code, out, errors = call("validate", "--format", "json", str(location))
    assert "Traceback" not in errors, errors
    report = json.loads(out)
    text_code, text, text_errors = call("validate", str(location))
    assert text_code == code, (text_code, code, text_errors)
    assert report["valid"] is (code == 0), report
    assert_rules_are_known(location, report)
    for line in (text + text_errors).splitlines():
        assert line.isprintable(), f"a character that is not printable in the report: {line!r}"
    return Verdict(code, report, text, errors)


def assert_rules_are_known(location: Path | str, report: dict[str, Any]) -> None:
    """Assert that each finding names a check of the catalogue, or one that the package declares."""
    others = {finding["rule"] for finding in report["findings"]} - SENTENCES.keys()
    if others:
        assert others <= scrdata.open_package(location).outline().checks.keys(), others


@dataclass(frozen=True)
class PackageFolder:
    """A package in a folder, to be spoilt."""

    folder: Path

    def __fspath__(self) -> str:
        return str(self.folder)

    def read(self, file: str) -> bytes:
        """Return the bytes of a file."""
        return (self.folder / file).read_bytes()

    def copy(self, folder: Path) -> PackageFolder:
        """Return a copy of the package as it is now, in another folder."""
        return PackageFolder(Path(shutil.copytree(self.folder, folder)))

    def write(self, file: str, content: bytes | str | dict[str, Any]) -> None:
        """Write a file; a dictionary is written as JSON."""
        place = self.folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        text = as_json(content) if isinstance(content, dict) else content
        place.write_bytes(text.encode() if isinstance(text, str) else text)

    def spoil(self, file: str, old: str | bytes, new: str | bytes) -> None:
        """Replace the only occurrence of `old` in a file; checksums are not touched."""
        before, after = (part.encode() if isinstance(part, str) else part for part in (old, new))
        data = self.read(file)
        assert data.count(before) == 1, f"{old!r} stands {data.count(before)} times in {file}"
        self.write(file, data.replace(before, after))

    def json(self, file: str = "datapackage.json") -> dict[str, Any]:
        """Return the value of a JSON file."""
        value: dict[str, Any] = json.loads(self.read(file))
        return value

    def edit(self, file: str, *path: str | int, to: object) -> int:
        """Set or add one value of a JSON file, which is written anew; return the line where it stands."""
        document = self.json(file)
        parent = value_at(document, path[:-1])
        if isinstance(parent, list) and path[-1] == len(parent):
            parent.append(to)
        else:
            parent[path[-1]] = to
        self.write(file, document)
        return line_of(document, path)

    def line(self, file: str, *path: str | int) -> int:
        """Return the line of a value of a JSON file that `edit` or `write` wrote."""
        return line_of(self.json(file), path)

    def remove(self, file: str, *path: str | int) -> int:
        """Remove one value of a JSON file, which is written anew; return the line of what held it."""
        document = self.json(file)
        del value_at(document, path[:-1])[path[-1]]
        self.write(file, document)
        return line_of(document, path[:-1])

    def judge(self) -> Verdict:
        """Run `scrdata validate` on the folder."""
        return judge(self.folder)

    def assert_rejected(self, rule: str, file: str | None, line: int | None = None) -> None:
        """Assert exit code 1 and an error of that rule at that file and line (any line for `None`)."""
        verdict = self.judge()
        assert verdict.code == 1, (verdict.code, verdict.text)
        found = [place for place in verdict.places if place[:2] == (rule, file) and line in (None, place[2])]
        others = [item["check"] for item in verdict.report["not_checked"]]
        assert found, f"wanted {rule} at {file}, line {line}; found {verdict.places[:6]}, not checked {others[:3]}"

    def assert_accepted(self) -> None:
        """Assert exit code 0 and no finding at all, not even a warning."""
        verdict = self.judge()
        assert verdict.code == 0, verdict.text
        assert verdict.report["findings"] == [], verdict.text

    def repair(self) -> None:
        """Make the bytes, hash and `scrdata:rows` of every resource true again, where it states them."""
        descriptor = self.json()
        for resource in descriptor["resources"]:
            data = self.read(resource["path"])
            rows = data.count(b"\n") - 1 + (not data.endswith(b"\n"))
            truth = {"bytes": len(data), "hash": "sha256:" + hashlib.sha256(data).hexdigest(), "scrdata:rows": rows}
            resource.update({name: value for name, value in truth.items() if name in resource})
        self.write("datapackage.json", descriptor)

    def add_column(self, field: dict[str, Any], *cells: str, **schema: object) -> int:
        """Add a table `cells` with a column `row` and one more; return the position of its resource."""
        fields = [{"name": "row", "type": "integer"}, {"name": "cell", **field}]
        rows = [f"{row},{quoted(cell)}\n" for row, cell in enumerate(cells, 1)]
        resource = {"name": "cells", "type": "table", "path": "data/cells.csv", "schema": {"fields": fields, **schema}}
        self.write("data/cells.csv", "".join(["row,cell\n", *rows]))
        position = len(self.json()["resources"])
        self.edit("datapackage.json", "resources", position, to=resource)
        return position


def quoted(cell: str) -> str:
    """Return a cell as RFC 4180 writes it."""
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n\r') else cell


@pytest.fixture(name="judge")
def _judge() -> Callable[[Path | str], Verdict]:
    """Return the function that validates any location through the command line."""
    return judge


@pytest.fixture(scope="session")
def small_bytes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of the small package with true checksums."""
    package = PackageFolder(tmp_path_factory.mktemp("first") / "small")
    files = small_files()
    for file, content in files.items():
        package.write(file, content)
    package.repair()
    return {file: package.read(file) for file in files}


@pytest.fixture
def small_package(tmp_path: Path, small_bytes: dict[str, bytes]) -> PackageFolder:
    """Return a valid package of four small tables, with keys, rules, an open check and a discrepancy."""
    package = PackageFolder(tmp_path / "small")
    for file, content in small_bytes.items():
        package.write(file, content)
    return package


@pytest.fixture
def shipped_copy(tmp_path: Path) -> PackageFolder:
    """Return a copy of the shipped package."""
    package = PackageFolder(tmp_path / "shipped")
    package.folder.mkdir()
    shutil.copy(CHECKOUT / "datapackage.json", package.folder)
    for name in ("data", "schemas"):
        shutil.copytree(CHECKOUT / name, package.folder / name)
    return package
