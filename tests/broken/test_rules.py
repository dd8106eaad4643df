"""Rules, references and registered discrepancies: unreadable, failing, cured or dangling ones are refused."""

# ruff: noqa: RUF001  (characters that look like others are what is tested)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import PackageFolder

BRANCHES = "data/branches.csv"
LOANS = "data/loans.csv"
RULES = "data/rules.csv"
REGISTER = "data/discrepancies.csv"

UNREADABLE = [
    # syntax
    *("", " ", "=", "loans.loans", "loans.loans =", "= 94", "loans.loans = = 94", "loans.loans == 94"),
    *("loans.loans != 94",),
    *("loans.loans =< 94", "loans.loans => 94", "loans.loans <> 94", "loans.loans ≤ 94", "loans.loans = 94 = 94"),
    *("loans.loans = 94;", "loans.loans = 94 branches = 3", "loans.loans = -94", "loans.loans = +94"),
    *("loans.loans = 94.0",),
    *("loans.loans = 9_4", "loans.loans = 094", "loans.loans = ９４", "loans.loans = 1e2", 'loans.loans = "94"'),
    *("loans.loans = 94%", "loans.loans / 2 = 47", "loans.loans * 2 = 188", "2loans.loans = 188", "2 * 3 = 6"),
    *("2 * 47",),
    *("(loans.loans) = 94", "-loans.loans = 94", "sum(loans.loans) = 94", "loans.loans + = 94"),
    *("loans.loans - - 3 = 94",),
    *("loans.loans −1 = 93", "loans[] = 6", "loans[ = 6", "loans] = 6", "loans[kind] = 6", "loans[kind=] = 3"),
    *("loans[kind=adult = 3", "loans[kind=adult]] = 3", "loans[kind=adult,] = 3", "loans[,kind=adult] = 3"),
    *("[kind=adult] = 3",),
    *("loans[kind=adult|] = 3", "loans[kind=|adult] = 3", "loans[kind=adult;kind=child] = 3"),
    *("loans[kind=adult kind=child] = 3",),
    *("loans[kind==adult] = 3", "loans[kind!=adult] = 3", 'loans[kind="adult] = 3', "loans[kind='adult'] = 3"),
    *("loans[kind=**] = 3",),
    *("loans[kind=adult|*] = 3", "loans[kind<*] = 3", "loans[loans<5|6] = 1", "loans[kind=adult].loans.visits = 3"),
    *("loans. = 94",),
    *(".loans = 94", "loans..loans = 94", "loans .loans = 94", "loans.loans[kind=adult] = 63", "loans.* = 94"),
    *("*.loans = 94",),
    *("loans.loans = 94 # leaflet", "loans.loans = 94\n", "loans.loans\u00a0= 94", "loans\u200b.loans = 94"),
    *("loans.loans = 94\0",),
    *("lоans.loans = 94", "loans.loans＝94", "loans.loans = 94 or 1 = 1", "loans.loans = " + "9" * 1001),
    # names
    *("lone.loans = 94", "Loans.loans = 94", "loan = 6", "notes = 1", "loans.loan = 94", "loans.Loans = 94"),
    *("loans.id = 94",),
    *("loans[branch=north] = 2", "loans[Kind=adult] = 3", "loans[branch_id.region=north] = 2"),
    *("loans[kind.name=x] = 2",),
    *("loans[branch_id.name.x=North] = 2", "loans[loans.loans=5] = 2", "branches[name.name=x] = 1"),
    *("loans[branch_id.id=*] = 1",),
    # values
    *("loans[kind=pupil] = 0", "loans[kind=Adult] = 3", 'loans[kind=" adult"] = 3', "loans[kind=adult|pupil] = 3"),
    *("loans[branch_id=pier] = 0", "loans[branch_id.branch_id=Pier] = 0", "loans[loans=many] = 0"),
    *("loans[loans=05] = 0",),
    *("loans[loans=101] = 0", "loans[loans=-1] = 0", "loans[loans<=x] = 0", "branches[opened=1950] = 1"),
    *("branches[opened<1950] = 1",),
    *("branches[opened=1950-02-30] = 0", "branches[branch_id=NORTH] = 0", "branches[parent_id=pier] = 0"),
    # what cannot be summed or ordered
    *("branches.name = 3", "branches.opened = 3", "loans.kind = 3", "loans.branch_id = 6", "branches[name<M] = 1"),
    *("branches[branch_id>=north] = 2", 'loans[visits>""] = 5', 'branches[opened<=""] = 1'),
    # stars that cannot be paired
    *("loans[kind=*] = loans[branch_id=*]", "loans[kind=*,branch_id=*] = branches[branch_id=*]"),
    *("loans[kind=*,kind=*] = 3",),
]  # fmt: skip


