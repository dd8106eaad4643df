"""Coverage as it is computed from equations, held against changes that are made and validated one by one."""

from __future__ import annotations

import itertools
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import scrdata
from scrdata.guarding import Guard, count_columns
from scrdata.numerals import readings
from scrdata.pairing import Pairing
from tests.change_bench import Bench
from tests.conftest import PackageFolder
from tests.guarded_packages import ALWAYS, DECIDING, HIGHEST, LINEAR, STARRED, packages, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.guarding import GuardedCell

    Cell = tuple[str, str, int]

CHECKOUT = Path(__file__).parent.parent
UNHURRIED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture(scope="module")
def shipped() -> Bench:
    """Return the shipped package, to be changed in memory."""
    return Bench(CHECKOUT)


def place_of(cell: GuardedCell) -> Cell:
    """Return table, column and row of a cell, from 0."""
    return cell.table, cell.column, cell.row - 1


def passing(bench: Bench, cell: Cell, values: list[int]) -> list[int]:
    """Return the values of a cell that validation lets pass."""
    return [value for value in values if bench.is_valid({cell: value})]


def test_shipped_counts(shipped: Bench) -> None:
    """Every count of the shipped package is guarded alone and in pairs: no change of it is accepted."""
    found = shipped.package.coverage(every=True)
    cells = [cell for cell in found.cells if cell.table != "mentions"]
    assert {(cell.alone, cell.in_pairs) for cell in found.cells} == {("guarded", True)}
    assert len(cells) > 200
    assert [cell for cell in cells if passing(shipped, place_of(cell), shipped.domain(place_of(cell), 1))] == []


def test_shipped_mentions(shipped: Bench) -> None:
    """Every value of a mention of the shipped package is guarded: no other reading of its words is accepted."""
    mentions = [mention for mention in shipped.contents.mentions if mention.value]
    tried = 0
    for mention in mentions:
        for _, value in readings(mention.words):
            if value != mention.value:
                tried += 1
                assert not shipped.is_valid({("mentions", "value", mention.row): value}), mention
    assert tried > 10
    for mention in mentions[::25]:
        assert not shipped.is_valid({("mentions", "value", mention.row): "999"}), mention


def test_changes_in_memory_are_changes_of_files(shipped: Bench, shipped_copy: PackageFolder) -> None:
    """What is tried in memory is what `validate` says of the files, with all checksums repaired."""
    mention = next(m.row for m in shipped.contents.mentions if m.mention_id == "footnote_1_8")
    changes = [
        ("durations", "reviews", 3, "good,over_2_years,1\n", "good,over_2_years,2\n", 2),
        ("mentions", "value", mention, "1,date,2009–10,2009/2010", "1,date,2009–10,2009-10", "2009-10"),
        ("boards", "note", 0, ",E09000003,London,\n", ",E09000003,London,Changed.\n", "Changed."),
    ]  # fmt: skip
    for table, column, row, old, new, value in changes:
        before = shipped_copy.read(f"data/{table}.csv")
        shipped_copy.spoil(f"data/{table}.csv", old, new)
        shipped_copy.repair()
        is_valid = scrdata.validate(shipped_copy).valid
        assert is_valid is shipped.is_valid({(table, column, row): value}) is (table == "boards")
        shipped_copy.write(f"data/{table}.csv", before)


def thinned(bench: Bench, seed: int) -> Bench:
    """Return the package with a random part of its rules and mentions left out."""
    chance = random.Random(seed)  # noqa: S311  (nothing here is secret)
    thin = Bench(CHECKOUT)
    registered = {check for check, _ in bench.contents.register.rows} if bench.contents.register else set()
    thin.contents.rules = [r for r in thin.contents.rules if r.rule_id in registered or chance.random() < 0.35]
    thin.contents.mentions = [m for m in thin.contents.mentions if m.mention_id in registered or chance.random() < 0.25]
    return thin


