"""`check` judges tables in memory and in engines as `validate` judges files, and all of them alike."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import scrdata
from scrdata.frames import engine_keys, engine_totals, engines
from scrdata.frames.queries import NotInEngineError
from tests.conftest import PackageFolder
from tests.engine_frames import KINDS, arrow_table, frames_of
from tests.memory import package, rules

if TYPE_CHECKING:
    from scrdata import Finding, Report

SHIPPED = scrdata.open_package()
LOANS, BRANCHES = "data/loans.csv", "data/branches.csv"

# What is done to a file, and the rule that then does not hold.
PART = "part_does_not_exceed_whole"
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "nothing": (LOANS, "x", "x", ""),
    "a figure that a rule contradicts": (LOANS, "north,adult,30", "north,adult,31", "loans_are_94"),
    "a figure beyond its bounds": (LOANS, "north,adult,30", "north,adult,101", "cell_is_within_bounds"),
    "a figure that is missing": (LOANS, "north,adult,30", "north,adult,", "required_cell_is_present"),
    "a figure that rules can do without": (LOANS, "north,adult,30,400", "north,adult,30,", ""),
    "a code that does not exist": (LOANS, "north,child", "north,teen", "cell_is_a_category"),
    "a code in capitals": (LOANS, "north,child", "north,Child", "cell_is_a_category"),
    "a part of the key that is missing": (LOANS, "quay,child", "quay,", "primary_key_is_present"),
    "a key that stands twice": (LOANS, "north,child", "north,adult", "primary_key_is_unique"),
    "a unique key that stands twice": (LOANS, "south,adult,25,310", "south,adult,30,400", "unique_key_is_unique"),
    "a row that is referred to": (LOANS, "quay,child", "key,child", "foreign_key_exists"),
    "a row of the same table": (BRANCHES, "1962-11-05,north", "1962-11-05,nord", "foreign_key_exists"),
    "a row that is not there": (LOANS, "quay,child,4,20,loans[kind=child].loans\n", "", "loans_are_94"),
    "a text against the pattern": (BRANCHES, "south,South", "south-,South", "cell_matches_pattern"),
    "a text with two spaces": (BRANCHES, "South", "So  uth", "text_is_clean"),
    "a text with a no-break space": (BRANCHES, "South", "So\u00a0uth", "text_is_clean"),
    "a text like a formula": (BRANCHES, "South", "=South", "text_is_clean"),
    "a text that is decomposed": (BRANCHES, "South", "Soüth".replace("ü", "u\u0308"), "text_is_clean"),
    "a text with an umlaut": (BRANCHES, "South", "Süd", ""),
    "a reference that cannot be read": (LOANS, "400,loans.loans", "400,loans.lones", "reference_can_be_read"),
    "a reference to no value": (LOANS, "[branch_id=north]", "[branch_id=nowhere]", "reference_can_be_read"),
    "a part that exceeds its whole": (LOANS, '90,"loans[branch_id=south', '90,"loans[branch_id=quay', PART),
    "a cured discrepancy": (LOANS, "quay,child,4", "quay,child,5", "registered_discrepancy_stands"),
}  # fmt: skip
# One of each kind of query: a query of Spark takes a quarter of a second even over a few rows.
FAULTS_IN_SPARK = (
    *("nothing", "a figure that a rule contradicts", "a figure that is missing", "a key that stands twice"),
    *("a text against the pattern", "a row that is referred to", "a part that exceeds its whole"),
)
DUPLICATES = ("primary_key_is_unique", "unique_key_is_unique", "cell_is_unique")


def spoilt(package: PackageFolder, fault: str) -> PackageFolder:
    """Return a copy of a package with one fault."""
    file, old, new, _ = FAULTS[fault]
    copy = PackageFolder(Path(f"{package.folder}-spoilt"))
    shutil.copytree(package.folder, copy.folder)
    if old != new:
        copy.spoil(file, old, new)
        copy.repair()
    return copy


def essence(findings: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    """Return what findings about a file and about a frame have in common.

    A wrong cell of the key itself is shown in the key of a frame, where nothing else says which row it is.
    """
    parts: list[tuple[object, ...]] = []
    for f in findings:
        key = tuple((name, cell) for name, cell in f.key.items() if name != f.column)
        parts.append((f.rule, f.severity, *(() if f.rule in DUPLICATES else (key, f.column, f.found, f.expected))))
    return sorted(parts, key=str)


def assert_same_verdict(report: Report, strict: Report) -> None:
    """Assert that a frame was judged as the file was: findings, counts, and all that stays open or unchecked."""
    assert essence(report.findings) == essence(strict.findings)
    assert (report.valid, report.errors, report.warnings) == (strict.valid, strict.errors, strict.warnings)
    assert report.checked == {what: number for what, number in strict.checked.items() if what != "hashes"} | {
        "hashes": report.checked["hashes"]
    }
    assert {item.check for item in report.not_checked} == {item.check for item in strict.not_checked}
    assert len(report.open) == len(strict.open)
    assert report.known_discrepancies == strict.known_discrepancies


def judge_by(kind: str, package: PackageFolder, copy: PackageFolder, spark: Any = None) -> Report:  # noqa: ANN401
    """Judge the tables of a copy by the rules of a package, as frames of one library."""
    tables = {name: arrow_table(copy, name) for name in ("branches", "loans")}
    return scrdata.check(frames_of(tables, kind, spark), package)


@pytest.mark.parametrize("fault", FAULTS)
def test_frames_are_judged_as_files(small_package: PackageFolder, fault: str) -> None:
    """Each fault is found in frames of every library as in the file, and the findings of all are equal."""
    copy = spoilt(small_package, fault)
    strict = scrdata.validate(copy)
    reports = {kind: judge_by(kind, small_package, copy) for kind in KINDS}
    rule = FAULTS[fault][3]
    assert rule in ({finding.rule for finding in strict.findings} or {""})
    for report in reports.values():
        assert_same_verdict(report, strict)
    assert [kind for kind in KINDS if reports[kind] != reports["pandas"]] == []


@pytest.mark.slow
def test_spark_finds_what_pandas_finds(small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401
    """The same wrong cell in a Spark DataFrame and in a pandas DataFrame gives the same report."""
    for fault in FAULTS_IN_SPARK:
        copy = spoilt(small_package, fault)
        assert judge_by("spark", small_package, copy, spark) == judge_by("pandas", small_package, copy), fault
        shutil.rmtree(copy.folder)


def test_what_is_not_looked_at_is_listed_by_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns that are not judged wholly are listed in the order of the schema, in every run."""
    monkeypatch.setattr(engines, "JUDGED", 1)
    names = [f"{letter}_column" for letter in "hgfedcba"]
    storage = package({"t": ({"fields": [{"name": name, "type": "string"} for name in names]}, ",".join(names) + "\n")})
    for file, data in storage.files.items():
        (tmp_path / file).write_bytes(data)
    frame = pa.table({name: ["=a", "=b", "=c"] for name in names})
    report = scrdata.check({"t": frame}, tmp_path)
    assert [item.check for item in report.not_checked] == [f"t.{name}" for name in names]


