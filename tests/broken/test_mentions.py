"""Mentions: words against values, values against totals, and what states nothing that can be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import PackageFolder

FILE = "data/mentions.csv"
COLUMNS = ("mention_id", "locator", "kind", "printed", "value", "relation", "total", "share_of", "note")
ALL = "para 1,statistic,Ninety-four,94,=,loans.loans,,"
SHARE = "para 1,statistic,67%,67%,=,loans[kind=adult].loans,loans.loans,"


def add_mentions(package: PackageFolder, *rows: str) -> None:
    """Give the small package a table of mentions, whose rows are called `m_1`, `m_2` and so on."""
    fields = [{"name": name, "type": "string"} for name in COLUMNS]
    fields = [{**field, "scrdata:reference": field["name"] in ("total", "share_of")} for field in fields]
    resource = {"name": "mentions", "type": "table", "path": FILE, "schema": {"fields": fields, "missingValues": [""]}}
    package.edit("datapackage.json", "resources", len(package.json()["resources"]), to=resource)
    package.edit("datapackage.json", "scrdata:mentions", to="mentions")
    lines = [f"m_{number},{row}" for number, row in enumerate(rows, start=1)]
    package.write(FILE, "\n".join([",".join(COLUMNS), *lines, ""]))


def test_accepted(small_package: PackageFolder) -> None:
    """Mentions that agree are counted, and those that state something apart from those that do not."""
    add_mentions(small_package, ALL, SHARE, "para 2,date,April 2009,2009-04,,,,", "para 2,statistic,many,,,,,vague")
    small_package.assert_accepted()
    checked = small_package.judge().report["checked"]
    assert (checked["mentions"], checked["printed_totals"]) == (4, 2)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("para 1,statistic,Ninety-five,94,=,loans.loans,,", "printed_words_say_the_value"),
        ("para 1,statistic,Ninety-four,95,=,loans.loans,,", "printed_words_say_the_value"),
        ("para 1,statistic,Ninety-four,,=,loans.loans,,", "printed_words_say_the_value"),
        ("para 1,statistic,several,4,=,loans.loans,,", "printed_words_say_the_value"),
        ("para 1,statistic,most,1/2,=,loans[kind=adult].loans,loans.loans,", "printed_words_say_the_value"),
        ("para 1,date,April 2009,2009-05,,,,", "printed_words_say_the_value"),
        ("para 1,statistic,94,94,=,,,", "mention_states_a_total"),
        ("para 1,threshold,94,94,,,loans.loans,", "mention_states_a_total"),
        ("para 1,statistic,94,94,,,,", "statistic_has_total_or_note"),
        ("para 1,statistic,94,94,,loans.loans,,", "mention_has_a_relation"),
        ("para 1,statistic,94,94,!=,loans.loans,,", "mention_has_a_relation"),
        ("para 1,date,April 2009,2009-04,=,loans.loans,,", "mention_has_a_number"),
        ("para 1,statistic,many,,=,loans.loans,,vague", "mention_has_a_number"),
        ("para 1,statistic,67%,67%,=,loans[kind=adult].loans,,", "share_has_a_base"),
        ("para 1,statistic,94,94,=,loans.loans,branches,", "share_has_a_base"),
        ("para 1,statistic,94,94,=,loans.lones,,", "reference_can_be_read"),
        ("para 1,statistic,94,94,=,lones.loans,,", "reference_can_be_read"),
        ("para 1,statistic,94,94,=,loans[kind=*].loans,,", "reference_can_be_read"),
        ("para 1,statistic,67%,67%,=,loans[kind=adult].loans,loans[,", "reference_can_be_read"),
    ],
)
def test_no_check(small_package: PackageFolder, row: str, rule: str) -> None:
    """A mention whose words, value, relation and total do not fit together is refused at its line, and once."""
    add_mentions(small_package, ALL, row)
    small_package.assert_rejected(rule, FILE, 3)
    assert len(small_package.judge().report["findings"]) == 1


@pytest.mark.parametrize(
    ("row", "found", "expected"),
    [
        ("para 1,statistic,93,93,=,loans[kind=adult].loans,,", 63, 93),
        ("para 1,statistic,63,63,<,loans[kind=adult].loans,,", 63, "less than 63"),
        ("para 1,statistic,66%,66%,=,loans[kind=adult].loans,loans.loans,", "63 of 94", "66%"),
        ("para 1,statistic,most,1/2,>,loans[kind=child].loans,loans.loans,", "31 of 94", "more than 1/2"),
        ("para 1,statistic,no,0,=,loans.loans,,", 94, 0),
    ],
)
def test_failing(small_package: PackageFolder, row: str, found: object, expected: object) -> None:
    """A total that is not as printed is a finding under the mention's name, which cites place and words."""
    add_mentions(small_package, row)
    verdict = small_package.judge()
    assert verdict.code == 1
    (finding,) = verdict.report["findings"]
    assert (finding["rule"], finding["found"], finding["expected"]) == ("m_1", found, expected)
    assert finding["file"] == "data/loans.csv"
    assert f"para 1 prints '{row.split(',')[2]}'" in finding["message"]


