"""The JUnit report: valid by the schema of Jenkins, a case for each check, and nothing passed that was not checked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import junitparser
import pytest
import xmlschema

import scrdata
from scrdata import crosscheck, findings, patterns
from scrdata.catalogue import STAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

LIBRARY = Path(__file__).resolve().parent.parent / "javascript" / "node_modules" / "mocha-junit-reporter"


def read_junit(run: Run, package: object, code: int = 1, *options: str) -> dict[str, dict[str, junitparser.TestCase]]:
    """Validate a package; return the cases by suite and name, as junitparser reads them."""
    answer = run("validate", "--format", "junit", *options, package)
    assert (answer[0], answer[2]) == (code, "")
    suites = junitparser.JUnitXml.fromstring(answer[1])
    assert suites.tests == sum(len(list(suite)) for suite in suites)
    assert suites.failures == sum(suite.failures for suite in suites)
    return {suite.name: {case.name: case for case in suite} for suite in suites}


def outcome(case: junitparser.TestCase) -> str:
    """Return how a case ended: `passed`, or the only outcome that it has."""
    if not case.result:
        return "passed"
    (result,) = case.result
    return type(result).__name__.lower()


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    """Return the schema of JUnit XML as Jenkins reads it."""
    if not LIBRARY.is_dir():
        pytest.skip("the schema of JUnit XML is missing: python3 dev.py system")
    return xmlschema.XMLSchema(str(LIBRARY / "test" / "resources" / "jenkins-junit.xsd"))


@pytest.mark.parametrize("case", ["shipped", "valid", "cell", "rules", "descriptor", "table", "warning", "missing"])
def test_junit_is_valid(run: Run, schema: xmlschema.XMLSchema, small_package: PackageFolder, case: str) -> None:
    """The document is valid by the schema for valid packages, invalid ones and what cannot be opened."""
    place: object = small_package.folder
    if case == "cell":
        small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    elif case == "rules":
        small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,5")
    elif case == "descriptor":
        small_package.write("datapackage.json", "{")
    elif case == "table":
        small_package.write("data/branches.csv", "")
    elif case == "warning":
        small_package.add_column({"type": "string"}, "two  spaces")
    elif case in ("shipped", "missing"):
        place = scrdata.open_package().location if case == "shipped" else "no where"
    _, out, _ = run("validate", "--format", "junit", place)
    assert out.isascii()
    schema.validate(io.StringIO(out))


def test_schema_can_object(schema: xmlschema.XMLSchema) -> None:
    """The schema is really applied: a case without a name is objected to."""
    with pytest.raises(xmlschema.XMLSchemaValidationError, match="missing required attribute 'name'"):
        schema.validate(io.StringIO("<testsuite name='x' tests='1'><testcase/></testsuite>"))


def test_every_check_is_a_case(run: Run, small_package: PackageFolder) -> None:
    """A valid package has a case for each stage, each table and each rule, in this order."""
    suites = read_junit(run, small_package.folder, 0)
    tables = [f"table {name}" for name in ("branches", "loans", "rules", "discrepancies")]
    assert list(suites) == ["package", *tables, "rules"]
    assert list(suites["package"]) == [STAGES[stage] for stage in ("opening", "descriptor", "checksums")]
    assert list(suites["table loans"]) == [STAGES[stage] for stage in ("file", "cells", "keys", "references")]
    assert list(suites["rules"]) == list(scrdata.open_package(small_package).outline().checks)
    assert suites["rules"]["loans_are_94"].classname == "small.rules"
    outcomes = {name: outcome(case) for cases in suites.values() for name, case in cases.items()}
    assert {name for name, how in outcomes.items() if how != "passed"} == {"visits_are_950"}


def test_every_mention_is_a_case(run: Run) -> None:
    """The shipped package has a case for each mention, beside those of the rules."""
    suites = read_junit(run, scrdata.open_package().location, 0)
    checked = scrdata.validate().checked
    assert (len(suites["rules"]), len(suites["mentions"])) == (checked["rules"], checked["mentions"])


def test_open_check_is_skipped_and_registered_one_told(run: Run, small_package: PackageFolder) -> None:
    """An open check is skipped with the reason; a registered discrepancy passes, and its case says with what."""
    rules = read_junit(run, small_package.folder, 0)["rules"]
    (result,) = rules["visits_are_950"].result
    assert isinstance(result, junitparser.Skipped)
    assert result.text == "open: visits_are_950: a cell is missing in loans.visits"
    assert outcome(rules["loans_match_leaflet"]) == "passed"
    said = "registered discrepancy: loans_match_leaflet: 94 against 95. The leaflet counts one loan twice."
    assert rules["loans_match_leaflet"].system_out == said


def test_failure_says_where_and_what(run: Run, small_package: PackageFolder) -> None:
    """A case that fails has place, key, found and expected value of each finding."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,9")
    suites = read_junit(run, small_package.folder)
    (failure,) = suites["rules"]["adults_borrow_more"].result
    assert isinstance(failure, junitparser.Failure)
    assert failure.type == "adults_borrow_more"
    assert failure.message.startswith("Adults borrow more. It does not hold: ")
    assert failure.text.startswith("data/loans.csv, line 7, column loans (branch_id=quay, kind=child): Adults ")
    assert failure.text.endswith(" Found 9, expected at most 8. [adults_borrow_more]")
    assert outcome(suites["package"][STAGES["checksums"]]) == "failure"


