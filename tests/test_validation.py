"""The order of the checks: what is still checked after a stage failed, what is not, and how that is said."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.storage import Folder

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import PackageFolder

TABLES = ("branches", "loans", "rules", "discrepancies")


def counted_rules(report: scrdata.Report) -> int:
    """Return how many rules were evaluated."""
    return report.checked.get("rules", 0)


def rule_names(package: PackageFolder) -> list[str]:
    """Return the ids of all rules of the small package."""
    return [line.split(",")[0] for line in package.read("data/rules.csv").decode().splitlines()[1:]]


def spoil_table(package: PackageFolder, table: str) -> None:
    """Make a table unacceptable by a row with too few cells."""
    package.write(f"data/{table}.csv", package.read(f"data/{table}.csv") + b"alone\n")
    package.repair()


def test_valid_package_is_counted(small_package: PackageFolder) -> None:
    """The report counts what was checked: tables, rows, cells, hashes, keys, references, rules and their instances."""
    report = scrdata.validate(small_package)
    lines = {name: small_package.read(f"data/{name}.csv").decode().splitlines() for name in TABLES}
    rows = {name: len(text) - 1 for name, text in lines.items()}
    widths = {name: text[0].count(",") + 1 for name, text in lines.items()}
    branches = rows["branches"]
    assert report.valid
    assert (
        report.checked
        == {
            "tables": len(TABLES),
            "hashes": len(TABLES),
            "rows": sum(rows.values()),
            "cells": sum(rows[name] * widths[name] for name in TABLES),
            "keys": 4,  # three primary keys and one unique key
            "foreign_keys": 2,
            "references": len({line.split(",", 4)[4] for line in lines["loans"][1:]}),
            "wholes": rows["loans"],
            "rules": rows["rules"],
            "equations": rows["rules"] - 2 + 2 * branches,  # two rules have an instance for each branch
        }
    )


def test_open_checks_and_discrepancies_are_listed(small_package: PackageFolder) -> None:
    """A rule that needs a missing cell is open, a registered one is known; neither is a finding."""
    report = scrdata.validate(small_package)
    assert [(item.check, "loans.visits" in item.reason) for item in report.open] == [("visits_are_950", True)]
    assert report.known_discrepancies == (
        {
            "discrepancy": "leaflet",
            "check": "loans_match_leaflet",
            "left": "94",
            "right": "95",
            "explanation": "The leaflet counts one loan twice.",
        },
    )
    assert report.findings == ()


def test_unreadable_descriptor_ends_it(small_package: PackageFolder) -> None:
    """After a descriptor that is no JSON nothing else is judged, and the package is invalid."""
    small_package.write("datapackage.json", "{")
    report = scrdata.validate(small_package)
    assert not report.valid
    assert [finding.rule for finding in report.findings] == ["json_is_well_formed"]
    assert set(report.checked.values()) == {0}


@pytest.mark.parametrize(
    ("table", "independent"),
    [("branches", 5), ("loans", 1)],
)
def test_rules_about_a_refused_table_are_not_checked(
    small_package: PackageFolder, table: str, independent: int
) -> None:
    """A rule about a table that was refused is listed as not checked; every other rule is evaluated."""
    lines = small_package.read("data/rules.csv").decode().splitlines()[1:]
    needing = {line.split(",")[0] for line in lines if re.search(rf"[\s,\"]{table}\b", line.rpartition(",")[0])}
    spoil_table(small_package, table)
    report = scrdata.validate(small_package)
    left_out = {item.check: item.reason for item in report.not_checked}
    assert needing == left_out.keys() & {line.split(",")[0] for line in lines}
    assert counted_rules(report) == len(lines) - len(needing) == independent
    assert {finding.file for finding in report.findings} == {f"data/{table}.csv"}
    assert [check for check in needing if f"'{table}'" not in left_out[check]] == []
    assert report.checked["tables"] == len(TABLES) - 1


def test_foreign_key_to_a_refused_table_is_not_checked(small_package: PackageFolder) -> None:
    """A foreign key into a table that was refused is listed as not checked, not reported row by row."""
    spoil_table(small_package, "branches")
    report = scrdata.validate(small_package)
    assert "foreign key loans.branch_id" in {item.check for item in report.not_checked}
    assert "foreign_key_exists" not in {finding.rule for finding in report.findings}


def test_wholes_in_a_refused_table_are_not_checked(small_package: PackageFolder) -> None:
    """A reference to a whole in a table that was refused is listed as not checked."""
    small_package.spoil("data/loans.csv", "loans[kind=adult].loans", "branches")
    spoil_table(small_package, "branches")
    report = scrdata.validate(small_package)
    assert "loans.population branches" in {item.check for item in report.not_checked}


@pytest.mark.parametrize("table", ["rules", "discrepancies"])
def test_refused_evidence_is_not_checked(small_package: PackageFolder, table: str) -> None:
    """Without the table of rules or the register, no rule is judged, and that is listed as not checked."""
    spoil_table(small_package, table)
    report = scrdata.validate(small_package)
    assert f"scrdata:{table}" in {item.check for item in report.not_checked}
    assert counted_rules(report) == 0
    assert {finding.file for finding in report.findings} == {f"data/{table}.csv"}


def test_unusable_schema_leaves_its_table_unchecked(small_package: PackageFolder) -> None:
    """A table whose schema cannot be applied, and each rule about it, is not checked; the others are evaluated."""
    small_package.edit("schemas/loans.json", "fields", 2, "type", to="wholenumber")
    report = scrdata.validate(small_package)
    left_out = {item.check for item in report.not_checked}
    assert {"table loans", "loans_are_94", "branches_have_both_kinds"} <= left_out
    assert counted_rules(report) == 1
    assert {finding.file for finding in report.findings} == {"schemas/loans.json"}


@pytest.mark.parametrize("table", ["branches", "loans"])
def test_every_rule_is_accounted_for(small_package: PackageFolder, table: str) -> None:
    """Each declared rule is either evaluated or listed as not checked, whatever is wrong with a table."""
    names = rule_names(small_package)
    spoil_table(small_package, table)
    report = scrdata.validate(small_package)
    left_out = {item.check for item in report.not_checked}
    assert counted_rules(report) + len(left_out.intersection(names)) == len(names)


def test_rules_are_still_judged_beside_wrong_checksums(small_package: PackageFolder) -> None:
    """A wrong checksum is one finding; the rules are evaluated all the same, and fail by name."""
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    report = scrdata.validate(small_package)
    broken = {finding.rule for finding in report.findings}
    assert {"hash_is_as_declared", "loans_are_94", "adult_loans_are_63"} <= broken
    assert counted_rules(report) == len(rule_names(small_package))
    assert report.not_checked == ()


def test_findings_follow_files_and_lines(small_package: PackageFolder) -> None:
    """Findings stand in the order of descriptor and resources, and of the lines in each file."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,x")
    small_package.spoil("data/branches.csv", "1962-11-05", "1962-13-05")
    small_package.edit("datapackage.json", "resources", 0, "scrdata:rows", to=9)
    report = scrdata.validate(small_package)
    order = ["datapackage.json", *(f"data/{table}.csv" for table in TABLES)]
    places = [(order.index(finding.file or ""), finding.line or 0) for finding in report.findings]
    assert places == sorted(places)
    assert {order[file] for file, _ in places} == {"datapackage.json", "data/branches.csv", "data/loans.csv"}
    assert len(report.findings) == report.errors