def test_failing_where_no_row_enters(small_package: PackageFolder) -> None:
    """A mention of a total without rows is located where it stands itself."""
    add_mentions(small_package, "para 1,statistic,3,3,=,loans[loans=99],,")
    small_package.assert_rejected("m_1", FILE, 2)


def test_share_of_nothing(small_package: PackageFolder) -> None:
    """A share whose base is 0 cannot be checked, which is a finding."""
    add_mentions(small_package, "para 1,statistic,3%,3%,=,loans.loans,loans[loans=99],")
    small_package.assert_rejected("m_1", FILE, 2)


def test_open(small_package: PackageFolder) -> None:
    """A mention of a total with a missing cell is open: neither passed nor failed."""
    add_mentions(small_package, "para 1,statistic,950,950,=,loans.visits,,")
    verdict = small_package.judge()
    assert verdict.code == 0
    assert "m_1" in [item["check"] for item in verdict.report["open"]]


@pytest.mark.parametrize("column", range(3))
def test_registered(small_package: PackageFolder, column: int) -> None:
    """A registered mention is accepted while it fails just as registered, and refused once it does not."""
    add_mentions(small_package, "para 1,statistic,95,95,=,loans.loans,,")
    cells = ["m_1", "94", "95"]
    register = "data/discrepancies.csv"
    small_package.spoil(register, "wording,,,loans,items", f"wording,{cells[0]},,{cells[1]},{cells[2]}")
    small_package.repair()
    small_package.assert_accepted()
    assert "m_1" in [item["check"] for item in small_package.judge().report["known_discrepancies"]]
    wrong = [cell if place != column else f"{cell}9" for place, cell in enumerate(cells)]
    small_package.spoil(
        register, f"wording,{','.join((cells[0], '', *cells[1:]))}", f"wording,{wrong[0]},,{wrong[1]},{wrong[2]}"
    )
    small_package.repair()
    small_package.assert_rejected(
        ("registered_check_exists", *["registered_discrepancy_stands"] * 2)[column], register, 3
    )


@pytest.mark.parametrize("name", ["m_1", "loans_are_94", ""])
def test_identifiers(small_package: PackageFolder, name: str) -> None:
    """No mention shares its identifier with another or with a rule, and none is without."""
    add_mentions(small_package, ALL, ALL)
    small_package.spoil(FILE, "m_2,", f"{name},")
    small_package.assert_rejected("mention_id_is_unique", FILE, 3)


def test_no_such_table(small_package: PackageFolder) -> None:
    """A declaration that names no table is refused where it stands."""
    line = small_package.edit("datapackage.json", "scrdata:mentions", to="mentioned")
    small_package.assert_rejected("declared_table_exists", "datapackage.json", line)


def test_no_such_column(small_package: PackageFolder) -> None:
    """A table of mentions without a column that the checks need is refused."""
    small_package.edit("datapackage.json", "scrdata:mentions", to="loans")
    small_package.assert_rejected("declared_table_exists", "data/loans.csv", 1)


def test_table_not_accepted(small_package: PackageFolder) -> None:
    """Mentions of a table that was not accepted are not checked, and said to be so."""
    add_mentions(small_package, ALL, "para 1,statistic,3,3,=,branches,,")
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,four")
    small_package.repair()
    assert "m_1" in [item["check"] for item in small_package.judge().report["not_checked"]]
