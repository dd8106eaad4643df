"""Suggestions: what the data obey is found, weighed against chance, worded, and never stated twice."""

from __future__ import annotations

import itertools
import json
import random
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from scrdata.contents import with_evidence
from scrdata.descriptor import read_descriptor
from scrdata.errors import InvalidPackageError, PackageError, ScrdataError
from scrdata.findings import Ledger
from scrdata.package import AT_LEAST
from scrdata.rules import Rule, evaluate
from scrdata.sealing import seal
from scrdata.suggestion import agreements, series, subsets
from scrdata.suggestion.proposals import find_rules
from scrdata.suggestion.statements import Statements
from scrdata.validation import Contents, read_evidence, read_resource
from tests.memory import csv_text, package, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import PackageFolder

    from scrdata.suggestion.proposals import Suggestions

    Tables = dict[str, tuple[dict[str, Any], str]]

# The false positives of random packages, measured over 400 of them: 19 had one at 2 bits, 5 at 4 bits.
RANDOM_PACKAGES = 120
MOST_WITH_A_SUGGESTION = 0.08
MOST_WITH_A_STRONG_ONE = 0.03


def contents_of(tables: Tables) -> Contents:
    """Return a package in memory, which has to be free of findings, with its rules read."""
    ledger = Ledger()
    descriptor = read_descriptor(package(tables), ledger)  # type: ignore[arg-type]
    read = {name: read_resource(descriptor, item, ledger) for name, item in descriptor.resources.items()}
    assert ledger.findings == []
    contents = Contents(descriptor, {name: table for name, table in read.items() if table is not None}, ledger)
    read_evidence(contents)
    assert ledger.findings == []
    return contents


def suggested(tables: Tables, at_least: float = 2.0) -> Suggestions:
    """Return what is suggested for tables in memory."""
    return find_rules(contents_of(tables), "memory", at_least)


def equations(found: Suggestions) -> list[str]:
    """Return the equations that are suggested."""
    return [rule.equation for rule in found.rules]


def table(
    keys: Sequence[str], columns: Sequence[str], *rows: tuple[object, ...], **schema: object
) -> tuple[dict[str, Any], str]:
    """Return a table of text keys and columns of integers."""
    fields = [{"name": name} for name in keys] + [{"name": name, "type": "integer"} for name in columns]
    return {"fields": fields, "primaryKey": list(keys), **schema}, csv_text((*keys, *columns), *rows)


def link(column: str, resource: str, key: str | None = None) -> dict[str, Any]:
    """Return a foreign key of one column."""
    return {"fields": [column], "reference": {"resource": resource, "fields": [key or column]}}


TOWN: Tables = {
    "branches": table(["branch"], [], ("north",), ("south",), ("quay",)),
    "loans": table(
        ["branch", "kind"],
        ["loans"],
        *(("north", "book", 812), ("north", "film", 107), ("south", "book", 655)),
        *(("south", "film", 240), ("quay", "book", 98), ("quay", "film", 31)),
        foreignKeys=[link("branch", "branches")],
    ),
    "kinds": table(["kind"], ["loans"], ("book", 1565), ("film", 378)),
}
BY_KIND = "loans[kind=*].loans = kinds[kind=*].loans"


@pytest.fixture(scope="module")
def rediscovered(tmp_path_factory: pytest.TempPathFactory) -> Suggestions:
    """Return what is suggested for a copy of the shipped package that states no rule."""
    return scrdata.suggest(bare_copy(tmp_path_factory.mktemp("bare")))


def bare_copy(folder: Path) -> str:
    """Copy the shipped package without its rules, mentions and register; return the folder."""
    checkout = Path(__file__).parent.parent
    for name in ("data", "schemas"):
        shutil.copytree(checkout / name, folder / name)
    descriptor = json.loads((checkout / "datapackage.json").read_text(encoding="utf-8"))
    del descriptor["scrdata:mentions"], descriptor["scrdata:discrepancies"]
    rule_file = folder / "data" / "rules.csv"
    header = rule_file.read_text(encoding="utf-8").partition("\n")[0]
    rule_file.write_text(f"{header}\n", encoding="utf-8", newline="")
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    seal(str(folder))
    return str(folder)


