"""Faults of rules, references, mentions and the register: every number, name and mark of each, one at a time."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from typing import TYPE_CHECKING

from tests.conftest import small_files
from tests.faults.fault import ANYWHERE, DESCRIPTOR, LOANS, REGISTER, RULES, Fault, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import PackageFolder

MENTIONS = "data/mentions.csv"
READABLE = "equation_can_be_read"
COLUMNS = ("mention_id", "locator", "kind", "printed", "value", "relation", "total", "share_of", "note")
GOOD_MENTIONS = [
    ("all", "para 1", "statistic", "Ninety-four", "94", "=", "loans.loans", "", ""),
    ("adults", "para 1", "statistic", "67%", "67%", "=", "loans[kind=adult].loans", "loans.loans", ""),
    ("third", "para 2", "statistic", "a third", "1/3", "<=", "loans[kind=child].loans", "loans.loans", ""),
    ("most", "para 2", "statistic", "60", "60", ">", "loans[kind=adult].loans", "", ""),
    ("when", "para 3", "date", "April 2009", "2009-04", "", "", "", ""),
    ("many", "para 3", "statistic", "many", "", "", "", "", "vague"),
]


def read_rows(package: PackageFolder, file: str) -> list[list[str]]:
    """Return the cells of a table, its header first."""
    return list(csv.reader(io.StringIO(package.read(file).decode())))


def write_rows(package: PackageFolder, file: str, rows: list[list[str]]) -> None:
    """Write a table, and make the checksums true again."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    package.write(file, text.getvalue())
    package.repair()


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    yield from _counts()
    yield from _numbers()
    yield from _names()
    yield from _marks()
    yield from _references()
    yield from _register()
    yield from _mentions()
    yield from _columns()


def _small_rows(file: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(small_files()[file])))


def _put(file: str, row: int, column: int, text: str, wanted: Wanted, package: PackageFolder) -> Wanted:
    if file == MENTIONS:
        _add_mentions(package)
    rows = read_rows(package, file)
    rows[row][column] = text
    write_rows(package, file, rows)
    return wanted


def _counts() -> Iterator[Fault]:
    """Yield every number that a rule of the small package binds, one more and one less and ten times as much."""
    rules = (
        *("loans_are_94", "adult_loans_are_63", "loans_match_leaflet", "adults_borrow_more"),
        *("registered_discrepancy_stands", "cell_is_within_bounds", "part_does_not_exceed_whole"),
    )
    for row, cells in enumerate(_small_rows(LOANS)[1:], 1):
        for change in (int(cells[2]) + 1, int(cells[2]) - 1, int(cells[2]) * 10):
            yield Fault(f"count {row} is {change}", partial(_put, LOANS, row, 2, str(change), Wanted(rules, LOANS)))


def _numbers() -> Iterator[Fault]:
    """Yield every number of every equation that no missing cell leaves open, one more and one less."""
    for row, (name, equation, _) in enumerate(_small_rows(RULES)[1:], 1):
        for match in () if name == "visits_are_950" else re.finditer(r"[0-9]+", equation):
            for change in (1, -1):
                text = equation[: match.start()] + str(int(match[0]) + change) + equation[match.end() :]
                wanted = Wanted((name, "registered_discrepancy_stands"), ANYWHERE)
                yield Fault(f"number {equation} {change:+}", partial(_put, RULES, row, 1, text, wanted))


def _names() -> Iterator[Fault]:
    """Yield every name in every equation, misspelt in each way."""
    for row, (_, equation, _) in enumerate(_small_rows(RULES)[1:], 1):
        for match in re.finditer(r"[a-z_]+", equation):
            for slip in (match[0] + "s", match[0][:-1], match[0].capitalize(), "x", match[0] + " x", "0" + match[0]):
                text = equation[: match.start()] + slip + equation[match.end() :]
                yield Fault(
                    f"name {row} {text}", partial(_put, RULES, row, 1, text, Wanted((READABLE,), RULES, [row + 1]))
                )


