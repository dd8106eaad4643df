"""`scrdata validate`: what the text report and the JSON report say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import scrdata
from scrdata import crosscheck, findings, validation
from scrdata.cli.text import LISTED_OPEN
from scrdata.descriptor import read_descriptor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]


def test_valid_package_in_text(run: Run, small_package: PackageFolder) -> None:
    """A valid package gets its registered discrepancies, its open checks, its name and one line that sums up."""
    checked = scrdata.validate(small_package).checked
    numbers = f"{checked['rows']} rows, {checked['cells']} cells, 7 rules ({checked['equations']} equations)"
    text = (
        "registered discrepancy: loans_match_leaflet: 94 against 95\n"
        "open: visits_are_950: a cell is missing in loans.visits\n"
        f"package: {small_package.folder} 1.0.0\n"
        f"valid: 4 tables, {numbers}; 1 registered discrepancy, 1 open check\n"
    )
    assert run("validate", small_package.folder) == (0, text, "")


def test_failing_rule_in_text(run: Run, small_package: PackageFolder) -> None:
    """A rule that fails is reported at its cell with its statement, the equation in numbers, and its own id."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    small_package.repair()
    code, out, errors = run("validate", small_package.folder)
    assert (code, errors) == (1, "")
    assert (
        "error: data/loans.csv, line 7, column loans (branch_id=quay, kind=child)\n"
        "  Adults borrow more. It does not hold: loans[branch_id=quay,kind=child].loans <= "
        "loans[branch_id=quay,kind=adult].loans reads 9 <= 8.\n"
        "  found 9, expected at most 8\n"
        "  rule: adults_borrow_more\n"
        "\n"
    ) in out
    assert "  rule: loans_are_94\n" in out
    assert "  found 99 against 95, expected 94 against 95\n  rule: registered_discrepancy_stands\n" in out
    report = scrdata.validate(small_package)
    assert out.splitlines()[-2].startswith(f"NOT VALID: {report.errors} errors in 4 tables, ")


def test_first_suspect_in_text(run: Run, small_package: PackageFolder) -> None:
    """The report on an invalid package ends with one line: the first number to doubt, and how to see the rest."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    small_package.repair()
    _, out, _ = run("validate", small_package.folder)
    assert out.splitlines()[-1] == (
        "first suspect: data/loans.csv, line 7, column loans (branch_id=quay, kind=child): is 9, should be 4; "
        f"'scrdata suspects {small_package.folder}' says why, and what else"
    )


def test_no_first_suspect(run: Run, small_package: PackageFolder) -> None:
    """Where several changes would do as well, or none is known, the last line says so, and names nothing."""
    small_package.spoil("data/rules.csv", "loans_are_94,loans.loans = 94,All loans add up to 94.\n", "")
    mended = "loans_match_leaflet,loans.loans = 94"
    small_package.spoil("data/rules.csv", "loans_match_leaflet,loans.loans = 95", mended)
    small_package.repair()
    _, out, _ = run("validate", small_package.folder)
    assert out.splitlines()[-1].startswith("first suspect: ")
    small_package.write("data/rules.csv", "rule_id\n")
    _, out, _ = run("validate", small_package.folder)
    assert out.splitlines()[-1].startswith("first suspect: none; 'scrdata suspects ")


def test_no_suspect_is_looked_for_where_nothing_was_read(
    run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A descriptor that cannot be read is read once: there is no cell to doubt."""
    read: list[object] = []
    monkeypatch.setattr(validation, "read_descriptor", lambda *given: read.append(given) or read_descriptor(*given))
    small_package.write("datapackage.json", '{"name": ')
    _, out, _ = run("validate", small_package.folder)
    assert out.splitlines()[-1].startswith("first suspect: none; 'scrdata suspects ")
    assert len(read) == 1


def test_warnings_in_text(run: Run, small_package: PackageFolder) -> None:
    """Warnings are printed and counted, and the package stays valid."""
    small_package.add_column({"type": "string"}, "two  spaces")
    code, out, _ = run("validate", small_package.folder)
    assert code == 0
    assert "warning: data/cells.csv, line 2, column cell\n" in out
    assert out.endswith("1 registered discrepancy, 1 open check, 1 warning\n")