def replace_rule(package: PackageFolder, equation: str) -> None:
    """Put an equation in the place of `branches = 3`, which stands on line 2."""
    quoted = equation.replace('"', '""')
    package.spoil(RULES, ",branches = 3,", f',"{quoted}",')
    package.repair()


@pytest.mark.parametrize("equation", UNREADABLE)
def test_unreadable(small_package: PackageFolder, equation: str) -> None:
    """A rule that cannot be read, or names what is not there, is refused at its line and never skipped."""
    replace_rule(small_package, equation)
    rule = "file_has_no_nul" if "\0" in equation else "equation_can_be_read"
    small_package.assert_rejected(rule, RULES, 2)


FAILING = [
    *("branches = 4", "branches < 3", "branches > 3", "branches <= 2", "branches >= 4", "3 = 4"),
    *("branches = 0 * branches",),
    *("loans.loans = 93", "loans.loans - 1 = 94", "loans.loans + 1 = 94", "2 * loans.loans = 189", "94 < loans.loans"),
    *("loans[kind=adult].loans = 62", "loans[kind=adult|child].loans = 63", "loans[kind=adult,branch_id=quay] = 0"),
    *("loans[loans<=8] = 1", "loans[loans<8] = 2", "loans[loans>=30] = 2", "loans[loans>30] = 1"),
    *('loans[visits=""] = 0',),
    *("loans[kind<=child] = 6", "loans[kind>child] = 2", "loans[branch_id.name=North] = 1"),
    *('loans[branch_id.name="Quay, Old"] = 3',),
    *("loans[branch_id.parent_id.name=North] = 1", "branches[opened<1960-01-01] = 2"),
    *("branches[opened>=1962-11-05] = 0",),
    *("loans[branch_id=*] = 1", "loans[branch_id=*].loans = 42"),
    *("loans[kind=*].loans = loans[kind=*,branch_id=north].loans",),
    *("loans[kind=*] > 3", "branches[parent_id=*] = 2"),
    *(" branches=4", "branches  =  4 ", "loans[ kind = adult ] = 4", "branches = " + "9" * 1000),
]  # fmt: skip


@pytest.mark.parametrize("equation", FAILING)
def test_failing(small_package: PackageFolder, equation: str) -> None:
    """A rule that does not hold is a finding under the rule's own name, with both numbers."""
    replace_rule(small_package, equation)
    verdict = small_package.judge()
    assert verdict.code == 1
    found = [f for f in verdict.report["findings"] if f["rule"] == "branches_are_three"]
    assert found, verdict.text
    assert all(f["found"] is not None and f["expected"] is not None for f in found)


@pytest.mark.parametrize("equation", ["3 = 4", "branches = 4"])
def test_every_failure_names_a_file(small_package: PackageFolder, equation: str) -> None:
    """A failing rule is located, if nowhere else then where it is declared."""
    replace_rule(small_package, equation)
    places = [place for place in small_package.judge().places if place[0] == "branches_are_three"]
    assert all(file is not None and line is not None for _, file, line in places), places


def test_failing_rule_that_no_row_enters(small_package: PackageFolder) -> None:
    """A failing rule about rows that do not exist is located where it is declared."""
    replace_rule(small_package, "branches[name=West] = 1")
    small_package.assert_rejected("branches_are_three", RULES, 2)


def test_failing_instance(small_package: PackageFolder) -> None:
    """A failing instance of a starred rule is found at the rows of that instance."""
    small_package.spoil(LOANS, "quay,child,4", "quay,child,9")
    small_package.repair()
    small_package.assert_rejected("adults_borrow_more", LOANS, 7)