@pytest.mark.parametrize("seed", range(2))
def test_thinned_package_alone(shipped: Bench, seed: int) -> None:
    """With two of three checks gone, each count is guarded, partly or not just as trying its values says."""
    thin = thinned(shipped, seed)
    guard = Guard(thin.contents)
    found = set()
    cells = [
        (cell, verdict)
        for name in count_columns(thin.contents)
        if name in guard.domains
        for row, verdict in guard.column(name)
        for cell in [(*name, row)]
    ]
    chance = random.Random(seed)  # noqa: S311  (nothing here is secret)
    for cell, verdict in chance.sample(cells, 60):
        found.add(verdict.alone)
        values = thin.domain(cell, 4)
        least, greatest = ends(verdict.least), ends(verdict.greatest)
        values = sorted({*values, *(value for value in (least, greatest) if value is not None)})
        passed = passing(thin, cell, values)
        if verdict.alone == "guarded":
            assert passed == [], (cell, verdict)
        else:
            assert least in passed, (cell, verdict)
            assert greatest in passed, (cell, verdict)
            assert (least, greatest) == (min(passed), max(passed)), (cell, verdict)
        assert (verdict.alone == "unguarded") == (len(passed) == len(values) and verdict.guards == ())
    assert found == {"guarded", "partly", "unguarded"}


def ends(text: str | None) -> int | None:
    """Return the end of a range as a number."""
    return None if text is None else int(text)


def test_thinned_package_in_pairs(shipped: Bench) -> None:
    """With most checks gone, a cell that is guarded in pairs has no partner, and each partner named is one."""
    thin = thinned(shipped, 1)
    guard = Guard(thin.contents)
    pairing = Pairing(guard.effects, guard.alternatives)
    alone = {
        (*name, row): verdict.alone == "guarded"
        for name in count_columns(thin.contents)
        if name in guard.domains
        for row, verdict in guard.column(name)
    }
    verdicts = {cell: pairing.verdict(cell) for cell, is_guarded in alone.items() if is_guarded}
    assert {in_pairs for in_pairs, _ in verdicts.values()} == {True, False}
    safe = [cell for cell, (in_pairs, _) in verdicts.items() if in_pairs]
    chance = random.Random(1)  # noqa: S311  (nothing here is secret)
    for cell in chance.sample(safe, 30):
        near = [other for other in alone if other[0] == cell[0] and other != cell]
        far = [other for other in alone if other[0] != cell[0]]
        for other in [*chance.sample(near, min(3, len(near))), *chance.sample(far, 3)]:
            assert not any(thin.is_valid(change) for change in steps(thin, cell, other)), (cell, other)
    for cell, (_, partner) in verdicts.items():
        if partner is not None and cell[0] not in ("cases", "publications"):
            assert any(thin.is_valid(change) for change in steps(thin, cell, partner, 10)), (cell, partner)


def steps(bench: Bench, one: Cell, other: Cell, most: int = 1) -> Iterator[dict[Cell, int]]:
    """Yield small changes of two cells, by steps of one, and of one against several."""
    now = [bench.tables[table].columns[column][row] for table, column, row in (one, other)]
    for first, second in itertools.product((1, -1), repeat=2):
        for factor in range(1, most + 1):
            yield {one: now[0] + first, other: now[1] + factor * second}
            if factor > 1:
                yield {one: now[0] + factor * first, other: now[1] + second}


def brute_pairs(bench: Bench, cell: Cell, others: list[Cell]) -> set[Cell]:
    """Return the cells that can be changed together with one, all values of both being tried."""
    found = set()
    for other in others:
        values = itertools.product(bench.domain(cell), bench.domain(other))
        if other != cell and any(bench.is_valid({cell: one, other: two}) for one, two in values):
            found.add(other)
    return found


@settings(max_examples=80, **UNHURRIED)
@given(st.data())
def test_random_packages_alone(data: st.DataObject) -> None:
    """In random packages the values that pass unnoticed are, from least to greatest, those that pass when tried."""
    with tempfile.TemporaryDirectory() as folder:
        package = data.draw(packages(Path(folder), [*LINEAR, *DECIDING, *STARRED, *ALWAYS]))
        assume(package.validate().valid)
        bench = Bench(folder)
        for cell in package.coverage(columns=["items.x", "items.y"], every=True).cells:
            passed = passing(bench, place_of(cell), bench.domain(place_of(cell)))
            assert (cell.alone == "guarded") == (passed == []), (cell, passed)
            if passed:
                assert cell.least == str(passed[0]), (cell, passed)
                is_keyed = bool(bench.tables["items"].schema.unique_keys)
                assert is_keyed or cell.greatest == str(passed[-1]), (cell, passed)
            if not bench.tables["items"].schema.unique_keys:
                assert (cell.alone == "unguarded") == (len(passed) == HIGHEST), (cell, passed)


