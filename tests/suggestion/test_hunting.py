"""Hunting: how many candidates of each form are tried, and how many bits what holds has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.suggestion import agreements, partitions, proposals, subsets
from scrdata.suggestion.hunting import (
    ALIKE,
    CELL,
    COLUMN_SUBSET,
    COLUMNS,
    GROUPS,
    NAMED_CELL,
    NAMED_WHOLE,
    SUBSET,
    UNLIKE,
    WHOLES,
    Candidate,
    Hunt,
)
from scrdata.suggestion.series import Subjects, pair_bits, star
from scrdata.suggestion.surprise import choice_bits, hits_bits
from tests.memory import csv_text
from tests.test_suggestion import BY_KIND, TOWN, contents_of, link, suggested, table

if TYPE_CHECKING:
    from tests.test_suggestion import Tables


def hunt_in(tables: Tables, descriptions: dict[str, str] | None = None) -> Hunt:
    """Return a hunt that has not begun."""
    return Hunt(Subjects(contents_of(tables).totals, set(), descriptions or {}))


def found(hunt: Hunt) -> list[str]:
    """Return the equations that were found."""
    return [str(candidate.equation) for candidate in hunt.found]


def column(number: int, *cells: int) -> tuple[dict[str, object], str]:
    """Return a table of one column by a key that no other table has."""
    return table([f"k{number}"], ["n"], *((f"v{row}", cell) for row, cell in enumerate(cells)))


def test_pairs_of_series_are_counted() -> None:
    """Every pair of totals by one column is a candidate, of one name or of two; rows that are one each are none."""
    tables = {name: table(["k"], ["n"], ("x", 4 + n), ("y", 60 - 7 * n)) for n, name in enumerate("abc")}
    hunt = hunt_in({**tables, "d": table(["k"], ["m"], ("x", 40), ("y", 3))})
    agreements.find_agreeing_series(hunt)
    assert (hunt.tried[ALIKE], hunt.tried[UNLIKE]) == (3, 3)
    assert found(hunt) == []


def test_numbers_that_identify_are_not_added_up() -> None:
    """Of the columns of numbers, those of keys, those that are unique and those of codes count nothing."""
    numbers = ("key", "link", "own", "code", "n")
    fields = [{"name": name, "type": "integer"} for name in numbers]
    fields[2]["constraints"] = {"unique": True}  # type: ignore[assignment]
    fields[3]["categories"] = [3, 4]  # type: ignore[assignment]
    keys = {"primaryKey": ["key"], "foreignKeys": [link("link", "u", "id")]}
    ids = {"fields": [{"name": "id", "type": "integer"}], "primaryKey": ["id"]}
    tables = {
        "t": ({"fields": fields, **keys}, csv_text(numbers, (1, 5, 2, 3, 8), (2, 5, 7, 4, 8))),
        "u": (ids, csv_text(("id",), (5,), (6,))),
    }
    subjects = hunt_in(tables).subjects
    read = subjects.totals.tables["t"]
    assert [measure.column for measure in subjects.measures(read)] == [None, "n"]
    assert subjects.dimensions(read) == [("key",), ("link",), ("code",)]


def test_three_wholes_of_six_agree() -> None:
    """Pairs of whole tables are candidates; that three agree has the bits of two hits, less those of the choice."""
    tables = {f"t{n}": column(n, 61 + n, 30) for n in range(3)}
    tables |= {f"t{n}": column(n, 70, 43, 7) for n in range(3, 6)}
    hunt = hunt_in(tables)
    agreements.find_agreeing_wholes(hunt, [])
    assert hunt.tried[WHOLES] == 15
    assert found(hunt) == ["t3.n = t4.n", "t3.n = t5.n"]
    subjects = hunt.subjects
    wholes = [subjects.series(subjects.measures(subjects.totals.tables[name])[1]) for name in ("t3", "t4")]
    assert wholes[0]
    assert wholes[1]
    alone = pair_bits(wholes[0], wholes[1], ())
    assert hunt.found[0].bits == pytest.approx(2 * alone - choice_bits(3, 6) + choice_bits(2, 6))


def test_a_column_that_divides_a_whole_in_several_ways_is_no_whole() -> None:
    """Instead of the sum of such a column, what its groups sum to is held against the other tables."""
    rows = [(f"by{n}", "one", 100 + n) for n in range(3)] + [(f"by{n}", "two", 94 - n) for n in range(3)]
    tables = {"t": table(["by", "part"], ["n"], *rows), "u": column(1, 120, 74), "v": column(2, 300, 282)}
    hunt = hunt_in(tables)
    cliques = partitions.find_groups_that_agree(hunt)
    assert [(clique.total, clique.alike) for clique in cliques] == [(194, 3)]
    assert found(hunt) == ["t[by=*].n = t[by=by0].n"]
    assert hunt.tried[GROUPS] == 2 + 1
    agreements.find_agreeing_wholes(hunt, cliques)
    assert found(hunt)[1:] == ["u.n = t[by=by0].n"]
    assert hunt.tried[WHOLES] == 3


def test_bits_of_groups_are_those_of_hits() -> None:
    """That three of four groups sum to the same is two hits in three tries."""
    rows = [(f"by{n}", part, 50 * n + 10) for n in range(4) for part in ("one", "two")]
    rows[:4] = [("by0", "one", 90), ("by0", "two", 20), ("by1", "one", 37), ("by1", "two", 73)]
    rows[4:6] = [("by2", "one", 1), ("by2", "two", 109)]
    hunt = hunt_in({"t": table(["by", "part"], ["n"], *rows)})
    partitions.find_groups_that_agree(hunt)
    assert found(hunt) == ["t[by=by0].n = t[by=by1].n", "t[by=by0].n = t[by=by2].n"]
    subjects = hunt.subjects
    groups = subjects.series(subjects.measures(subjects.totals.tables["t"])[1], star(("by",)))
    assert groups
    assert hunt.found[0].bits == pytest.approx(hits_bits(2, 3, groups.bits(("by0",), 0)))


def test_cells_below_the_largest_part_are_no_candidates() -> None:
    """A sum is held against the cells of other tables that it can reach, those that its description names apart."""
    tables = {"t": column(1, 61, 30), "u": table(["what"], ["n"], ("lost", 91), ("found", 200), ("kept", 60))}
    hunt = hunt_in(tables, {"t": "How books were lost"})
    agreements.find_agreeing_wholes(hunt, [])
    assert (hunt.tried[NAMED_CELL], hunt.tried[CELL]) == (1, 1)
    assert found(hunt) == ["t.n = u[what=lost].n"]
    assert hunt.found[0].form == NAMED_CELL
    below = hunt_in({**tables, "t": column(1, 61, 31, -1)})
    agreements.find_agreeing_wholes(below, [])
    assert (below.tried.get(NAMED_CELL, 0), below.tried[CELL]) == (0, 3)


def test_wholes_that_rows_name() -> None:
    """Each group that names one other total is a try; a group that names itself, or two totals, is none."""
    schema, _ = table(["by", "part"], ["n"])
    schema["fields"].append({"name": "of", "scrdata:reference": True, "scrdata:wholeOf": "n"})
    names = {"a": "t[by=a].n", "b": "t[by=a].n", "c": "t[by=a].n", "e": "u.n"}
    rows = [(by, part, n, names[by]) for by in names for part, n in (("one", 91), ("two", 60 if by == "c" else 103))]
    rows += [("d", "one", 90, "t[by=a].n"), ("d", "two", 104, "u.n")]
    hunt = hunt_in({"t": (schema, csv_text(("by", "part", "n", "of"), *rows)), "u": column(1, 150, 44)})
    partitions.find_named_wholes(hunt)
    assert found(hunt) == ["t[by=b].n = t[by=a].n", "t[by=e].n = u.n"]
    subjects = hunt.subjects
    groups = subjects.series(subjects.measures(subjects.totals.tables["t"])[1], star(("by",)))
    assert groups
    assert hunt.found[0].bits == pytest.approx(groups.bits(("b",), 0) - choice_bits(2, 3))
    assert hunt.tried[NAMED_WHOLE] == 2


def test_runs_of_columns_are_counted() -> None:
    """Each column is held against the columns beside it, any two, and all others; never against every subset."""
    rows = [(f"r{n}", *((n + 2) ** (k + 2) % 97 for k in range(5))) for n in range(6)]
    hunt = hunt_in({"t": table(["row"], ["a", "b", "c", "d", "e"], *rows)})
    partitions.find_columns_that_add_up(hunt)
    assert 5 * 6 < hunt.tried[COLUMNS] < 5 * (6 + 4 + 1 + 4)
    wide = hunt_in({"t": table(["row"], [f"n{k}" for k in range(12)], ("x", *range(12)), ("y", *range(12)))})
    partitions.find_columns_that_add_up(wide)
    assert wide.tried[COLUMNS] <= 12 * 12


def test_columns_that_are_equal_are_no_subset() -> None:
    """Of two columns that are equal in every row none is within the other."""
    rows = [(f"r{n}", n * 7 % 11, n * 7 % 11, n * 7 % 11 + n % 2) for n in range(10)]
    hunt = hunt_in({"t": table(["row"], ["a", "b", "c"], *rows)})
    subsets.find_columns_within_columns(hunt)
    assert hunt.tried[COLUMN_SUBSET] == 6
    assert found(hunt) == ["t[row=*].a <= t[row=*].c", "t[row=*].b <= t[row=*].c"]


def test_totals_that_are_equal_are_no_subset() -> None:
    """Of two tables that agree value by value none is within the other."""
    rows = [(f"r{n}", n * 7 % 11) for n in range(10)]
    hunt = hunt_in({"a": table(["k"], ["n"], *rows), "b": table(["k"], ["n"], *rows)})
    subsets.find_totals_within_totals(hunt)
    assert hunt.tried[SUBSET] == 2
    assert found(hunt) == []


def test_the_finer_rule_is_taken_first() -> None:
    """A rule that holds value by value is kept though one that follows from it has more bits."""
    contents = contents_of(TOWN)
    coarse = Candidate(WHOLES, contents.totals.equation("loans.loans = kinds.loans"), 30.0)
    fine = Candidate(ALIKE, contents.totals.equation(BY_KIND), 20.0)
    assert [kept for kept, _ in proposals._new_ones([coarse, fine], contents)] == [fine]


def test_a_table_whose_name_is_a_number_has_its_suggestions() -> None:
    """Where a term begins, digits are a number; the factor of 1 says that a table is meant."""
    rest = {"kinds": TOWN["kinds"], "branches": TOWN["branches"]}
    named = {rule.equation for rule in suggested({"t31": TOWN["loans"], **rest}).rules}
    found = [rule.equation for rule in suggested({"31": TOWN["loans"], **rest}).rules]
    assert {text.replace("1 * 31", "t31") for text in found} == named
    assert any(text.startswith("1 * 31") for text in found)


def test_what_does_not_hold_is_never_suggested() -> None:
    """Whatever a search brings, the project's own evaluation of the equation decides."""
    contents = contents_of(TOWN)
    wrong = Candidate(WHOLES, contents.totals.equation("loans.loans = kinds[kind=book].loans"), 30.0)
    assert proposals._new_ones([wrong], contents) == []
