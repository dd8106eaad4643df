"""How checks speak: what a finding, the ledger and a report say, and what they never hide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import scrdata
from scrdata.findings import Finding, Ledger, Report, Unsettled, quoted, shown, unopened

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
FINDING_KEYS = ["rule", "severity", "file", "line", "row", "key", "column", "found", "expected", "message"]
REPORT_KEYS = [
    *("package", "version", "valid", "checked", "open", "not_checked"),
    *("known_discrepancies", "errors", "warnings", "findings"),
]
WRONG = Finding("cell_fits_type", "'loans' is 'x', expected an integer", file="data/loans.csv", line=3, column="loans")
UNTIDY = Finding("text_is_clean", "a space too many", severity="warning")


def report_on(
    *found: Finding, open_checks: tuple[str, ...] = (), not_checked: tuple[str, ...] = (), listed: int = 1000
) -> Report:
    """Return the report of a ledger that took these findings and checks."""
    ledger = Ledger(listed)
    for finding in found:
        ledger.add(finding)
    return Report(
        package="small",
        version=None,
        checked=ledger.checked,
        open=tuple(Unsettled(check, "a cell is missing") for check in open_checks),
        not_checked=tuple(Unsettled(check, "the table was not accepted") for check in not_checked),
        known_discrepancies=(),
        findings=tuple(ledger.findings),
        errors=ledger.errors,
        warnings=ledger.warnings,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reviews", "reviews"),
        ("the children’s families – 2009", "the children’s families – 2009"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc\x7f", "a\\nb\\tc\\x7f"),
        ("a\u202eb\u200b", "a\\u202eb\\u200b"),
        ("\ud800", "\\ud800"),
        ("", ""),
    ],
)
def test_text_is_fit_for_a_terminal(text: str, expected: str) -> None:
    """Printable text is shown as it is, everything else escaped."""
    assert shown(text) == expected


def test_long_text_is_bounded() -> None:
    """A text of any length is shown in bounded length, with its real length beside it."""
    assert shown("x" * 1_000_000, 10) == "x" * 10 + "… (1000000 characters)"
    assert shown("x" * 10, 10) == "x" * 10


def test_messages_quote_text_and_leave_numbers_bare() -> None:
    """Text stands in quotation marks, with control characters escaped; numbers and nothing stand bare."""
    assert [quoted(value) for value in ("a\0", 5, None, "5")] == ["'a\\x00'", "5", "None", "'5'"]


def test_finding_prints_every_part() -> None:
    """A finding as an object has each of its parts, in the documented order, with null for what is not known."""
    finding = WRONG.changed(row=2, key={"branch_id": "north"}, found="x", expected="an integer")
    assert list(finding.to_dict()) == FINDING_KEYS
    assert json.loads(json.dumps(finding.to_dict())) == {
        "rule": "cell_fits_type",
        "severity": "error",
        "file": "data/loans.csv",
        "line": 3,
        "row": 2,
        "key": {"branch_id": "north"},
        "column": "loans",
        "found": "x",
        "expected": "an integer",
        "message": "'loans' is 'x', expected an integer",
    }
    bare = Finding("package_can_be_opened", "nothing is there").to_dict()
    assert {name for name, value in bare.items() if value is None} == {*FINDING_KEYS} - {
        *("rule", "severity", "key", "message"),
    }


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        (Finding("r", "m"), "the package"),
        (Finding("r", "m", file="data/a.csv"), "data/a.csv"),
        (Finding("r", "m", file="data/a.csv", line=3), "data/a.csv, line 3"),
        (Finding("r", "m", file="data/a.csv", line=3, column="loans"), "data/a.csv, line 3, column loans"),
        (Finding("r", "m", file="a\x1b.csv", line=1, column="c\u202e"), "a\\x1b.csv, line 1, column c\\u202e"),
    ],
)
def test_place_says_where_it_is(finding: Finding, place: str) -> None:
    """The place of a finding names file, line and column as far as they are known, fit for a terminal."""
    assert finding.place == place


def test_readme_explains_every_part_of_a_report() -> None:
    """The README names each property of the JSON report, and each of a finding."""
    assert list(report_on().to_dict()) == REPORT_KEYS
    assert [key for key in REPORT_KEYS if f'"{key}":' not in README] == []
    assert [key for key in FINDING_KEYS if f"`{key}`" not in README] == []


@pytest.mark.parametrize(
    ("report", "valid"),
    [
        (report_on(), True),
        (report_on(UNTIDY), True),
        (report_on(open_checks=("visits_are_950",)), True),
        (report_on(WRONG), False),
        (report_on(UNTIDY, WRONG), False),
        (report_on(not_checked=("loans_are_94",)), False),
    ],
    ids=["nothing", "warning", "open", "error", "warning and error", "not checked"],
)
def test_only_errors_and_unchecked_checks_make_invalid(report: Report, *, valid: bool) -> None:
    """Warnings and open checks leave a package valid; one error or one check that was not run does not."""
    assert report.valid is valid
    assert report.to_dict()["valid"] is valid
    if valid:
        report.raise_if_invalid()
    else:
        with pytest.raises(scrdata.InvalidPackageError) as caught:
            report.raise_if_invalid()
        assert caught.value.report is report


def test_exception_names_the_first_error() -> None:
    """The exception names place and sentence of the first error, not of a warning before it, and counts the errors."""
    with pytest.raises(scrdata.InvalidPackageError) as caught:
        report_on(UNTIDY, WRONG, WRONG).raise_if_invalid()
    assert str(caught.value) == f"small is not valid (2 errors). First: {WRONG.place}: {WRONG.message}"


def test_exception_names_what_was_not_checked() -> None:
    """Where nothing is wrong but a check was not run, the exception names that check and the reason."""
    with pytest.raises(scrdata.InvalidPackageError, match="loans_are_94: the table was not accepted"):
        report_on(not_checked=("loans_are_94",)).raise_if_invalid()


def test_ledger_counts_what_it_does_not_list() -> None:
    """Beyond the cap, findings are counted by severity and no longer kept."""
    report = report_on(WRONG, UNTIDY, WRONG, WRONG, UNTIDY, listed=3)
    assert (report.errors, report.warnings, len(report.findings)) == (3, 2, 3)


def test_warnings_never_crowd_out_an_error() -> None:
    """An error after any number of warnings is still listed, and named by the exception."""
    report = report_on(*[UNTIDY] * 5, WRONG, listed=3)
    assert len(report.findings) == 3
    assert WRONG in report.findings
    with pytest.raises(scrdata.InvalidPackageError, match="expected an integer"):
        report.raise_if_invalid()


def test_findings_as_a_frame() -> None:
    """A report as a DataFrame has one row for each finding, columns as documented, and whole line numbers."""
    frame = report_on(WRONG, UNTIDY).to_frame()
    assert list(frame.columns) == FINDING_KEYS
    assert frame["line"].tolist()[0] == WRONG.line
    assert str(frame["line"].dtype) == str(frame["row"].dtype) == "Int64"
    assert frame["rule"].tolist() == ["cell_fits_type", "text_is_clean"]


def test_no_findings_as_a_frame() -> None:
    """A report without findings gives a DataFrame without rows, and with the same columns."""
    frame = report_on().to_frame()
    assert (list(frame.columns), len(frame)) == (FINDING_KEYS, 0)


def test_report_on_what_cannot_be_opened() -> None:
    """What cannot be opened gets a report of the same shape, which is not valid and says why."""
    report = unopened("no\x1bwhere", "nothing is there")
    assert list(report.to_dict()) == REPORT_KEYS
    assert not report.valid
    assert (report.package, report.errors, report.findings[0].message) == ("no\\x1bwhere", 1, "nothing is there")