@settings(max_examples=40, **UNHURRIED)
@given(st.data(), st.booleans())
def test_random_packages_in_pairs(data: st.DataObject, is_linear: bool) -> None:  # noqa: FBT001  (drawn)
    """In random packages no pair passes that is said to be noticed; without conditions on counts, no more is said."""
    with tempfile.TemporaryDirectory() as folder:
        kinds = LINEAR if is_linear else [*LINEAR, *DECIDING, *STARRED, *ALWAYS]
        package = data.draw(packages(Path(folder), kinds, missing=not is_linear))
        assume(package.validate().valid)
        bench = Bench(folder)
        cells = package.coverage(columns=["items.x", "items.y"], every=True).cells
        places = [place_of(cell) for cell in cells]
        for cell in cells:
            if cell.alone == "guarded":
                partners = brute_pairs(bench, place_of(cell), places)
                assert not (cell.in_pairs and partners), (cell, partners)
                if is_linear and cell.partner is not None and not bench.tables["items"].schema.unique_keys:
                    named = {f"{table}.{column} row {row + 1}" for table, column, row in partners}
                    assert cell.partner in named, (cell, partners)


def cover(folder: Path, items: list[tuple[str, ...]], *rules: str, unique: bool = False) -> dict[str, GuardedCell]:
    """Return how some rules guard the cells of some items, by id and column."""
    write(folder, items, list(rules), [], unique=unique)
    assert scrdata.validate(folder).valid
    found = scrdata.coverage(folder, columns=["items.x", "items.y"], every=True)
    return {f"{cell.key['id']}.{cell.column}": cell for cell in found.cells}


ITEMS = [("i0", "a", "1", "2", ""), ("i1", "a", "3", "0", ""), ("i2", "b", "1", "4", "")]


def test_ranges(tmp_path: Path) -> None:
    """An inequality guards beyond its range, an equation everything, and what no check sees is unguarded."""
    cells = cover(tmp_path, ITEMS, "items[id=i0].x <= 2", "items[kind=b].y = 4", "2 * items[id=i1].x > 3")
    found = {name: (cell.alone, cell.least, cell.greatest, cell.guards) for name, cell in cells.items()}
    assert found == {
        "i0.x": ("partly", "0", "2", ("rule_0",)),
        "i1.x": ("partly", "2", "4", ("rule_2",)),
        "i2.x": ("unguarded", "0", "4", ()),
        "i0.y": ("unguarded", "0", "4", ()),
        "i1.y": ("unguarded", "1", "4", ()),
        "i2.y": ("guarded", None, None, ("rule_1",)),
    }


def test_conditions(tmp_path: Path) -> None:
    """A cell inside a class is guarded by its count, one outside only from entering it; two can change places."""
    cells = cover(tmp_path, ITEMS, "items[x=1] = 2", "items.y = 6")
    found = {name: (cell.alone, cell.least, cell.greatest, cell.partner) for name, cell in cells.items()}
    assert found["i0.x"] == found["i2.x"] == ("guarded", None, None, "items.x row 2")
    assert found["i1.x"] == ("partly", "0", "4", None)
    assert found["i0.y"] == ("guarded", None, None, "items.y row 2")


def test_cell_that_is_summed_and_a_condition(tmp_path: Path) -> None:
    """A cell whose change moves its row out of the total is guarded only as far as the total changes."""
    cells = cover(tmp_path, [("i0", "a", "1", "2", ""), ("i1", "a", "0", "0", "")], "items[x>=1].x = 1")
    assert cells["i0.x"].alone == "guarded"
    assert (cells["i1.x"].alone, cells["i1.x"].least, cells["i1.x"].greatest) == ("guarded", None, None)
    cells = cover(tmp_path, [("i0", "a", "1", "2", ""), ("i1", "a", "0", "0", "")], "items[x>=2].x = 0")
    assert (cells["i0.x"].alone, cells["i0.x"].least, cells["i0.x"].greatest) == ("partly", "0", "0")