KNOWN_TIES = [
    "causes_of_death.children = child_characteristics[characteristic=outcome,category=died].children",
    "reviews[judgement=*] = durations[judgement=*].reviews",
    "reviews[judgement=*] = judgements[period_id=2009-10,judgement=*].reviews",
    "child_characteristics[characteristic=outcome].children = child_characteristics[characteristic=age].children",
    "child_characteristics[characteristic=outcome].children = child_characteristics[characteristic=sex].children",
    "review_characteristics[characteristic=half_of_year].reviews = reviews",
    "review_characteristics[characteristic=focus].reviews = reviews",
    "review_characteristics[characteristic=began_within_one_month].reviews = reviews",
    "review_sizes.children = child_characteristics[characteristic=outcome].children",
    "review_sizes.reviews = review_characteristics[characteristic=focus,category=children].reviews",
    "boards[board_id=*] <= reviews[board_id=*]",
]


@pytest.mark.parametrize("equation", KNOWN_TIES)
def test_the_ties_of_the_report_are_rediscovered(rediscovered: Suggestions, equation: str) -> None:
    """Without its rules, the shipped package has its best known ties suggested."""
    assert equation in equations(rediscovered)


def test_what_is_rediscovered_is_a_rule(rediscovered: Suggestions) -> None:
    """Every suggestion for the bare copy is among the shipped rules, or follows from them cell by cell."""
    shipped = with_evidence(scrdata.open_package().contents)
    statements = Statements(shipped.totals)
    for rule in shipped.rules:
        statements.add(rule.equation)
    assert len(rediscovered.rules) > 20
    unstated = [text for text in equations(rediscovered) if not statements.imply(shipped.totals.equation(text))]
    assert unstated == []


def test_rules_that_are_stated_are_not_suggested() -> None:
    """For the shipped package, which states its ties, nothing is left to suggest."""
    found = scrdata.suggest()
    assert found.rules == ()
    assert found.tried > 1_000


def test_every_suggestion_holds_and_is_canonical(rediscovered: Suggestions, tmp_path: Path) -> None:
    """Every equation is parsed by the notation, prints as it stands, holds in every instance, and has its number."""
    contents = with_evidence(scrdata.open_package(bare_copy(tmp_path / "bare")).contents)
    for rule in rediscovered.rules:
        equation = contents.totals.equation(rule.equation)
        assert str(equation) == rule.equation
        outcomes = list(evaluate(Rule(rule.rule_id, equation, rule.statement, 0), contents.totals))
        assert len(outcomes) == rule.instances
        assert {outcome.holds for outcome in outcomes} <= {True, None}
        assert any(outcome.holds for outcome in outcomes)


def test_suggestions_can_be_pasted(tmp_path: Path) -> None:
    """All suggestions together, written into the table of rules, leave the package valid and nothing to suggest."""
    folder = bare_copy(tmp_path / "bare")
    found = scrdata.suggest(folder)
    rows = [(r.rule_id, r.equation, r.statement, r.basis, "table 1") for r in found.rules]
    text = csv_text(("rule_id", "equation", "statement", "basis", "locators"), *rows)
    Path(folder, "data", "rules.csv").write_text(text, encoding="utf-8", newline="")
    seal(folder)
    report = scrdata.validate(folder)
    assert report.valid, report.findings
    assert report.checked["rules"] == len(rows)
    assert scrdata.suggest(folder).rules == ()


def test_identifiers_are_unique_phrases(rediscovered: Suggestions) -> None:
    """Identifiers consist of small letters, digits and underscores, and no two are alike."""
    names = [rule.rule_id for rule in rediscovered.rules]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch("[a-z0-9_]{1,130}", name)] == []


def test_an_identifier_that_is_taken_gets_a_number() -> None:
    """A rule of the package keeps its identifier; the suggestion takes the next that is free."""
    name = suggested(TOWN).rules[0].rule_id
    schema = {"fields": [{"name": "rule_id"}, {"name": "equation"}, {"name": "statement"}]}
    rows = [(name, "branches = 3", "There are three."), (f"{name}_2", "branches < 4", "There are few.")]
    tables = {**TOWN, "rules": (schema, csv_text(("rule_id", "equation", "statement"), *rows))}
    assert suggested(tables).rules[0].rule_id == f"{name}_3"