@pytest.mark.parametrize(
    "change", [(",30,", ",29,"), (",30,", ",31,"), (",4,", ",5,"), (",4,", ",3,"), (",25,", ",52,")]
)
def test_changed_counts(small_package: PackageFolder, change: tuple[str, str]) -> None:
    """A changed count fails a rule, although every checksum was repaired."""
    small_package.spoil(LOANS, *change)
    small_package.repair()
    small_package.assert_rejected("registered_discrepancy_stands", REGISTER, 2)
    assert "loans_are_94" in [place[0] for place in small_package.judge().places]


def test_missing_cell_leaves_no_rule_passed(small_package: PackageFolder) -> None:
    """A rule over a missing cell is open, and a registered discrepancy that is open is refused."""
    small_package.edit("schemas/loans.json", "fields", 2, "constraints", to={})
    small_package.spoil(LOANS, "quay,child,4,", "quay,child,,")
    small_package.repair()
    verdict = small_package.judge()
    assert ("registered_discrepancy_stands", REGISTER, 2) in verdict.places
    assert "loans_are_94" in [item["check"] for item in verdict.report["open"]]


def test_rules_over_a_refused_table(small_package: PackageFolder) -> None:
    """Rules over a table that was refused are listed as not checked."""
    small_package.spoil(LOANS, "quay,child,4,", "quay,child,four,")
    small_package.repair()
    report = small_package.judge().report
    assert {"loans_are_94", "adults_borrow_more"} <= {item["check"] for item in report["not_checked"]}
    assert [f["rule"] for f in report["findings"]] == ["cell_fits_type"]


def test_rules_over_a_schema_that_cannot_be_applied(small_package: PackageFolder) -> None:
    """Where a schema cannot be applied, that is the only finding; what rests on it is not checked."""
    small_package.edit("schemas/loans.json", "fields", 2, "type", to="int")
    report = small_package.judge().report
    assert {"loans_are_94", "loans_match_leaflet"} <= {item["check"] for item in report["not_checked"]}
    assert [f["rule"] for f in report["findings"]] == ["property_is_implemented"]


RULE_TABLES = [
    ("rule_twice", "adult_loans_are_63", "loans_are_94", "primary_key_is_unique", 4),
    ("rule_without_id", "adult_loans_are_63", "", "primary_key_is_present", 4),
    ("equation_missing", ",loans.loans = 94,", ",,", "equation_can_be_read", 3),
]


@pytest.mark.parametrize(("old", "new", "rule", "line"), [pytest.param(*case[1:], id=case[0]) for case in RULE_TABLES])
def test_rule_tables(small_package: PackageFolder, old: str, new: str, rule: str, line: int) -> None:
    """A rule without a name of its own or without an equation is refused."""
    small_package.spoil(RULES, old, new)
    small_package.repair()
    small_package.assert_rejected(rule, RULES, line)


@pytest.mark.parametrize("change", [("adult_loans_are_63", "loans_are_94"), ("adult_loans_are_63", "")])
def test_rule_tables_without_a_key(small_package: PackageFolder, change: tuple[str, str]) -> None:
    """Rules of the same name, or of none, are refused although the schema declares no key."""
    small_package.remove("datapackage.json", "resources", 2, "schema", "primaryKey")
    small_package.spoil(RULES, *change)
    small_package.repair()
    verdict = small_package.judge()
    assert verdict.code == 1
    assert (RULES, 4) in [place[1:] for place in verdict.places]


@pytest.mark.parametrize("column", ["rule_id", "equation"])
def test_rule_columns(small_package: PackageFolder, column: str) -> None:
    """A table of rules without the columns of rules is refused."""
    small_package.spoil(RULES, f"{column},", "other,") if column == "rule_id" else small_package.spoil(
        RULES, f",{column},", ",other,"
    )
    position = ["rule_id", "equation"].index(column)
    small_package.edit("datapackage.json", "resources", 2, "schema", "fields", position, "name", to="other")
    small_package.edit("datapackage.json", "resources", 2, "schema", "primaryKey", to=["statement"])
    small_package.repair()
    small_package.assert_rejected("declared_table_exists", RULES, 1)