def test_open_checks_guard_nothing(tmp_path: Path) -> None:
    """A rule over a missing cell notices nothing, and the missing cell itself is not counted."""
    cells = cover(tmp_path, [("i0", "a", "1", "2", ""), ("i1", "a", "", "0", "")], "items.x = 1")
    assert cells["i0.x"].alone == "unguarded"
    assert "i1.x" not in cells


def test_wholes_and_keys(tmp_path: Path) -> None:
    """A part is guarded from exceeding its whole, and a key from values that other rows have."""
    items = [("i0", "a", "1", "2", "items[id=i1].x"), ("i1", "a", "3", "0", ""), ("i2", "a", "2", "4", "")]
    cells = cover(tmp_path, items, unique=True)
    assert (cells["i0.y"].alone, cells["i0.y"].least, cells["i0.y"].greatest) == ("partly", "0", "3")
    assert (cells["i1.x"].alone, cells["i1.x"].least) == ("partly", "4")
    assert cells["i0.x"].least == "0"


def test_factors_in_pairs(tmp_path: Path) -> None:
    """Changes that cancel by a factor are found only where the bounds have room for them."""
    items = [("i0", "a", "1", "2", ""), ("i1", "b", "3", "0", "")]
    cells = cover(tmp_path, items, "2 * items[id=i0].x - items[id=i1].x + 1 = 0")
    assert (cells["i0.x"].partner, cells["i1.x"].partner) == ("items.x row 2", "items.x row 1")
    cells = cover(tmp_path, items, "items[id=i1].x + 4 * items[id=i0].x = 7", "items[id=i1].x >= 0")
    assert (cells["i0.x"].in_pairs, cells["i1.x"].in_pairs) == (True, True)
    cells = cover(tmp_path, items, "items.x = 4", "items[id=i0].x <= 1", "items[id=i1].x <= 3")
    assert (cells["i0.x"].in_pairs, cells["i1.x"].in_pairs) == (True, True)


def test_registered_value_guards(small_package: PackageFolder) -> None:
    """A registered discrepancy guards what its rule adds up, since it has to fail by just that much."""
    rules = "rule_id,equation,statement\nloans_match_leaflet,loans.loans = 95,The leaflet.\n"
    small_package.write("data/rules.csv", rules)
    small_package.repair()
    assert small_package.judge().code == 0
    found = scrdata.coverage(small_package, columns=["loans.loans"], every=True)
    assert {(cell.alone, cell.guards) for cell in found.cells} == {("guarded", ("loans_match_leaflet",))}


def test_instances_that_vanish(small_package: PackageFolder) -> None:
    """A change that takes the last row of an instance away passes, unless that instance is registered to fail."""
    rule = 'rule_id,equation,statement\nbusy,"loans[branch_id=*,visits>=400] = 1",Busy.\n'
    header = "discrepancy_id,check_id,instance,left_value,right_value,explanation\n"
    small_package.write("data/rules.csv", rule)
    small_package.write("data/discrepancies.csv", header)
    small_package.repair()
    found = scrdata.coverage(small_package, columns=["loans.visits"], every=True).cells
    assert (found[0].value, found[0].alone, found[0].greatest) == ("400", "unguarded", None)
    small_package.write("data/rules.csv", rule.replace("= 1", "= 2"))
    small_package.write("data/discrepancies.csv", header + "one,busy,branch_id=north,1,2,One.\n")
    small_package.repair()
    assert scrdata.validate(small_package).valid
    found = scrdata.coverage(small_package, columns=["loans.visits"], every=True).cells
    assert (found[0].value, found[0].alone, found[0].least, found[0].greatest) == ("400", "partly", "401", None)
    assert (found[1].value, found[1].alone, found[1].least, found[1].greatest) == ("310", "partly", None, "399")