MARKS = (
    "[",
    "]",
    "=",
    ".",
    ",",
    "*",
    "(",
    ")",
    "|",
    '"',
    "+ ",
    "= 1 =",
    "\\",
    "{",
    "&",
    "==",
    "\u2009",
    "\x00",
    "\n",
    "é",
    "-",
    "1 ",
)


def _marks() -> Iterator[Fault]:
    """Yield a mark too many at the beginning and at the end of every equation, and every mark too few."""
    for row, (_, equation, _) in enumerate(_small_rows(RULES)[1:], 1):
        for mark in MARKS:
            for text in (equation + mark, mark + equation, equation.replace("=", mark + "=", 1)):
                # One more number, sign or space can make another equation that can be read.
                if mark not in ("-", "1 ", "\n", "\u2009") or text == equation.replace("=", mark + "=", 1):
                    wanted = Wanted((READABLE, "file_has_no_nul"), RULES, [row + 1, row + 2])
                    yield Fault(f"mark {row} {text!r}", partial(_put, RULES, row, 1, text, wanted))
        for match in re.finditer(r"[\[\]=<]", equation):
            text = equation[: match.start()] + equation[match.end() :]
            if match[0] == "=" and equation[match.start() - 1] == "<":
                continue
            wanted = Wanted((READABLE,), RULES, [row + 1])
            if match[0] == "<":
                wanted = Wanted(("adults_borrow_more",), ANYWHERE)
            yield Fault(f"mark gone {row} {text!r}", partial(_put, RULES, row, 1, text, wanted))


REFERENCES = (
    *(
        "loans.",
        "loan.loans",
        "loans.loan",
        "loans[",
        "loans[]",
        "loans[kind]",
        "loans[kind=].loans",
        "loans[kind=pupil].loans",
    ),
    *("loans[Kind=adult].loans", "loans[kind=adult.loans", "loans[kind=adult]].loans", ".loans", "loans.loans.loans"),
    *(
        "loans.loans = 94",
        "94",
        "loans.loans + 1",
        "loans[kind=*].loans",
        "loans.kind",
        "branches.name",
        " ",
        "loans.loans,",
    ),
    *(
        "LOANS.loans",
        "loans.l\u043eans",
        "loans/loans",
        "loans:loans",
        "loans.loans loans.visits",
        '"loans".loans',
        "-loans.loans",
    ),
)


def _references() -> Iterator[Fault]:
    rules = ("reference_can_be_read", "text_is_clean", "part_does_not_exceed_whole")
    for row in range(1, len(_small_rows(LOANS))):
        for text in REFERENCES:
            wanted = Wanted(rules, LOANS, [row + 1])
            yield Fault(f"reference {row} {text!r}", partial(_put, LOANS, row, 4, text, wanted))


def _register() -> Iterator[Fault]:
    rules = (
        *("registered_discrepancy_stands", "registered_check_exists", "loans_match_leaflet", "cell_fits_type"),
        "discrepancy_is_registered_once",
    )
    for column, texts in (
        (
            1,
            (
                "",
                "loans_match",
                "Loans_match_leaflet",
                "loans_are_94",
                "*",
                "leaflet",
                "branches",
                "loans_match_leaflet ",
            ),
        ),
        (2, ("0", "kind=adult", "*", "-", "loans", "NA")),
        (3, ("", "93", "95", "94.5", "+94", "ninety-four", "94 ", "-94", "9.4e2")),
        (4, ("", "94", "96", "95.5", "+95", "ninety-five", "95 ", "-95", "9.5e0")),
    ):
        for text in texts:
            yield Fault(
                f"register {column} {text!r}", partial(_put, REGISTER, 1, column, text, Wanted(rules, ANYWHERE))
            )
    yield Fault("register empty", _emptied_register)


def _emptied_register(package: PackageFolder) -> Wanted:
    write_rows(package, REGISTER, read_rows(package, REGISTER)[:1])
    return Wanted(("loans_match_leaflet",), ANYWHERE)