@pytest.mark.parametrize("kind", KINDS)
def test_more_values_than_can_be_looked_at_are_said(
    small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A column with more doubtful values than are judged one by one is listed as not checked; all else is judged."""
    monkeypatch.setattr(engines, "JUDGED", 1)
    copy = PackageFolder(small_package.folder)
    copy.spoil(BRANCHES, "north,North", "north,=North")
    copy.spoil(BRANCHES, "south,South", "south,=South")
    report = judge_by(kind, small_package, copy)
    assert "branches.name" in {item.check for item in report.not_checked}
    assert (report.valid, [finding.rule for finding in report.findings]) == (False, ["text_is_clean"])


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy polars", "pyarrow"])
def test_sums_beyond_64_bits_are_said(tmp_path: Path, kind: str) -> None:
    """A total that may need more than 64 bits is listed as not checked, and not computed wrongly."""
    schema = {"fields": [{"name": "n", "type": "integer"}]}
    rows = {"t": (schema, f"n\n{2**62}\n{2**62}\n"), "rules": rules(f"t.n = {2**63}")}
    for file, data in package(rows).files.items():
        (tmp_path / file).write_bytes(data)
    assert scrdata.validate(tmp_path).valid
    report = scrdata.check(frames_of({"t": pa.table({"n": [2**62, 2**62]})}, kind), tmp_path)
    assert (report.findings, [item.check for item in report.not_checked]) == ((), ["rule_1"])


def test_what_an_engine_refuses_is_not_checked(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Joins and totals that an engine cannot ask for leave checks unmade, with what it said, and no false verdict."""

    def refuse(_: object) -> None:
        raise NotInEngineError("the engine refused a query: not yet implemented")

    monkeypatch.setattr(engine_keys, "first_row", refuse)
    monkeypatch.setattr(engine_totals, "first_row", refuse)
    tables = {name: arrow_table(small_package, name) for name in ("loans", "branches")}
    report = scrdata.check(frames_of(tables, "polars"), small_package)
    assert not report.valid
    assert report.findings == ()
    unmade = {item.check: item.reason for item in report.not_checked}
    assert {"key loans.branch_id,kind", "foreign key loans.branch_id"} <= unmade.keys()
    assert "loans_are_94" in " ".join(unmade)
    assert {str(reason) for reason in unmade.values()} == {"the engine refused a query: not yet implemented"}


def test_an_engine_that_cannot_read_a_table_says_so(small_package: PackageFolder) -> None:
    """A relation whose query fails ends with an error of this package, which says what DuckDB said."""
    duckdb = pytest.importorskip("duckdb")
    branches = duckdb.from_arrow(arrow_table(small_package, "branches"))
    broken = branches.project("* replace (error('out of order')::varchar as name)")
    with pytest.raises(NotInEngineError, match=r"DuckDB refused a query.*out of order"):
        scrdata.check({"branches": broken}, small_package)