def test_later_stages_of_a_broken_table_are_skipped(run: Run, small_package: PackageFolder) -> None:
    """Where cells are wrong, keys and references of the table have not passed: they were not reached."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    suites = read_junit(run, small_package.folder)
    outcomes = [outcome(case) for case in suites["table loans"].values()]
    assert outcomes == ["passed", "failure", "skipped", "skipped"]
    assert outcome(suites["rules"]["loans_are_94"]) == "error"
    assert outcome(suites["rules"]["branches_are_three"]) == "passed"
    small_package.write("data/loans.csv", "")
    suites = read_junit(run, small_package.folder)
    assert [outcome(case) for case in suites["table loans"].values()] == ["failure", "skipped", "skipped", "skipped"]


@pytest.mark.parametrize("broken", ["no file", "no schema", "wrong schema"])
def test_unread_table_has_passed_nothing(run: Run, small_package: PackageFolder, broken: str) -> None:
    """Where a table is not read at all, none of its cases passes."""
    if broken == "no file":
        (small_package.folder / "data/loans.csv").unlink()
    elif broken == "no schema":
        (small_package.folder / "schemas/loans.json").unlink()
    else:
        small_package.edit("schemas/loans.json", "fields", 0, "type", to="wholenumber")
    suites = read_junit(run, small_package.folder)
    assert {outcome(case) for case in suites["table loans"].values()} == {"skipped"}


def test_cells_whose_pattern_costs_too_much_have_not_passed(
    run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a pattern would take too many steps on a cell, the table is not accepted: only its file has passed."""
    monkeypatch.setattr(patterns, "STEPS", 0)
    small_package.add_column({"type": "string", "constraints": {"pattern": "(a|b)*"}}, "abba")
    suites = read_junit(run, small_package.folder)
    outcomes = [outcome(case) for case in suites["table cells"].values()]
    assert outcomes == ["passed", "skipped", "skipped", "skipped", "failure"]


def test_rules_that_were_not_reached_have_passed_nothing(run: Run, small_package: PackageFolder) -> None:
    """Without a readable register no rule is evaluated, and none passes; the same where the rules are not accepted."""
    small_package.spoil("data/discrepancies.csv", "leaflet,loans", '"leaflet,loans')
    suites = read_junit(run, small_package.folder)
    assert {outcome(case) for case in suites["rules"].values()} <= {"skipped", "error"}


def test_rule_that_cannot_be_read_fails(run: Run, small_package: PackageFolder) -> None:
    """An equation that cannot be read is a failure of its own rule."""
    small_package.spoil("data/rules.csv", "loans_are_94,loans.loans", "loans_are_94,loans.lone")
    rules = read_junit(run, small_package.folder)["rules"]
    assert outcome(rules["loans_are_94"]) == "failure"
    assert outcome(rules["branches_are_three"]) == "passed"


def test_warning_does_not_fail(run: Run, small_package: PackageFolder) -> None:
    """A warning is told by the case that it belongs to, which passes."""
    small_package.add_column({"type": "string"}, "two  spaces")
    case = read_junit(run, small_package.folder, 0)["table cells"][STAGES["cells"]]
    assert outcome(case) == "passed"
    assert case.system_out.startswith("warning: data/cells.csv, line 2, column cell: ")


def test_unlisted_findings_leave_nothing_passed(
    run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where findings are only counted, a case without one is not known to have passed."""
    monkeypatch.setattr(findings, "LISTED_FINDINGS", 2)
    small_package.add_column({"type": "integer"}, *"abcdef")
    suites = read_junit(run, small_package.folder)
    assert "passed" not in {outcome(case) for cases in suites.values() for case in cases.values()}


def test_unopenable_package_is_an_error(run: Run, tmp_path: Path) -> None:
    """What cannot be opened is one case with an error."""
    (case,) = read_junit(run, tmp_path / "nowhere", 2)["package"].values()
    (error,) = case.result
    assert isinstance(error, junitparser.Error)
    assert error.message.endswith("/nowhere cannot be opened: No such file or directory")


def test_second_opinions_are_a_case(run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--cross-check` the other libraries have a case, which passes or fails."""
    finding = findings.Finding("pandera_agrees", "it does not")

    def disagree(_: scrdata.Package, report: scrdata.Report) -> scrdata.Report:
        return report.changed(checked={**report.checked, "second_opinions": 2}, findings=(finding,), errors=1)

    monkeypatch.setattr(crosscheck, "cross_check", disagree)
    case = read_junit(run, small_package.folder, 1, "--cross-check")["package"][STAGES["second opinions"]]
    assert outcome(case) == "failure"