def test_two_suggestions_of_the_same_words_are_told_apart() -> None:
    """Where the words of two suggestions are alike, the second has a number."""
    tables = {**TOWN, "kinds-2": TOWN["kinds"], "kinds_2": TOWN["kinds"]}
    del tables["kinds"]
    assert {rule.rule_id: rule.equation for rule in suggested(tables).rules[:2]} == {
        "loans_loans_equal_kinds_2_loans_for_each_kind": "loans[kind=*].loans = kinds-2[kind=*].loans",
        "loans_loans_equal_kinds_2_loans_for_each_kind_2": "loans[kind=*].loans = kinds_2[kind=*].loans",
    }


def test_the_tables_of_rules_take_no_part() -> None:
    """Numbers that stand in the table of rules are no data."""
    schema, text = table(["rule_id", "equation", "statement"], ["loans"], ("three", "branches = 3", "Three.", 1565))
    with_rules = {**TOWN, "rules": (schema, text)}
    assert suggested(with_rules).tried == suggested(TOWN).tried
    assert suggested({**with_rules, "more": (schema, text)}).tried > suggested(TOWN).tried


def test_the_most_surprising_stands_first(rediscovered: Suggestions) -> None:
    """Suggestions are in the order of their bits, and none has fewer than was asked for."""
    bits = [rule.bits for rule in rediscovered.rules]
    assert bits == sorted(bits, reverse=True)
    assert min(bits) >= rediscovered.at_least == 2.0


def test_the_same_package_gets_the_same_suggestions() -> None:
    """Two readings give equal suggestions."""
    assert suggested(TOWN) == suggested(TOWN)


def test_parts_and_their_totals_in_two_tables_agree() -> None:
    """A starred rule says at once that the rows of one table sum to those of another, with its numbers."""
    rule = suggested(TOWN).rules[0]
    assert (rule.equation, rule.instances, rule.basis) == (BY_KIND, 2, "derived")
    assert rule.evidence == ("812 + 655 + 98 = 1565", "107 + 240 + 31 = 378")
    assert rule.statement == "For each kind, the sum of loans in loans equals the loans in kinds."
    assert rule.rule_id == "loans_loans_equal_kinds_loans_for_each_kind"


def test_what_follows_is_not_suggested() -> None:
    """That the whole tables agree follows from their agreement kind by kind, and is left out."""
    assert "loans.loans = kinds.loans" not in equations(suggested(TOWN, 0.0))


@pytest.mark.parametrize(
    "stated",
    [
        BY_KIND,
        "kinds[kind=*].loans = loans[kind=*].loans",
        "2 * loans[kind=*].loans = 2 * kinds[kind=*].loans",
        "loans[branch=north|south|quay,kind=*].loans - kinds[kind=*].loans = 0",
    ],
)
def test_what_is_stated_in_other_words_is_not_suggested(stated: str) -> None:
    """A rule about the same cells is known in any spelling."""
    found = suggested({**TOWN, "rules": rules(stated)})
    assert BY_KIND not in equations(found)
    assert BY_KIND in equations(suggested({**TOWN, "rules": rules("kinds = 2")}))


def test_what_follows_from_two_rules_is_not_suggested() -> None:
    """If a = b and b = c are stated, a = c is not suggested."""
    third = table(["kind"], ["loans"], ("film", 378), ("book", 1565))
    tables = {**TOWN, "kinds_again": third}
    assert len([text for text in equations(suggested(tables)) if "[kind=*].loans" in text]) == 2
    stated = rules(BY_KIND, "loans[kind=*].loans = kinds_again[kind=*].loans")
    assert [text for text in equations(suggested({**tables, "rules": stated})) if "[kind=*].loans" in text] == []


