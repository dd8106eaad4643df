"""What a package says about its numbers: rules, wholes of parts, and discrepancies that have to stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from scrdata.findings import Ledger, Unsettled
from scrdata.limits import Limits
from scrdata.register import Register
from scrdata.rules import Rule, evaluate
from scrdata.validation import judge
from tests.memory import MemoryStorage, csv_text, package, register, report_on, rules, totals_of

if TYPE_CHECKING:
    from scrdata.findings import Finding, Report
    from tests.conftest import PackageFolder

COUNTS: dict[str, Any] = {
    "fields": [{"name": "group"}, {"name": "n", "type": "integer"}],
    "primaryKey": ["group"],
}
ROWS = csv_text(("group", "n"), ("a", 2), ("b", 3), ("c", None))


def report(*equations: str, discrepancies: list[tuple[object, ...]] | None = None, rows: str = ROWS) -> Report:
    """Judge the table `counts` by these rules, `rule_1` and so on, and this register."""
    tables = {"counts": (COUNTS, rows), "rules": rules(*equations)}
    if discrepancies is not None:
        tables["discrepancies"] = register(*discrepancies)
    return report_on(tables)


def places(found: Report) -> list[tuple[str, str | None, int | None]]:
    """Return rule, file and line of each finding."""
    return [(finding.rule, finding.file, finding.line) for finding in found.findings]


def only(found: Report) -> Finding:
    """Return the one finding."""
    (finding,) = found.findings
    return finding


def test_rules_that_hold_say_nothing() -> None:
    """A package whose rules hold is valid; rules and their instances are counted."""
    found = report("counts = 3", "counts[n=*] <= 1")
    assert found.valid
    assert (found.checked["rules"], found.checked["equations"], found.findings) == (2, 3, ())


def test_a_failing_rule_is_a_finding_at_its_only_row() -> None:
    """The finding has the id of the rule, the cell that enters it, and both numbers."""
    finding = only(report("counts[group=b].n = 4"))
    assert (finding.rule, finding.severity, finding.file, finding.line) == ("rule_1", "error", "counts.csv", 3)
    assert (finding.row, finding.key, finding.column) == (2, {"group": "b"}, "n")
    assert (finding.found, finding.expected) == (3, 4)
    assert finding.message == "Sentence 1. It does not hold: counts[group=b].n = 4 reads 3 = 4."


def test_a_failing_rule_about_several_rows_is_at_the_first_of_them() -> None:
    """Where several rows enter, the finding has the line of the first, and the key of none."""
    finding = only(report("counts[group=a|b].n <= 4"))
    assert (finding.file, finding.line, finding.row, finding.key) == ("counts.csv", 2, None, {})
    assert (finding.found, finding.expected) == (5, "at most 4")


def test_a_failing_rule_without_rows_is_at_the_rule() -> None:
    """Where no row enters, the rule itself is the place."""
    found = report("counts[group=d] = 1")
    assert places(found) == [("rule_1", "rules.csv", 2)]
    assert (only(found).column, only(found).found, only(found).expected) == ("equation", 0, 1)


def test_an_open_rule_neither_passes_nor_fails() -> None:
    """A rule that needs a missing cell is listed as open, with the reference, and the package stays valid."""
    found = report("counts.n = 5", "counts[group=*].n <= 9", "counts.n = counts[group=b|c].n")
    assert found.valid
    assert [item.to_dict() for item in found.open] == [
        {"check": "rule_1", "reason": "a cell is missing in counts.n"},
        {"check": "rule_2[group=c]", "reason": "a cell is missing in counts[group=*].n"},
        {"check": "rule_3", "reason": "a cell is missing in counts.n, counts[group=b|c].n"},
    ]


@pytest.mark.parametrize(
    ("equation", "character"),
    [
        ("counts", 7),
        ("counts = 1 = 1", 12),
        ("count = 1", 1),
        ("counts[grp=a] = 1", 8),
        ("counts.group = 1", 8),
        ("counts[group=*] = counts[n=*]", 19),
        ("", 1),
    ],
)
def test_a_rule_that_cannot_be_read_is_a_finding_at_its_cell(equation: str, character: int) -> None:
    """A rule that is no equation, or names what does not exist, is reported with the character."""
    finding = only(report("counts = 3", equation))
    assert (finding.rule, finding.file, finding.line, finding.column) == (
        "equation_can_be_read",
        "rules.csv",
        3,
        "equation",
    )
    assert f"at character {character} of" in finding.message


def test_a_rule_over_what_is_no_number_is_a_finding() -> None:
    """NaN in a column that a rule needs makes the package invalid, at the rule."""
    schema = {"fields": [{"name": "x", "type": "number"}]}
    found = report_on({"t": (schema, "x\nNaN\n"), "rules": rules("t.x = 1")})
    assert not found.valid
    assert places(found) == [("rule_1", "rules.csv", 2)]


@pytest.mark.parametrize("ids", [("same", "same"), ("", "other")])
def test_rules_have_ids_of_their_own(ids: tuple[str, str]) -> None:
    """Rules without an id, or with one that another rule has, are findings whatever the schema says."""
    schema = {"fields": [{"name": "rule_id"}, {"name": "equation"}]}
    text = csv_text(("rule_id", "equation"), (ids[0], "counts = 3"), (ids[1], "counts = 3"))
    found = report_on({"counts": (COUNTS, ROWS), "rules": (schema, text)})
    assert not found.valid
    assert [(finding.rule, finding.column) for finding in found.findings] == [("rule_id_is_unique", "rule_id")]


def test_a_registered_discrepancy_is_known() -> None:
    """A rule that fails exactly as registered is no finding, but is told."""
    found = report("counts = 4", discrepancies=[("rule_1", "", "3", "4")])
    assert found.valid
    assert found.known_discrepancies == (
        {"discrepancy": "discrepancy_1", "check": "rule_1", "left": "3", "right": "4", "explanation": ""},
    )


def test_the_explanation_of_a_discrepancy_is_told() -> None:
    """Where the register has a column `explanation`, what it says stands in the report."""
    columns = ("discrepancy_id", "check_id", "instance", "left_value", "right_value", "explanation")
    schema = {"fields": [{"name": name} for name in columns]}
    entries = csv_text(columns, ("other", "", "", "1", "2", "No."), ("leaflet", "rule_1", "", "3", "4", "Miscounted."))
    found = report_on({"counts": (COUNTS, ROWS), "rules": rules("counts = 4"), "discrepancies": (schema, entries)})
    assert [(item["discrepancy"], item["explanation"]) for item in found.known_discrepancies] == [
        ("leaflet", "Miscounted.")
    ]


def test_failing_checks_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no more findings are listed, failing checks are still errors."""
    monkeypatch.setattr(MemoryStorage.__init__, "__defaults__", (Limits(findings=2),))
    found = report("counts[group=*] = 2")
    assert (found.errors, len(found.findings), found.valid) == (3, 2, False)


