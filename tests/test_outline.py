"""The outline of a package: what it declares, whether or not it is valid."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import scrdata

if TYPE_CHECKING:
    from conftest import PackageFolder


def test_outline_names_tables_and_checks(small_package: PackageFolder) -> None:
    """The outline has the tables with their files, and the rules with statement, equation, file and line."""
    outline = scrdata.open_package(small_package).outline()
    assert (outline.name, outline.descriptor) == ("small", "datapackage.json")
    assert outline.tables[1] == ("loans", "data/loans.csv", 1)
    rule = outline.checks["loans_are_94"]
    assert (rule.kind, rule.statement, rule.equation) == ("rule", "All loans add up to 94.", "loans.loans = 94")
    assert (rule.file, rule.line) == ("data/rules.csv", 3)


def test_outline_has_mentions() -> None:
    """A mention is told with its place and its printed words, and with the total that it states."""
    checks = scrdata.open_package().outline().checks
    assert checks["annex_b_1"].statement == "annex b prints '147'."
    assert checks["annex_b_1"].equation == "reviews = 147"
    assert {check.kind for check in checks.values()} == {"rule", "mention"}
    assert any(" as a share of " in check.equation for check in checks.values())


def test_outline_of_an_invalid_package(small_package: PackageFolder) -> None:
    """A cell that is wrong, a table of rules with too few columns, and a broken descriptor raise nothing."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    assert "loans_are_94" in scrdata.open_package(small_package).outline().checks
    small_package.edit("datapackage.json", "resources", 2, "schema", "fields", 0, "constraints", to={"maxLength": 20})
    assert {"loans_are_94", "branches_are_three"} <= scrdata.open_package(small_package).outline().checks.keys()
    small_package.write("data/rules.csv", "rule_id\nloans_are_94\n")
    assert scrdata.open_package(small_package).outline().checks == {}
    small_package.write("datapackage.json", "{")
    outline = scrdata.open_package(small_package).outline()
    assert (outline.name, outline.tables, outline.checks) == ("", (), {})


def test_outline_of_an_archive(small_package: PackageFolder) -> None:
    """The outline of an archive is that of the folder."""
    place = small_package.folder.parent / "small.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for path in sorted(small_package.folder.rglob("*.*")):
            archive.write(path, path.relative_to(small_package.folder))
    assert scrdata.open_package(place).outline() == scrdata.open_package(small_package).outline()