def test_rows_count_what_a_column_states() -> None:
    """The number of rows of a table is held against the column of that name elsewhere."""
    kinds = ["a"] * 41 + ["b"] * 17 + ["c"] * 29
    rows = [(f"r{number}", kind) for number, kind in enumerate(kinds)]
    schema = {"fields": [{"name": "id"}, {"name": "kind", "constraints": {"enum": ["a", "b", "c"]}}]}
    tables = {
        "loans": ({**schema, "primaryKey": ["id"]}, csv_text(("id", "kind"), *rows)),
        "kinds": table(["kind"], ["loans"], ("a", 41), ("b", 17), ("c", 29)),
    }
    assert equations(suggested(tables)) == ["loans[kind=*] = kinds[kind=*].loans"]


def test_columns_of_a_row_add_up() -> None:
    """A column that is the sum of those beside it in every row is found, by the key of the rows."""
    rows = [(f"r{n}", a, b, c, a + b + c) for n, (a, b, c) in enumerate([(31, 5, 12), (7, 66, 20), (58, 9, 41)])]
    found = suggested({"t": table(["row"], ["girls", "boys", "adults", "people"], *rows)})
    rule = found.rules[0]
    assert rule.equation == "t[row=*].people = t[row=*].girls + t[row=*].boys + t[row=*].adults"
    assert (rule.instances, rule.basis, rule.evidence[0]) == (3, "definition", "48 = 31 + 5 + 12")


@pytest.mark.parametrize("least", [0, -1])
def test_parts_of_a_column_are_within_it_by_that_alone(least: int) -> None:
    """A part that cannot exceed the sum is not suggested as a subset too, unless another part is below zero."""
    parts = [(37 * n % 101, n % 3 + 5, least if n == 7 else n % 2) for n in range(20)]
    rows = [(f"r{n}", *part, sum(part)) for n, part in enumerate(parts)]
    texts = equations(suggested({"t": table(["row"], ["girls", "boys", "change", "all"], *rows)}))
    assert texts[0] == "t[row=*].all = t[row=*].girls + t[row=*].boys + t[row=*].change"
    assert ("t[row=*].girls <= t[row=*].all" in texts) is (least < 0)


def test_two_of_many_columns_add_up() -> None:
    """Of few columns, any two are tried as the parts of a third; missing cells are left open."""
    rows = [("r1", 61, 9, 17, 44), ("r2", 90, 4, 52, 38), ("r3", None, 4, 52, 3), ("r4", 77, 1, 30, 47)]
    found = suggested({"t": table(["row"], ["all_of", "other", "x", "y"], *rows)})
    assert "t[row=*].all_of = t[row=*].x + t[row=*].y" in equations(found)
    spoilt = [*rows[:3], ("r4", 77, 1, 30, 46)]
    assert equations(suggested({"t": table(["row"], ["all_of", "other", "x", "y"], *spoilt)})) == []


def test_a_column_of_zeros_is_no_part() -> None:
    """A column that is always zero is not added to one that is equal anyway."""
    rows = [(f"r{n}", 7 * n + 30, 7 * n + 30, 0) for n in range(6)]
    found = suggested({"t": table(["row"], ["one", "other", "none"], *rows)})
    assert equations(found) == ["t[row=*].one = t[row=*].other"]


def test_columns_of_which_most_cells_are_missing_are_passed_over() -> None:
    """Few rows in which all cells are there prove nothing about the others."""
    rows = [("a", 61, 17, 44), ("b", 90, 52, 38), *((f"r{n}", n, 5, None) for n in range(4))]
    assert equations(suggested({"t": table(["row"], ["x", "y", "z"], *rows)}, 0.0)) == []


def test_totals_with_a_missing_cell_do_not_agree() -> None:
    """Where one table lacks a cell and the other the row, nothing is known, and nothing is suggested."""
    one = table(["k"], ["n"], ("x", 70), ("y", 33), ("z", None))
    other = table(["k"], ["n"], ("x", 70), ("y", 33))
    assert equations(suggested({"one": one, "other": other})) == []
    assert equations(suggested({"one": other, "other": other})) == ["one[k=*].n = other[k=*].n"]


def test_a_row_is_the_total_of_the_others() -> None:
    """A row that is called a total, and is the sum of the others for each value of the rest of the key, is found."""
    rows = [("2009", "girl", 91), ("2009", "boy", 103), ("2009", "all", 194)]
    rows += [("2010", "girl", 77), ("2010", "boy", 58), ("2010", "all", 135)]
    rule = suggested({"t": table(["period", "sex"], ["children"], *rows)}).rules[0]
    assert rule.equation == "t[period=*,sex=all].children = t[period=*,sex=girl|boy].children"
    assert rule.evidence == ("194 = 91 + 103", "135 = 77 + 58")