@pytest.mark.parametrize(
    ("rules", "others"),
    [
        (["items[x>=1].y = 0"], "00"),  # a row comes in whose other cell becomes 0
        (["items[x>=1,y>=1] = 0"], "00"),  # a row comes in by one condition and goes by another
        (["items[x>=1].x = 4"], "40"),  # two cells exchange their shares of a total
    ],
)
def test_what_does_not_add_up_is_not_called_guarded(tmp_path: Path, rules: list[str], others: str) -> None:
    """Where a pair passes because effects do not add up, the cell is guarded alone, and not said to be in pairs."""
    items = [("i0", "a", "0", "2", ""), ("i1", "a", others[0], "3", ""), ("i2", "b", others[1], "4", "")]
    cells = cover(tmp_path, items, *rules)
    assert (cells["i0.x"].alone, cells["i0.x"].in_pairs) == ("guarded", False)


def test_leaps_over_what_inequalities_forbid(tmp_path: Path) -> None:
    """Where classes that must be empty forbid the smallest steps, larger ones can still cancel."""
    cells = cover(tmp_path, ITEMS[:2], "items.x = 4", "items[x=2] <= 0", "items[x=0] <= 0")
    assert (cells["i0.x"].alone, cells["i0.x"].in_pairs) == ("guarded", False)
    assert Bench(tmp_path).is_valid({("items", "x", 0): 3, ("items", "x", 1): 1})


def test_exchange_of_unique_values(tmp_path: Path) -> None:
    """Two cells of a key can exchange their values, although neither can take the other's alone."""
    cells = cover(tmp_path, ITEMS[:2], "items[x=1] = 1", "items[x=3] = 1", unique=True)
    assert (cells["i0.x"].partner, cells["i1.x"].partner) == ("items.x row 2", "items.x row 1")
    cells = cover(tmp_path, ITEMS, "items[kind=a,x=1] = 1", "items[kind=a,x=3] = 1", "items[id=i1].x = 3")
    assert (cells["i0.x"].alone, cells["i0.x"].in_pairs) == ("guarded", True)


def test_bounds_codes_and_foreign_keys(small_package: PackageFolder) -> None:
    """Bounds that are left out themselves, codes and foreign keys say which other values there are."""
    bounds = {"exclusiveMinimum": 0, "exclusiveMaximum": 5}
    position = small_package.add_column({"type": "integer", "constraints": bounds}, "2", "3")
    found = scrdata.coverage(small_package, columns=["cells.cell"]).cells
    assert [(cell.least, cell.greatest) for cell in found] == [("1", "4"), ("1", "4")]
    place = ("resources", position, "schema")
    small_package.edit("datapackage.json", *place, "fields", 1, "type", to="number")
    found = scrdata.coverage(small_package, columns=["cells.cell"]).cells
    assert [(cell.least, cell.greatest) for cell in found] == [(">0", "<5"), (">0", "<5")]
    small_package.edit("datapackage.json", *place, "fields", 1, "constraints", to={"enum": ["2", "3", "9"]})
    found = scrdata.coverage(small_package, columns=["cells.cell"]).cells
    assert [(cell.least, cell.greatest) for cell in found] == [("3", "9"), ("2", "9")]
    small_package.write("data/cells.csv", "row,cell\n2,2\n3,3\n7,2\n")
    small_package.edit("datapackage.json", *place, "fields", 1, to={"name": "cell", "type": "integer"})
    key = {"fields": ["cell"], "reference": {"resource": "", "fields": ["row"]}}
    small_package.edit("datapackage.json", *place, "foreignKeys", to=[key])
    assert scrdata.validate(small_package).valid
    assert scrdata.coverage(small_package).columns == ("cells.row",)
    found = scrdata.coverage(small_package, columns=["cells.row", "cells.cell"], every=True).cells
    assert [(cell.alone, cell.least, cell.greatest) for cell in found] == [
        ("guarded", None, None), ("guarded", None, None), ("unguarded", None, None),
        ("unguarded", "3", "7"), ("unguarded", "2", "7"), ("unguarded", "3", "7"),
    ]  # fmt: skip