REGISTERED = [
    ("changed_left", ",94,95,", ",93,95,", "registered_discrepancy_stands"),
    ("changed_right", ",94,95,", ",94,96,", "registered_discrepancy_stands"),
    ("swapped", ",94,95,", ",95,94,", "registered_discrepancy_stands"),
    ("not_a_number", ",94,95,", ",ninety-four,95,", "registered_discrepancy_stands"),
    ("spaces", ",94,95,", ", 94,95,", "registered_discrepancy_stands"),
    ("leading_zero", ",94,95,", ",094,95,", "registered_discrepancy_stands"),
    ("empty_values", ",94,95,", ",,,", "registered_discrepancy_stands"),
    ("unknown_check", "loans_match_leaflet", "loans_match_poster", "registered_check_exists"),
    ("capital_check", "loans_match_leaflet", "Loans_match_leaflet", "registered_check_exists"),
    ("unknown_instance", "loans_match_leaflet,", "loans_match_leaflet,kind=adult", "registered_check_exists"),
    ("holding_check", "loans_match_leaflet", "loans_are_94", "registered_discrepancy_stands"),
    ("open_check", "loans_match_leaflet", "visits_are_950", "registered_discrepancy_stands"),
    (
        "holding_instance",
        "loans_match_leaflet,",
        '"adults_borrow_more","branch_id=quay"',
        "registered_discrepancy_stands",
    ),
    ("starred_without_instance", "loans_match_leaflet", "adults_borrow_more", "registered_check_exists"),
]


@pytest.mark.parametrize(("old", "new", "rule"), [pytest.param(*case[1:], id=case[0]) for case in REGISTERED])
def test_register(small_package: PackageFolder, old: str, new: str, rule: str) -> None:
    """A registered discrepancy that does not stand exactly as registered is refused."""
    small_package.spoil(REGISTER, old, new)
    small_package.repair()
    small_package.assert_rejected(rule, REGISTER, 2)


def test_cured_discrepancy(small_package: PackageFolder) -> None:
    """A registered discrepancy whose check starts to hold must be struck off."""
    small_package.spoil(RULES, "loans.loans = 95", "loans.loans = 94")
    small_package.spoil(RULES, "loans_are_94,loans.loans = 94", "loans_are_94,94 = loans.loans")
    small_package.repair()
    small_package.assert_rejected("registered_discrepancy_stands", REGISTER, 2)


def test_discrepancy_registered_twice(small_package: PackageFolder) -> None:
    """One failing check is registered once."""
    small_package.write(REGISTER, small_package.read(REGISTER) + b"again,loans_match_leaflet,,94,95,Once more.\n")
    small_package.repair()
    small_package.assert_rejected("discrepancy_is_registered_once", REGISTER, 4)


def test_unregistered_discrepancy(small_package: PackageFolder) -> None:
    """Without the register the failing check is an error."""
    small_package.remove("datapackage.json", "scrdata:discrepancies")
    small_package.assert_rejected("loans_match_leaflet", LOANS, 2)


def test_register_without_rules(small_package: PackageFolder) -> None:
    """A register whose rules are not declared names checks that do not exist."""
    small_package.remove("datapackage.json", "scrdata:rules")
    small_package.assert_rejected("registered_check_exists", REGISTER, 2)


UNREADABLE_REFERENCES = [
    *("loans.loans = 94", "94", "loans.", "loans.loan", "lone.loans", "loans[kind=pupil].loans", "loans[kind=*].loans"),
    *(
        "loans.kind",
        "all loans",
        "loans.loans; loans.loans",
        "loans.loans + loans.visits",
        "2 * loans.loans",
        "Loans.loans",
    ),
]


@pytest.mark.parametrize("reference", UNREADABLE_REFERENCES)
def test_unreadable_references(small_package: PackageFolder, reference: str) -> None:
    """A population that is no single reference, or names what is not there, is refused at its row."""
    small_package.spoil(LOANS, "quay,child,4,20,loans[kind=child].loans", f'quay,child,4,20,"{reference}"')
    small_package.repair()
    small_package.assert_rejected("reference_can_be_read", LOANS, 7)


@pytest.mark.parametrize(
    "reference",
    ["branches", "loans[branch_id=quay,kind=adult].loans", "loans[loans>100].loans", 'branches[name="Pier"]'],
)
def test_part_exceeds_whole(small_package: PackageFolder, reference: str) -> None:
    """A part that exceeds the whole it belongs to is refused at its row."""
    small_package.spoil(LOANS, "25,310,loans.loans", f'25,310,"{reference.replace(chr(34), chr(34) * 2)}"')
    small_package.edit("schemas/loans.json", "fields", 2, "constraints", "maximum", to=1000)
    small_package.repair()
    small_package.assert_rejected("part_does_not_exceed_whole", LOANS, 4)