def test_a_phrase_does_not_list_many_parts() -> None:
    """An identifier counts the parts of a total where they are more than three; the sentence names them all."""
    parts = [(f"p{number}", 30 + 17 * number) for number in range(5)]
    (rule,) = suggested({"t": table(["part"], ["n"], *parts, ("all", sum(part[1] for part in parts)))}).rules
    assert rule.rule_id == "t_n_of_all_equal_t_n_of_five_of_part"
    assert rule.statement == "The n in t where part is all equals the sum of n in t where part is p0, p1, p2, p3 or p4."


def test_a_total_of_many_rows_is_held_against_the_whole() -> None:
    """Where the parts are too many to be written out, the column is twice its total."""
    parts = [(f"part{number}", 10 + number * number) for number in range(90)]
    tables = {"t": table(["part"], ["n"], *parts, ("total", sum(part[1] for part in parts)))}
    (rule,) = suggested(tables).rules
    assert rule.equation == "t.n = 2 * t[part=total].n"
    assert (rule.tried, rule.candidates) == (1, "rows that are called a total")


def test_groups_that_divide_one_whole_agree() -> None:
    """Groups of rows that sum to the same are told apart from one that does not."""
    rows = [("sex", "girl", 91), ("sex", "boy", 103), ("age", "baby", 69), ("age", "child", 125)]
    rows += [("home", "own", 150), ("home", "other", 44), ("school", "yes", 80), ("school", "no", 60)]
    found = suggested({"t": table(["by", "part"], ["children"], *rows)})
    assert equations(found) == [
        "t[by=sex].children = t[by=age].children",
        "t[by=sex].children = t[by=home].children",
    ]
    alike = suggested({"t": table(["by", "part"], ["children"], *rows[:6])})
    assert equations(alike) == ["t[by=*].children = t[by=sex].children"]


def test_groups_sum_to_the_whole_that_they_name() -> None:
    """Where each row names its whole, the rows of one group that sum to it are found."""
    schema, _ = table(["by", "part"], ["children"])
    schema["fields"].append({"name": "of", "scrdata:reference": True, "scrdata:wholeOf": "children"})
    rows = [("sex", "girl", 91, "wholes.people"), ("sex", "boy", 103, "wholes.people")]
    rows += [("place", part, number, "t[by=sex,part=girl].children") for part, number in (("town", 60), ("land", 31))]
    tables = {
        "wholes": table(["row"], ["people"], ("a", 140), ("b", 54)),
        "t": (schema, csv_text(("by", "part", "children", "of"), *rows)),
    }
    assert equations(suggested(tables)) == [
        "t[by=place].children = t[by=sex,part=girl].children",
        "t[by=sex].children = wholes.people",
    ]


def test_a_column_stays_within_another() -> None:
    """A column that never exceeds another is found if the order of the rows says so, not where one is just larger."""
    pairs = [(3 * n % 40 + n, 3 * n % 40 + n + n % 3) for n in range(12)]
    rows = [(f"r{number}", *pair) for number, pair in enumerate(pairs)]
    found = suggested({"t": table(["row"], ["died", "children"], *rows)})
    assert equations(found) == ["t[row=*].died <= t[row=*].children"]
    far = [(f"r{number}", low, high + 1_000) for number, (low, high) in enumerate(pairs)]
    assert equations(suggested({"t": table(["row"], ["died", "children"], *far)}, 0.0)) == []


def test_totals_stay_within_those_of_another_table() -> None:
    """Numbers of a group within another are found by the column that both tables have."""
    pairs = [(5 * n % 37, 5 * n % 37 + n % 2) for n in range(14)]
    tables = {
        name: table(["place"], ["people"], *((f"p{row}", pair[side]) for row, pair in enumerate(pairs)))
        for side, name in enumerate(("ill", "all_people"))
    }
    assert equations(suggested(tables)) == ["ill[place=*].people <= all_people[place=*].people"]