def test_unchecked_in_text(run: Run, small_package: PackageFolder) -> None:
    """Checks that could not be run are listed with the reason, and counted in the last line."""
    small_package.write("data/branches.csv", "branch_id,name\n")
    small_package.repair()
    code, out, _ = run("validate", small_package.folder)
    report = scrdata.validate(small_package)
    assert code == 1
    assert "not checked: branches_are_three: the table 'branches' was not accepted\n" in out
    assert f"NOT VALID: 1 error, {len(report.not_checked)} not checked in 3 tables, " in out


def test_many_open_checks_are_cut_in_text(run: Run, small_package: PackageFolder) -> None:
    """Of many open checks the text lists the first and counts the rest; the JSON report has all."""
    more = "".join(f"open_{number},loans.visits = {number},\n" for number in range(LISTED_OPEN + 4))
    small_package.write("data/rules.csv", small_package.read("data/rules.csv").decode() + more)
    small_package.repair()
    code, out, _ = run("validate", small_package.folder)
    assert code == 0
    listed = [line for line in out.splitlines() if line.startswith("open: ")]
    assert len(listed) == LISTED_OPEN + 1
    assert listed[-1] == "open: … and 5 more"
    assert len(json.loads(run("validate", small_package.folder, "--format", "json")[1])["open"]) == LISTED_OPEN + 5


def test_findings_beyond_the_cap_are_mentioned(run: Run, small_package: PackageFolder) -> None:
    """Findings that are not listed are counted in the text report."""
    small_package.add_column({"type": "integer"}, *"abcdef")
    code, out, _ = run("validate", small_package.folder, "--max-findings", "2")
    assert code == 1
    assert out.count("error: ") == 2
    assert "\n… and 4 more findings, counted and not listed\n" in out
    assert "NOT VALID: 6 errors" in out


def test_json_is_the_report(run: Run, small_package: PackageFolder) -> None:
    """`--format json` prints exactly what `Report.to_dict` returns, for valid and invalid packages."""
    for code, day in ((0, "1950-03-30"), (1, "1950-02-30")):
        text = re.sub(rb"1950-\d+-\d+", day.encode(), small_package.read("data/branches.csv"))
        small_package.write("data/branches.csv", text)
        small_package.repair()
        report = scrdata.validate(small_package)
        assert report.valid is (code == 0)
        answer = run("validate", "--format", "json", small_package.folder)
        assert answer == (code, json.dumps(report.to_dict(), indent=2) + "\n", "")


def test_json_about_what_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    """Where there is no package, `--format json` still prints a report of the same shape, and ends with 2."""
    code, out, errors = run("validate", "--format", "json", tmp_path / "nowhere")
    report = json.loads(out)
    assert (code, errors) == (2, "")
    assert report.keys() == scrdata.validate().to_dict().keys()
    assert report["valid"] is False
    assert report["package"] == str(tmp_path / "nowhere")
    assert [finding["rule"] for finding in report["findings"]] == ["package_can_be_opened"]


def test_current_folder_comes_before_the_shipped_package(
    run: Run, small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an argument the package of the current folder is judged, else the shipped one; the report says which."""
    monkeypatch.chdir(small_package.folder)
    assert "\npackage: datapackage.json 1.0.0\n" in run("validate")[1]
    monkeypatch.chdir(tmp_path)
    assert f"\npackage: {scrdata.open_package().location} {scrdata.__version__}\n" in run("validate")[1]


def test_cross_check_is_handed_on(run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--cross-check` asks the others, and a disagreement of theirs makes the exit code 1."""
    disagreement = findings.Finding("frictionless_agrees", "it does not")

    def disagree(_: scrdata.Package, report: scrdata.Report) -> scrdata.Report:
        return report.changed(findings=(disagreement,), errors=1)

    monkeypatch.setattr(crosscheck, "cross_check", disagree)
    assert run("validate", small_package.folder)[0] == 0
    code, out, _ = run("validate", "--cross-check", small_package.folder)
    assert code == 1
    assert out.startswith("error: the package\n  it does not\n  rule: frictionless_agrees\n")


def test_two_runs_print_the_same(run: Run, small_package: PackageFolder) -> None:
    """The same package gives the same characters, in both formats."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    for form in ("text", "json"):
        arguments = ("validate", small_package.folder, "--format", form)
        assert run(*arguments) == run(*arguments)
