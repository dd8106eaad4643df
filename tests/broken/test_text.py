"""Text that looks like something else: refused where a table promises clean text, a warning elsewhere."""

# ruff: noqa: RUF001  (characters that look like others are what is tested)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import PackageFolder

FILE = "data/branches.csv"
CELLS = [
    *(" North", "North ", "No  rth", "   ", " "),
    *("No\u00a0rth", "No\u2007rth", "No\u202frth", "No\u3000rth", "No\u2003rth", "No\u1680rth", "No\u205frth"),
    *("No\trth", "No\x0brth", "No\x0crth", "No\x1brth", "No\x7frth", "No\x85rth", "No\x9brth", "No\x08rth", "\x1a"),
    *("No\nrth", "North\n", "No\u2028rth", "No\u2029rth"),
    *("No\u200brth", "No\u200crth", "No\u200drth", "No\u2060rth", "No\u00adrth", "\ufeffNorth", "No\u034frth"),
    *("No\u2061rth", "No\u180erth", "No\u115frth", "No\u3164rth", "No\uffa0rth", "No\u2800rth", "No\ufe0frth"),
    *("No\u200erth", "No\u200frth", "No\u061crth", "No\u202arth", "No\u202erth", "No\u2066rth", "No\u2069rth"),
    *("No\ue000rth", "No\uf8ffrth", "No\U000f0000rth", "No\U0010fffdrth", "No\ufffdrth", "No\ufffcrth", "No\ufff9rth"),
    *("No\ufdd0rth", "No\U0001fffertH", "No\U000e0041rth", "No\U000e0100rth", "No\U0001d173rth", "No\u0378rth"),
    *("Ame\u0301lie", "A\u030angstrom", "\u212bngstrom", "\u2126hm", "\u1112\u1161\u11ab"),
    *("Ã©cole", "CafÃ©", "Â£5", "Iâ€™m", "â€œNorthâ€", "NaÃ¯ve", "ÃƒÂ©", "ï»¿North", "Ð¡ÐµÐ²ÐµÑ€", "ðŸ˜€", "Å¾"),
    *("â‚¬5",),
    *("=1+1", "=cmd|'/c calc'!A0", "+1", "+44 20", "-cmd", "-1+1", "@SUM(A1)", "==", "--", "- North"),
    *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM"),
]  # fmt: skip


@pytest.mark.parametrize("cell", CELLS, ids="{!a}".format)
def test_clean_tables(small_package: PackageFolder, cell: str) -> None:
    """A table that promises clean text has no cell with stray characters, mojibake or formulas."""
    quoted = cell.replace('"', '""')
    small_package.spoil(FILE, "south,South", f'south,"{quoted}"')
    small_package.repair()
    small_package.assert_rejected("text_is_clean", FILE, 3)


@pytest.mark.parametrize("cell", CELLS, ids="{!a}".format)
def test_other_tables(small_package: PackageFolder, cell: str) -> None:
    """Elsewhere the same cells are warnings: listed with their line, and no reason to refuse."""
    small_package.add_column({"type": "string"}, "x", cell)
    verdict = small_package.judge()
    assert verdict.code == 0, verdict.text
    found = [(f["rule"], f["severity"], f["file"], f["line"]) for f in verdict.report["findings"]]
    assert found == [("text_is_clean", "warning", "data/cells.csv", 3)]


@pytest.mark.parametrize("holder", ["resource", "schema"])
def test_who_promises(small_package: PackageFolder, holder: str) -> None:
    """Resource and schema can both promise clean text."""
    position = small_package.add_column({"type": "string"}, " x")
    path = ("schema",) if holder == "schema" else ()
    small_package.edit("datapackage.json", "resources", position, *path, "scrdata:text", to="clean")
    small_package.assert_rejected("text_is_clean", "data/cells.csv", 2)


CONTROLS = "\x1b]0;x\x07\x1b[2J\r\u202e\u2028"


def _as_json_escapes(text: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in text)