@pytest.mark.parametrize("excess", [0, 100])
def test_children_stay_within_their_parents(excess: int) -> None:
    """In a table whose rows have a parent, the parts of each parent stay within it; if one does not, all is void."""
    parents = [(f"p{n}", None, 20 + 13 * n % 90) for n in range(8)]
    children = [(f"c{n}{k}", f"p{n}", (20 + 13 * n % 90) // 2 - k) for n in range(8) for k in range(2)]
    children.append(("more", "p0", excess))
    schema = {
        "fields": [{"name": "id"}, {"name": "parent"}, {"name": "n", "type": "integer"}],
        "primaryKey": ["id"],
        "foreignKeys": [link("parent", "", "id")],
    }
    tables = {"t": (schema, csv_text(("id", "parent", "n"), *parents, *children))}
    assert ("t[parent.id=*].n <= t[id=*].n" in equations(suggested(tables))) is (excess == 0)


def test_rows_of_each_key() -> None:
    """That each row has one or more, or equally many, rows of another table is found through the foreign key."""
    places = [(f"p{n}",) for n in range(12)]
    visits = [(f"v{n}", f"p{n % 12 if n < 12 else n % 5}") for n in range(20)]
    schema = {"fields": [{"name": "visit"}, {"name": "at"}], "primaryKey": ["visit"]}
    schema["foreignKeys"] = [link("at", "places", "place")]  # type: ignore[assignment]
    some: Tables = {
        "places": table(["place"], [], *places),
        "visits": (schema, csv_text(("visit", "at"), *visits)),
    }
    rule = suggested(some).rules[0]
    assert rule.equation == "places[place=*] <= visits[at.place=*]"
    assert rule.statement == "Each place of places has at least one row in visits."
    even = [(f"v{n}", f"p{n % 12}") for n in range(36)]
    rule = suggested({**some, "visits": (schema, csv_text(("visit", "at"), *even))}).rules[0]
    assert rule.equation == "visits[at.place=*] = 3 * places[place=*]"
    assert rule.statement == "Each place of places has three rows in visits."


def test_decimals_are_exact() -> None:
    """Numbers with decimals are added exactly: tenths that add up do, a sum off by its last digit does not."""
    fields = [{"name": "kind"}, {"name": "weight", "type": "number"}]
    schema = {"fields": fields, "primaryKey": ["kind"]}
    rows = [("a", "12.1"), ("b", "0.2"), ("total", "12.3")]
    tables = {"t": (schema, csv_text(("kind", "weight"), *rows))}
    assert equations(suggested(tables)) == ["t[kind=total].weight = t[kind=a|b].weight"]
    off = {"t": (schema, csv_text(("kind", "weight"), *rows[:2], ("total", "12.30000000000000001")))}
    assert equations(suggested(off, 0.0)) == []


@pytest.mark.parametrize("cells", [("NaN", "1", "2"), ("INF", "INF", "-INF"), ("1e999", "1e-999", "1")])
def test_numbers_beyond_reckoning(cells: tuple[str, ...]) -> None:
    """A column that holds NaN or infinity is passed over, one of vast exponents is reckoned exactly."""
    schema = {"fields": [{"name": "kind"}, {"name": "n", "type": "number"}], "primaryKey": ["kind"]}
    rows = [(f"k{number}", cell) for number, cell in enumerate(cells)]
    assert equations(suggested({"t": (schema, csv_text(("kind", "n"), *rows))}, 0.0)) == []


@pytest.mark.parametrize(
    "tables",
    [
        {"a": table(["k"], ["n"], ("x", 0), ("y", 0)), "b": table(["k"], ["n"], ("x", 0), ("y", 0))},
        {"a": table(["k"], ["n"], ("x", 1), ("y", 1)), "b": table(["k"], ["n"], ("x", 1), ("y", 1))},
        {"a": table(["k"], [], ("x",), ("y",)), "b": table(["k"], [], ("x",), ("y",))},
        {"a": table(["k", "l"], ["n"], ("x", "1", 70), ("x", "2", 0), ("y", "1", 33), ("y", "2", 0))},
        {"a": table(["k"], ["n"], ("total", 70), ("x", 70), ("y", 0))},
        {"a": table(["k"], ["n"])},
        {},
    ],
    ids=["zeros", "ones", "rows", "nothing but zeros beside", "total of one", "no rows", "no tables"],
)
def test_what_is_trivial_is_not_suggested(tables: Tables) -> None:
    """Zeros, ones, single rows, and a part beside which there is nothing but zeros make no suggestion."""
    tables = {**tables, "z": table(["other"], ["m"], ("o", 5), ("p", 8))}
    assert equations(suggested(tables, 0.5)) == []


def test_names_that_the_notation_cannot_write_are_passed_over() -> None:
    """Tables and columns with other characters in their names take part in no suggestion."""
    other = table(["kind"], ["no. of"], ("book", 1565), ("film", 378))
    tables = {**TOWN, "kinds by name": TOWN["kinds"], "other": other}
    assert [text for text in equations(suggested(tables)) if "by name" in text or "no. of" in text] == []
    assert BY_KIND in equations(suggested(tables))


def random_tables(seed: int) -> Tables:
    """Return tables of numbers without any connection, by keys that they share."""
    source = random.Random(seed)  # noqa: S311  (no secret is made)
    codes = {key: [f"{key}{number}" for number in range(source.randint(2, 7))] for key in ("kind", "area", "year")}
    tables: Tables = {}
    for number in range(source.randint(2, 5)):
        keys = source.sample(sorted(codes), source.randint(1, 2))
        columns = source.sample(["people", "cases", "visits", "items"], source.randint(1, 3))
        shapes = [(source.choice("ulgs"), source.choice([9, 50, 200, 1000])) for _ in columns]
        rows = [
            (*key, *(draw(source, *shape) for shape in shapes))
            for key in itertools.product(*(codes[key] for key in keys))
            if source.random() < 0.9
        ]
        tables[f"t{number}"] = table(keys, columns, *rows)
    rows = [(f"c{n}", *(source.choice(codes[k]) for k in codes), source.randint(0, 100)) for n in range(60)]
    coded = [{"name": key, "constraints": {"enum": values}} for key, values in codes.items()]
    fields = [{"name": "id"}, *coded, {"name": "visits", "type": "integer"}]
    tables["cases"] = {"fields": fields, "primaryKey": ["id"]}, csv_text(("id", *codes, "visits"), *rows)
    return tables


def draw(source: random.Random, shape: str, top: int) -> int:
    """Return a number of one of four distributions: even, log-even, bell-shaped, small."""
    if shape == "u":
        return source.randint(0, top)
    if shape == "l":
        return int(2 ** (source.random() * 10))
    return max(0, int(source.gauss(top, top / 4))) if shape == "g" else source.choice([0, 0, 1, 1, 2, 3])


def test_numbers_without_connection_make_hardly_any_suggestion() -> None:
    """Of packages of random numbers few have a suggestion, hardly any a strong one, and none many."""
    found = [suggested(random_tables(seed)) for seed in range(RANDOM_PACKAGES)]
    best = [max((rule.bits for rule in item.rules), default=0.0) for item in found]
    assert min(item.tried for item in found) > 10
    assert sum(bits >= 2 for bits in best) <= MOST_WITH_A_SUGGESTION * RANDOM_PACKAGES
    assert sum(bits >= 4 for bits in best) <= MOST_WITH_A_STRONG_ONE * RANDOM_PACKAGES
    assert max(len(item.rules) for item in found) <= 2


@pytest.mark.parametrize("seed", range(8))
def test_a_planted_tie_is_found_among_random_numbers(seed: int) -> None:
    """A table of sums beside random ones is found, every time."""
    tables = random_tables(seed)
    source = random.Random(seed)  # noqa: S311  (no secret is made)
    rows = [(a, b, source.randint(20, 900)) for a, b in itertools.product(("x", "y", "z"), ("one", "two", "three"))]
    sums = {a: sum(number for own, _, number in rows if own == a) for a, _, _ in rows}
    tables["parts"] = table(["letter", "word"], ["sold"], *rows)
    tables["wholes"] = table(["letter"], ["sold"], *sums.items())
    assert "parts[letter=*].sold = wholes[letter=*].sold" in equations(suggested(tables))


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a limit leaves out is named, and the rest is still tried."""
    wide = table(["row"], [f"n{n}" for n in range(14)], ("a", *range(14)), ("b", *range(14, 28)))
    rows = [(f"p{n}", f"k{n % 2}", n) for n in range(60)]
    tables = {**TOWN, "wide": wide, "long": table(["place", "kind"], ["n"], *rows)}
    notes = suggested(tables).not_tried
    assert notes == (
        "columns of numbers after the first 12 of a table: wide",
        "parts by a column of more than 40 values: long.place",
    )
    monkeypatch.setattr(agreements, "MOST_CELLS", 3)
    monkeypatch.setattr(subsets, "MOST_PAIRS", 1)
    monkeypatch.setattr(series, "MOST_DIMENSIONS", 1)
    found = suggested(tables)
    assert len(found.not_tried) > len(notes)
    monkeypatch.setattr(series, "ROWS_VISITED", 10)
    assert "totals after 10 rows had been visited" in suggested(tables).not_tried


def test_a_note_names_the_first_of_many() -> None:
    """Of many tables that a limit concerns the first are named and the others counted."""
    rows = [(f"p{n}", f"k{n % 2}", n) for n in range(41)]
    tables = {f"t{number}": table(["place", "kind"], ["n"], *rows) for number in range(10)}
    named = ", ".join(f"t{number}.place" for number in range(8))
    assert suggested(tables).not_tried == (f"parts by a column of more than 40 values: {named} and 2 more",)


def test_a_table_without_a_key_is_told() -> None:
    """Columns of a table without a key cannot be tied row by row, which is said."""
    schema, text = table(["row"], ["a", "b"], ("x", 5, 5), ("y", 6, 6))
    del schema["primaryKey"]
    assert suggested({"t": (schema, text)}).not_tried == ("columns of a table without a key of codes or names: t",)


def test_large_tables_take_time_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows that are visited grow with the table, not with its square."""
    visited = []
    keep = series.Subjects.__init__

    def remember(self: series.Subjects, *arguments: Any) -> None:  # noqa: ANN401
        keep(self, *arguments)
        visited.append(self)

    monkeypatch.setattr(series.Subjects, "__init__", remember)
    for number in (500, 1_000, 2_000):
        rows = [(f"p{n}", f"k{n % 7}", n * 37 % 1_000, n * 91 % 500) for n in range(number)]
        suggested({"t": table(["place", "kind"], ["a", "b"], *rows)})
    first, second, third = (item.visited for item in visited)
    assert third - second == pytest.approx(2 * (second - first), rel=0.05)


def test_one_limit_is_the_default_everywhere() -> None:
    """The function, the method and the command suggest from the same number of bits."""
    assert scrdata.suggest.__kwdefaults__ == scrdata.Package.suggest.__kwdefaults__ == {"at_least": AT_LEAST}


@pytest.mark.parametrize("at_least", [-1.0, float("nan")])
def test_bits_that_are_no_limit_are_refused(at_least: float) -> None:
    """Fewer than no bits, or no number of bits, is an error of the caller."""
    with pytest.raises(ScrdataError, match="a number of bits from 0 was expected"):
        scrdata.suggest(at_least=at_least)


def test_an_invalid_package_has_no_suggestions(small_package: PackageFolder, tmp_path: Path) -> None:
    """A package with a failing rule, a wrong checksum or no descriptor is refused as everywhere else."""
    small_package.spoil("data/rules.csv", "loans.loans = 94", "loans.loans = 93")
    small_package.repair()
    with pytest.raises(InvalidPackageError, match="is not valid"):
        scrdata.suggest(small_package)
    with pytest.raises(PackageError):
        scrdata.suggest(tmp_path)


def test_suggestions_as_objects() -> None:
    """The JSON object holds all parts, and nothing but text, numbers and lists."""
    found = suggested(TOWN)
    again = json.loads(json.dumps(found.to_dict()))
    assert again == found.to_dict()
    assert again.keys() == {"package", "at_least", "tried", "not_tried", "rules"}
    assert again["rules"][0]["equation"] == BY_KIND
    assert again["rules"][0]["bits"] == found.rules[0].bits
    assert found.rules[0].chance.startswith("1 in ")