def test_cap_never_changes_the_verdict(small_package: PackageFolder) -> None:
    """With fewer findings listed, verdict and counts are the same, and what is listed is the beginning."""
    small_package.write("data/loans.csv", small_package.read("data/loans.csv").replace(b",adult,", b",senior,"))
    whole = scrdata.validate(small_package)
    for cap in (0, 1, 2):
        capped = scrdata.validate(small_package, limits=scrdata.Limits(findings=cap))
        assert (capped.valid, capped.errors, capped.warnings) == (False, whole.errors, whole.warnings)
        assert len(capped.findings) == cap
        assert [finding for finding in capped.findings if finding not in whole.findings] == []
    assert len(whole.findings) == whole.errors


def test_many_findings_are_counted_and_not_listed(small_package: PackageFolder) -> None:
    """Of 1,500 wrong cells all are counted, and only as many listed as the documentation says."""
    small_package.add_column({"type": "integer"}, *["x"] * 1_500)
    report = scrdata.validate(small_package)
    assert (report.errors, len(report.findings)) == (1_500, scrdata.Limits().findings)


def test_same_package_gives_the_same_report(small_package: PackageFolder) -> None:
    """Two runs over an invalid package give the same report, character by character."""
    small_package.spoil("data/loans.csv", "south,child,15", "south,child,16")
    first, second = (json.dumps(scrdata.validate(small_package).to_dict()) for _ in range(2))
    assert first == second


def test_each_file_is_read_once(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes that are hashed are the bytes that are parsed: each file of the package is read exactly once."""
    reads: list[str] = []
    read = Folder.read

    def counting(self: Folder, path: str) -> bytes:
        reads.append(path)
        return read(self, path)

    monkeypatch.setattr(Folder, "read", counting)
    assert scrdata.validate(small_package).valid
    files = [path.relative_to(small_package.folder).as_posix() for path in small_package.folder.rglob("*.*")]
    assert sorted(reads) == sorted(files)


def stamps(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return inode, time of change and bytes of every file below a folder."""
    files = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {str(path): (status.st_ino, status.st_mtime_ns, path.read_bytes()) for path, status in files.items()}


@pytest.mark.parametrize("table", [None, "branches"])
def test_nothing_is_written(small_package: PackageFolder, table: str | None) -> None:
    """Validating a valid or an invalid package leaves every file as it was, and adds none."""
    if table:
        spoil_table(small_package, table)
    before = stamps(small_package.folder)
    scrdata.validate(small_package)
    assert stamps(small_package.folder) == before


def test_rules_without_a_register(small_package: PackageFolder) -> None:
    """A package may declare rules and no register; then each failing rule is an error."""
    small_package.remove("datapackage.json", "scrdata:discrepancies")
    report = scrdata.validate(small_package)
    assert [finding.rule for finding in report.findings] == ["loans_match_leaflet"]


def test_register_without_rules(small_package: PackageFolder) -> None:
    """A register that names a check of a package without rules is an error at its row."""
    small_package.remove("datapackage.json", "scrdata:rules")
    report = scrdata.validate(small_package)
    places = [(finding.rule, finding.file, finding.line) for finding in report.findings]
    assert places == [("registered_check_exists", "data/discrepancies.csv", 2)]


def test_package_without_evidence(small_package: PackageFolder) -> None:
    """A package that declares neither is judged by its bytes, types and keys alone."""
    for name in ("scrdata:rules", "scrdata:discrepancies"):
        small_package.remove("datapackage.json", name)
    report = scrdata.validate(small_package)
    assert report.valid
    assert counted_rules(report) == 0
    assert report.known_discrepancies == ()