def test_words_with_two_readings(tmp_path: Path) -> None:
    """The value of such words passes as the other reading, unless the column or a rule on the mentions forbids it."""
    mention = ("m1", "here", "third", "3", "", "", "")
    write(tmp_path, ITEMS, [], [mention])
    found = scrdata.coverage(tmp_path, columns=["mentions.value"]).cells
    assert [(cell.alone, cell.least, cell.greatest) for cell in found] == [("partly", "1/3", "1/3")]
    write(tmp_path, ITEMS, ["mentions[value=3] = 1"], [mention])
    found = scrdata.coverage(tmp_path, columns=["mentions.value"], every=True).cells
    assert [(cell.alone, cell.in_pairs) for cell in found] == [("guarded", True)]
    assert found[0].guards == ("printed_words_say_the_value", "rule_0")
    write(tmp_path, ITEMS, [], [mention])
    folder = PackageFolder(tmp_path)
    folder.edit("datapackage.json", "resources", 2, "schema", "fields", 3, "constraints", to={"pattern": "[0-9]+"})
    found = scrdata.coverage(tmp_path, columns=["mentions.value"], every=True).cells
    assert [(cell.alone, cell.guards) for cell in found] == [("guarded", ("printed_words_say_the_value",))]


def test_share_and_default_columns(small_package: PackageFolder) -> None:
    """Keys are left out by default, the share is exact, and a name that is no column of numbers is refused."""
    found = scrdata.coverage(small_package)
    assert found.columns == ()
    assert found.share == 1
    with pytest.raises(scrdata.UnknownNameError, match=r"loans\.loans"):
        scrdata.coverage(small_package, columns=["loans.loan"])
    found = scrdata.coverage(small_package, columns=["loans.loans", "loans.visits"])
    assert (found.tables[0].cells, found.tables[0].alone) == (11, 6)
    assert str(found.share) == "6/11"
    assert [cell.column for cell in found.unguarded] == ["visits"] * 5


def test_decimals(small_package: PackageFolder) -> None:
    """Decimals have ranges whose ends may be left out, and pairs of any small step."""
    small_package.add_column({"type": "number", "constraints": {"minimum": 0}}, "0.5", "2.25")
    rules = "rule_id,equation,statement\nsum,cells.cell <= 3,Sum.\nless,cells[row=1].cell < 1,Less.\n"
    small_package.write("data/rules.csv", rules)
    header = "discrepancy_id,check_id,instance,left_value,right_value,explanation\n"
    small_package.write("data/discrepancies.csv", header)
    small_package.repair()
    found = scrdata.coverage(small_package, columns=["cells.cell"]).cells
    ends = [(cell.alone, cell.least, cell.greatest) for cell in found]
    assert ends == [("partly", "0", "0.75"), ("partly", "0", "2.5")]
    small_package.write("data/rules.csv", rules.replace("<= 3", "= 3"))
    small_package.write("data/cells.csv", "row,cell\n1,0.5\n2,2.5\n")
    small_package.repair()
    found = scrdata.coverage(small_package, columns=["cells.cell"]).cells
    partners = [(cell.alone, cell.partner) for cell in found]
    assert partners == [("guarded", "cells.cell row 2"), ("guarded", "cells.cell row 1")]


COVERAGE = (CHECKOUT / "docs" / "coverage.md").read_text(encoding="utf-8")


def test_documentation_has_our_own_coverage(shipped: Bench) -> None:
    """The documentation shows the table of the shipped package's own coverage, and the keys that pairs can change."""
    found = shipped.package.coverage(columns=())
    lines = [f"| `{t.name}` | {t.cells} | {t.alone} | {t.in_pairs} |" for t in found.tables]
    shown = COVERAGE.split("| table | cells | alone | in pairs |\n| --- | --- | --- | --- |\n")[1].split("\n\n")[0]
    assert shown.split("\n") == lines
    assert (found.share, found.unguarded, found.unpaired) == (1, (), ())


def test_exceptions_are_those_documented(shipped: Bench) -> None:
    """The columns of keys are guarded alone, and in pairs only as the documentation says."""
    keys = ["reviews.annex_position", "key_findings.key_finding"]
    found = shipped.package.coverage(columns=keys)
    assert found.share == 1
    assert {f"{cell.table}.{cell.column}" for cell in found.unpaired} == set(keys)
    assert [name for name in keys if f"`{name}`" not in COVERAGE] == []
    for cell in (("reviews", "annex_position", 0), ("key_findings", "key_finding", 3)):
        table, column, row = cell
        one, two = (shipped.tables[table].columns[column][place] for place in (row, row + 1))
        assert shipped.is_valid({cell: two, (table, column, row + 1): one})