WHOLES: list[tuple[str, dict[str, Any]]] = [
    ("unknown_column", {"scrdata:wholeOf": "lone"}),
    ("another_table", {"scrdata:wholeOf": "branches.name"}),
    ("text_column", {"scrdata:wholeOf": "branch_id"}),
    ("category_column", {"scrdata:wholeOf": "kind"}),
    ("itself", {"scrdata:wholeOf": "population"}),
    ("no_reference", {"scrdata:reference": False}),
]


@pytest.mark.parametrize("change", [pytest.param(case[1], id=case[0]) for case in WHOLES])
def test_declared_wholes(small_package: PackageFolder, change: dict[str, Any]) -> None:
    """`scrdata:wholeOf` that names no column of numbers, or belongs to no reference, is refused in the schema."""
    for name, value in change.items():
        small_package.edit("schemas/loans.json", "fields", 4, name, to=value)
    verdict = small_package.judge()
    assert verdict.code == 1
    assert "schemas/loans.json" in [place[1] for place in verdict.places]


def test_whole_of_without_reference(small_package: PackageFolder) -> None:
    """`scrdata:wholeOf` without `scrdata:reference` would check nothing, and is refused."""
    small_package.remove("schemas/loans.json", "fields", 4, "scrdata:reference")
    verdict = small_package.judge()
    assert verdict.code == 1
    assert "schemas/loans.json" in [place[1] for place in verdict.places]


@pytest.mark.parametrize("cell", ["NaN", "INF", "-INF"])
def test_numbers_that_cannot_be_compared(small_package: PackageFolder, cell: str) -> None:
    """A part, or a summand, that is no finite number is a finding and no crash."""
    small_package.edit("schemas/loans.json", "fields", 2, to={"name": "loans", "type": "number"})
    small_package.spoil(LOANS, "north,adult,30", f"north,adult,{cell}")
    small_package.repair()
    verdict = small_package.judge()
    assert verdict.code == 1
    assert all(place[1] for place in verdict.places), "a finding names no file"


OBJECTS = ["cells[cell=*] = 1", 'cells[cell="{}"] = 2', 'cells[cell="{}"|"[]"] = 2', "cells[cell=*] = cells[row=*]"]


@pytest.mark.parametrize("equation", OBJECTS)
def test_rules_over_objects(small_package: PackageFolder, equation: str) -> None:
    """A rule that selects rows by a JSON object is evaluated or refused, and no crash."""
    small_package.add_column({"type": "object"}, "{}", '{"a": 1}')
    replace_rule(small_package, equation)
    assert small_package.judge().code == 1


@pytest.mark.parametrize("length", [50, 500, 5000])
def test_long_paths(small_package: PackageFolder, length: int) -> None:
    """A path that follows a foreign key thousands of times is evaluated or refused, and no crash."""
    replace_rule(small_package, f"branches[{'parent_id.' * length}name=North] = 3")
    assert small_package.judge().code == 1


def test_many_terms(small_package: PackageFolder) -> None:
    """An equation of thousands of terms is evaluated."""
    replace_rule(small_package, " + ".join(["loans.loans"] * 5000) + " = 1")
    assert small_package.judge().code == 1


def test_ambiguous_path(small_package: PackageFolder) -> None:
    """A path along a foreign key to a column that is not unique has no one value, and is refused."""
    fields = [{"name": "kind", "type": "string"}]
    key = {"fields": ["kind"], "reference": {"resource": "loans", "fields": ["kind"]}}
    small_package.write("data/more.csv", "kind\nadult\n")
    schema = {"fields": fields, "foreignKeys": [key]}
    more = {"name": "more", "type": "table", "path": "data/more.csv", "schema": schema}
    small_package.edit("datapackage.json", "resources", 4, to=more)
    replace_rule(small_package, "more[kind.branch_id=quay] = 1")
    small_package.assert_rejected("equation_can_be_read", RULES, 2)