def _add_mentions(package: PackageFolder) -> None:
    fields = [{"name": name, "type": "string", "scrdata:reference": name in ("total", "share_of")} for name in COLUMNS]
    resource = {"name": "mentions", "type": "table", "path": MENTIONS, "schema": {"fields": fields}}
    package.edit(DESCRIPTOR, "resources", 4, to=resource)
    package.edit(DESCRIPTOR, "scrdata:mentions", to="mentions")
    write_rows(package, MENTIONS, [list(COLUMNS), *map(list, GOOD_MENTIONS)])


def _mentions() -> Iterator[Fault]:
    """Yield every cell of every mention that says something, in ways that say something else."""
    ids = tuple(mention[0] for mention in GOOD_MENTIONS)
    rules = (
        *("printed_words_say_the_value", "mention_states_a_total", "mention_has_a_relation", "mention_has_a_number"),
        *("share_has_a_base", "statistic_has_total_or_note", "reference_can_be_read", "mention_id_is_unique", *ids),
    )
    for row, mention in enumerate(GOOD_MENTIONS, 1):
        changes: dict[int, tuple[str, ...]] = {}
        if mention[0] not in ("when", "many"):
            changes = {
                3: ("", "ninety-five", "68%", "two thirds", "-1", "several", "94 or 95"),
                4: ("", "95", "68%", "2/3", "1/0", "94.5", "+94", "ninety-four", "67 %", "\u0669\u0664"),
                5: ("", "==", "!=", "is", "\u2248", "=<"),
                6: REFERENCES[:12],
                7: ("x", "loans.", "branches.name", "loans[kind=*].loans", "loans.kind"),
            }
        if mention[0] == "when":
            changes = {4: ("2009-05", "2010-04", "2009-4", "04/2009"), 5: ("=",), 6: ("loans.loans",)}
        changes[0] = (GOOD_MENTIONS[row % len(GOOD_MENTIONS)][0], "loans_are_94", "")
        for column, texts in changes.items():
            for text in texts:
                spoil = partial(_put, MENTIONS, row, column, text, Wanted(rules, MENTIONS))
                yield Fault(f"mention {mention[0]} {column} {text!r}", spoil)


def _columns() -> Iterator[Fault]:
    for declaration, file, columns in (
        ("scrdata:rules", RULES, _small_rows(RULES)[0]),
        ("scrdata:discrepancies", REGISTER, _small_rows(REGISTER)[0]),
        ("scrdata:mentions", MENTIONS, list(COLUMNS)),
    ):
        for column in columns:
            if column not in ("statement", "explanation", "kind", "note"):  # which a table may lack
                yield Fault(f"{declaration} without {column}", partial(_without, file, column))
        for name in ("rule", "Rules", "data/rules.csv", "rules ", "*", "branch"):
            yield Fault(f"{declaration} is {name!r}", partial(_declare, declaration, name))


def _without(file: str, column: str, package: PackageFolder) -> Wanted:
    if file == MENTIONS:
        _add_mentions(package)
    position = [resource["path"] for resource in package.json()["resources"]].index(file)
    fields = package.json()["resources"][position]["schema"]["fields"]
    at = [field["name"] for field in fields].index(column)
    package.edit(DESCRIPTOR, "resources", position, "schema", "fields", at, "name", to="other")
    if package.json()["resources"][position]["schema"].get("primaryKey") == [column]:
        package.edit(DESCRIPTOR, "resources", position, "schema", "primaryKey", to=["other"])
    rows = read_rows(package, file)
    rows[0][at] = "other"
    write_rows(package, file, rows)
    return Wanted(("declared_table_exists",), file, [1])


def _declare(declaration: str, name: str, package: PackageFolder) -> Wanted:
    line = package.edit(DESCRIPTOR, declaration, to=name)
    return Wanted(("declared_table_exists",), DESCRIPTOR, [line])