@pytest.mark.parametrize("name", ["version", "name", "title", "$schema", "scrdata:rules", "unknown"])
def test_controls_in_the_package(small_package: PackageFolder, name: str) -> None:
    """Control characters of the descriptor reach no report, whatever the verdict."""
    small_package.edit("datapackage.json", name, to=CONTROLS)
    small_package.judge()  # which looks at every character of the report


@pytest.mark.parametrize(
    "path",
    [
        ("name",),
        ("path",),
        ("schema",),
        ("type",),
        ("hash",),
        ("encoding",),
        ("dialect",),
        ("scrdata:text",),
        (CONTROLS,),
    ],
)
def test_controls_in_a_resource(small_package: PackageFolder, path: tuple[str]) -> None:
    """Control characters of a resource reach no report."""
    small_package.edit("datapackage.json", "resources", 1, *path, to=CONTROLS)
    small_package.judge()


@pytest.mark.parametrize("name", ["name", "type", "format", "title", "scrdata:wholeOf", "scrdata:" + CONTROLS])
def test_controls_in_a_field(small_package: PackageFolder, name: str) -> None:
    """Control characters of a field reach no report."""
    small_package.edit("schemas/loans.json", "fields", 1, name, to=CONTROLS)
    assert small_package.judge().code in (0, 1)


@pytest.mark.parametrize("constraint", ["enum", "pattern", "minimum", CONTROLS])
def test_controls_in_a_constraint(small_package: PackageFolder, constraint: str) -> None:
    """Control characters of a constraint reach no report."""
    value = [CONTROLS] if constraint == "enum" else CONTROLS
    small_package.edit("schemas/loans.json", "fields", 0, "constraints", constraint, to=value)
    assert small_package.judge().code == 1


@pytest.mark.parametrize(("file", "old"), [
    ("data/rules.csv", "loans_are_94"),
    ("data/rules.csv", "All loans add up to 94."),
    ("data/rules.csv", "loans.loans = 94"),
    ("data/discrepancies.csv", "loans_match_leaflet"),
    ("data/discrepancies.csv", "leaflet,loans"),
    ("data/discrepancies.csv", ",94,95"),
    ("data/loans.csv", "north,adult,30"),
    ("data/loans.csv", ",loans.loans\nnorth"),
    ("data/branches.csv", "1950-03-31"),
    ("data/branches.csv", "branch_id,name"),
])  # fmt: skip
def test_controls_in_cells(small_package: PackageFolder, file: str, old: str) -> None:
    """Control characters of keys, rules and other cells reach no report, also where they are only warnings."""
    for schema in ("schemas/branches.json", "schemas/loans.json"):
        small_package.remove(schema, "scrdata:text")
    controls = CONTROLS.replace("\r", "")
    new = old.replace("loans", "loans" + controls) if "loans" in old else old[:5] + controls + old[5:]
    small_package.spoil(file, old, new)
    small_package.spoil("data/loans.csv", "400", "x")
    small_package.repair()
    assert small_package.judge().code == 1


def test_controls_in_keys(small_package: PackageFolder) -> None:
    """A primary key with control characters is escaped where it names the row of another finding."""
    fields = [{"name": "id", "type": "string"}, {"name": "number", "type": "integer"}]
    small_package.write("data/more.csv", "id,number\n\x1b[31mred,x\n")
    schema = {"fields": fields, "primaryKey": ["id"]}
    more = {"name": "more", "type": "table", "path": "data/more.csv", "schema": schema}
    small_package.edit("datapackage.json", "resources", 4, to=more)
    small_package.assert_rejected("cell_fits_type", "data/more.csv", 2)


def test_controls_in_rule_names(small_package: PackageFolder) -> None:
    """The name of a failing rule is escaped."""
    small_package.spoil("data/rules.csv", "loans_are_94,loans.loans = 94", "\x1b[31mred,loans.loans = 96")
    small_package.repair()
    assert small_package.judge().code == 1


def test_controls_in_open_checks(small_package: PackageFolder) -> None:
    """The name of an open check is escaped."""
    small_package.spoil("data/rules.csv", "visits_are_950", "visits\x1b[31m")
    small_package.repair()
    small_package.judge()