def test_instances_that_an_engine_only_counts_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of instances that are not looked at one by one, those that fail are errors, and open ones are told of."""
    monkeypatch.setattr("scrdata.totals.Totals.left_out", lambda *_: (1, 2, 3))
    found = report("counts = counts")
    assert (found.checked["equations"], found.errors, found.findings) == (7, 2, ())
    assert found.open == (Unsettled("rule_1", "cells are missing in 3 further instances"),)


def test_numbers_below_nothing_are_numbers() -> None:
    """What was found and expected are whole numbers also where they are negative."""
    finding = only(report("counts[group=a].n - counts[group=b].n = 0 - 2"))
    assert (finding.found, finding.expected) == (-1, -2)


def test_a_registered_instance_is_known_and_the_others_are_not() -> None:
    """Registering one instance of a starred rule excuses that instance alone."""
    found = report("counts[group=*] = 2", discrepancies=[("rule_1", "group=b", "1", "2")])
    assert [item["check"] for item in found.known_discrepancies] == ["rule_1[group=b]"]
    assert [finding.key for finding in found.findings] == [{"group": "a"}, {"group": "c"}]


@pytest.mark.parametrize(
    ("equation", "entry", "expected"),
    [
        ("counts = 3", ("rule_1", "", "3", "4"), ["registered_discrepancy_stands"]),
        ("counts = 5", ("rule_1", "", "3", "4"), ["rule_1", "registered_discrepancy_stands"]),
        ("counts = 4", ("rule_1", "", "4", "3"), ["rule_1", "registered_discrepancy_stands"]),
        ("counts = 4", ("rule_1", "", "", ""), ["rule_1", "registered_discrepancy_stands"]),
        ("counts.n = 4", ("rule_1", "", "5", "4"), ["registered_discrepancy_stands"]),
        ("counts = 4", ("rule_2", "", "3", "4"), ["rule_1", "registered_check_exists"]),
        ("counts = 4", ("rule_1", "group=a", "3", "4"), ["rule_1", "registered_check_exists"]),
        ("counts[group=*] = 1", ("rule_1", "group=z", "1", "2"), ["registered_check_exists"]),
        ("counts[group=*] = 1", ("rule_1", "", "1", "2"), ["registered_check_exists"]),
    ],
)
def test_a_discrepancy_that_does_not_stand_is_a_finding(
    equation: str, entry: tuple[str, ...], expected: list[str]
) -> None:
    """Cured, changed, open, or about a check that does not exist: each makes the package invalid, at the register."""
    found = report(equation, discrepancies=[entry])
    assert not found.valid
    assert [finding.rule for finding in found.findings] == expected
    assert (found.findings[-1].file, found.findings[-1].line) == ("discrepancies.csv", 2)
    assert found.known_discrepancies == ()


@pytest.mark.parametrize(
    ("equation", "entry", "message"),
    [
        (
            "counts = 3",
            ("rule_1", "", "3", "4"),
            "rule_1 is registered to fail with 3 against 4; it holds now: 3 against 3",
        ),
        (
            "counts = 5",
            ("rule_1", "", "3", "4"),
            "rule_1 is registered to fail with 3 against 4; it fails in another way: 3 against 5",
        ),
        (
            "counts.n = 4",
            ("rule_1", "", "5", "4"),
            "rule_1 is registered to fail with 5 against 4; it cannot be evaluated: unknown against 4",
        ),
        ("counts = 3", ("rule_2", "", "3", "4"), "there is no check 'rule_2'"),
        ("counts = 3", ("rule_1", "group=a", "3", "4"), "the check 'rule_1' has no instance 'group=a'"),
    ],
)
def test_the_finding_says_what_became_of_a_discrepancy(equation: str, entry: tuple[str, ...], message: str) -> None:
    """The sentence tells what was registered from what is."""
    assert report(equation, discrepancies=[entry]).findings[-1].message == message


def test_a_discrepancy_is_registered_once() -> None:
    """A second entry for the same check is a finding."""
    found = report("counts = 4", discrepancies=[("rule_1", "", "3", "4"), ("rule_1", "", "3", "4")])
    assert places(found) == [("discrepancy_is_registered_once", "discrepancies.csv", 3)]
    assert (only(found).column, only(found).message) == ("check_id", "'rule_1' is registered twice")


def test_a_discrepancy_without_a_check_is_only_told() -> None:
    """What no rule can express may be registered any number of times."""
    assert report("counts = 3", discrepancies=[("", "", "149", "147"), ("", "", "", "")]).findings == ()


@pytest.mark.parametrize(
    ("equation", "accepted"),
    [("counts = 3", True), ("counts.n = 3", True), ("counts = 4", False)],
)
def test_an_outcome_that_is_not_registered_is_accepted_unless_it_fails(equation: str, accepted: bool) -> None:  # noqa: FBT001
    """What holds or is open needs no entry; what fails needs one, and an empty register has none."""
    totals = totals_of({"counts": (COUNTS, ROWS)})
    (outcome,) = evaluate(Rule("rule_1", totals.equation(equation), "So it is.", 0), totals)
    assert Register(None, Ledger()).accepts(outcome) is accepted


WITH_WHOLE: dict[str, Any] = {
    "fields": [
        *COUNTS["fields"],
        {"name": "whole", "scrdata:reference": True, "scrdata:wholeOf": "n"},
    ],
    "primaryKey": ["group"],
}


def part_report(*rows: tuple[object, ...]) -> Report:
    """Judge a table of parts that refer to their wholes."""
    return report_on({"counts": (WITH_WHOLE, csv_text(("group", "n", "whole"), *rows))})


@pytest.mark.parametrize(
    ("whole", "part", "rule"),
    [
        ("counts[group=a].n", 5, None),
        ("counts[group=a].n", 6, "part_does_not_exceed_whole"),
        ("counts", 2, None),
        ("counts", 3, "part_does_not_exceed_whole"),
        (None, 99, None),
        ("counts[group=a].n", None, None),
        ("counts[group=*].n", 1, "reference_can_be_read"),
        ("counts[group=a].whole", 1, "reference_can_be_read"),
        ("nothing", 1, "reference_can_be_read"),
        ("counts = 2", 1, "reference_can_be_read"),
    ],
)
def test_a_part_does_not_exceed_its_whole(whole: str | None, part: int | None, rule: str | None) -> None:
    """A reference evaluates to one number that is not below the part; otherwise the cell is a finding."""
    found = part_report(("a", 5, None), ("b", part, whole))
    sound = whole is not None and rule != "reference_can_be_read"
    assert found.checked.get("references", 0) == sound
    assert found.checked.get("wholes", 0) == (sound and part is not None)
    expected = [] if rule is None else [(rule, "counts.csv", 3)]
    assert places(found) == expected
    assert found.valid is (rule is None)


def test_a_whole_that_needs_a_missing_cell_is_open() -> None:
    """A part whose whole is unknown is listed as open."""
    found = part_report(("a", None, None), ("b", 5, "counts[group=a].n"))
    assert found.valid
    assert [item.reason for item in found.open] == ["a cell is missing in counts[group=a].n"]


def test_a_rule_about_a_refused_table_is_not_checked() -> None:
    """Where a table is not accepted, its rules are listed as not evaluated, and so is their discrepancy excused."""
    rows = csv_text(("group", "n"), ("a", "two"))
    found = report("counts = 1", "1 = 1", discrepancies=[("rule_1", "", "3", "4")], rows=rows)
    assert not found.valid
    assert [item.check for item in found.not_checked] == ["rule_1"]
    assert [finding.rule for finding in found.findings] == ["cell_fits_type"]


def test_what_names_a_table_without_a_schema_is_not_checked() -> None:
    """Rules and references about a table that cannot be described are listed as not evaluated, with the reason."""
    broken = {"fields": [{"name": "x", "type": "unknown"}]}
    rows = csv_text(("group", "n", "whole"), ("a", 1, "lost.x"), ("b", 1, "counts"))
    found = report_on(
        {"counts": (WITH_WHOLE, rows), "lost": (broken, "x\n"), "rules": rules("counts = 2", "counts = 2 * lost")}
    )
    reason = "the schema of 'lost' cannot be applied"
    assert {"check": "rule_2", "reason": reason} in [item.to_dict() for item in found.not_checked]
    assert {"check": "counts.whole lost.x", "reason": reason} in [item.to_dict() for item in found.not_checked]
    assert {finding.file for finding in found.findings} == {"datapackage.json"}


def test_reports_do_not_depend_on_hashing(small_package: PackageFolder) -> None:
    """Processes with different hash seeds print the same bytes, also about several unreadable tables."""
    for name in ("branches", "loans"):
        small_package.edit(f"schemas/{name}.json", "fields", 0, "type", to="unknown")
    command = [sys.executable, "-m", "scrdata", "validate", "--format", "json", str(small_package.folder)]
    outputs = {
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False).stdout
        for seed in "0123"
    }
    (output,) = outputs
    assert json.loads(output)["not_checked"]


MENTIONS: dict[str, Any] = {
    "fields": [
        {"name": name}
        for name in ("mention_id", "locator", "printed", "value", "kind", "relation", "total", "share_of", "note")
    ]
}
B = "counts[group=b].n"


def mentioned(*rows: tuple[object, ...], equations: tuple[str, ...] = ()) -> Report:
    """Judge the table `counts` by these mentions, `mention_1` and so on."""
    columns = tuple(field["name"] for field in MENTIONS["fields"])
    entries = [(f"mention_{number}", "para 1", *row) for number, row in enumerate(rows, 1)]
    tables = {"counts": (COUNTS, ROWS), "rules": rules(*equations), "mentions": (MENTIONS, csv_text(columns, *entries))}
    return judge(package(tables, **{"scrdata:mentions": "mentions"}))


@pytest.mark.parametrize(
    ("row", "rule", "column", "problem"),
    [
        (("three", "4", "", "=", B, None, ""), "printed_words_say_the_value", "value", "the words say 3, not 4"),
        (
            ("three", "3", "", "=", None, None, ""),
            "mention_states_a_total",
            "total",
            "there is a relation or a base, and no total",
        ),
        (
            ("three", "3", "", "", None, B, ""),
            "mention_states_a_total",
            "total",
            "there is a relation or a base, and no total",
        ),
        (
            ("three", "3", "statistic", "", None, None, ""),
            "statistic_has_total_or_note",
            "total",
            "a statistic needs a total, or a note why no table holds it",
        ),
        (
            ("three", "3", "", "", B, None, ""),
            "mention_has_a_relation",
            "relation",
            "a total needs one of = <= >= < >",
        ),
        (
            ("April 2009", "2009-04", "", "=", B, None, ""),
            "mention_has_a_number",
            "value",
            "'2009-04' is no number that a total can be compared with",
        ),
        (
            ("84%", "84%", "", "=", B, None, ""),
            "share_has_a_base",
            "share_of",
            "percentages and fractions need a base, other numbers have none",
        ),
        (
            ("three", "3", "", "=", B, B, ""),
            "share_has_a_base",
            "share_of",
            "percentages and fractions need a base, other numbers have none",
        ),
    ],
)
def test_a_mention_that_is_no_check_says_why(row: tuple[object, ...], rule: str, column: str, problem: str) -> None:
    """The finding has the place in the report, the printed words, and what the mention lacks."""
    finding = only(mentioned(row))
    assert (finding.rule, finding.file, finding.line, finding.column) == (rule, "mentions.csv", 2, column)
    assert finding.message == f"para 1 prints '{row[0]}': {problem}"


def test_mentions_are_checked_each() -> None:
    """A mention without a total, or without a base above 0, keeps none of those after it from being checked."""
    found = mentioned(
        ("three", "3", "", "", None, None, ""),
        ("statistic", "", "statistic", "", None, None, "No table holds it."),
        ("50%", "50%", "", "=", B, "counts[group=z].n", ""),
        ("four", "4", "", "=", B, None, ""),
    )
    assert [finding.rule for finding in found.findings] == ["mention_4", "mention_3"]
    assert found.findings[1].column == "total"
    assert found.findings[1].message == (
        "para 1 prints '50%', which cannot be checked: the base counts[group=z].n is 0, and so has no shares"
    )
    assert (found.checked["mentions"], found.checked["printed_totals"]) == (4, 2)


def test_a_mention_stands_for_one_total() -> None:
    """A reference with a star stands for several totals, which no mention states."""
    finding = only(mentioned(("three", "3", "", "=", "counts[group=*].n", None, "")))
    assert (finding.rule, finding.column, finding.found) == ("reference_can_be_read", "total", "counts[group=*].n")
    assert finding.message == "'counts[group=*].n' stands for several totals, where one is needed"


def test_a_repeated_id_is_told_with_the_id() -> None:
    """An id belongs to one rule or mention; a check without one is told what it is."""
    tables = {"counts": (COUNTS, ROWS)}
    columns = ("rule_id", "equation", "statement")
    entries = csv_text(columns, *((name, "1 = 1", "So it is.") for name in ("a", "a", None)))
    schema = {"fields": [{"name": name} for name in columns]}
    repeated, missing = report_on({**tables, "rules": (schema, entries)}).findings
    assert (repeated.rule, repeated.line, repeated.found) == ("rule_id_is_unique", 3, "a")
    assert repeated.message == "'a' is the id of an earlier check; each has its own"
    assert (missing.rule, missing.line, missing.message) == ("rule_id_is_unique", 4, "the rule has no id")


def test_a_part_that_exceeds_its_whole_is_told_with_both() -> None:
    """The finding has the cell of the part, and says how large it may be."""
    finding = only(part_report(("a", 5, None), ("b", 6, "counts[group=a].n")))
    assert (finding.column, finding.found, finding.expected) == ("n", "6", "at most 5")
    assert finding.message == "'n' is 6, more than the whole it belongs to: counts[group=a].n is 5"


def test_a_whole_that_is_no_number_is_told() -> None:
    """Where the whole cannot be added up, the part cannot be held against it."""
    number = {"name": "n", "type": "number"}
    schema = {**WITH_WHOLE, "fields": [number if field["name"] == "n" else field for field in WITH_WHOLE["fields"]]}
    rows = csv_text(("group", "n", "whole"), ("a", "NaN", None), ("b", 5, "counts[group=a].n"))
    finding = only(report_on({"counts": (schema, rows)}))
    assert (finding.rule, finding.line, finding.column) == ("part_does_not_exceed_whole", 3, "n")
    assert finding.message.startswith("counts[group=a].n has no value: ")


def test_a_text_that_cannot_be_read_is_quoted() -> None:
    """The sentence has the problem, the character and the whole text."""
    assert only(report("counts")).message == ("a relation (=, <=, >=, < or >) is missing at character 7 of 'counts'")
