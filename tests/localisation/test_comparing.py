"""Repairs side by side: which are one, which is the surest, and which cells changed places."""

from __future__ import annotations

from scrdata.localisation.comparing import ranked, swapped
from scrdata.localisation.suspects import ADD, CHANGE, REMOVE, Suspect

KEYS = {1: {"id": "a"}, 2: {"id": "b"}, 3: {"id": "c"}}


def cell(row: int | None, found: object, suggested: object, confidence: float = 0.8, column: str = "c") -> Suspect:
    """Return a changed cell of a table."""
    return Suspect("t", CHANGE, row, KEYS.get(row or 0, {}), column, found, suggested, confidence, (), line=9)  # type: ignore[arg-type]


def gone(row: int, found: object = None, confidence: float = 0.8) -> Suspect:
    """Return a row that is taken out."""
    return Suspect("t", REMOVE, row, KEYS[row], None, found or {"id": "a", "n": 1}, None, confidence, (), line=9)  # type: ignore[arg-type]


def put_in(cells: dict[str, object], confidence: float = 0.8) -> Suspect:
    """Return a row that is put in."""
    return Suspect("t", ADD, None, {}, None, None, cells, confidence, ())  # type: ignore[arg-type]


def merged(repairs: list[tuple[Suspect, ...]]) -> list[tuple[Suspect, ...]]:
    """Return repairs without their positions."""
    return [repair for _, repair in ranked(repairs)]


def test_where_repairs_come_from() -> None:
    """Each repair is told with the position of the first that it was made of."""
    found = ranked([(cell(1, 3, 4, 0.2),), (cell(1, "x", "y"),), (cell(2, 5, 6, 0.9),), (cell(2, "x", "y"),)])
    assert [(number, repair[0].suggested) for number, repair in found] == [(2, 6), (1, "y"), (0, 4)]


def test_codes_that_differ_in_their_row_alone() -> None:
    """Rows that are given the same code are told at once, without a key, a line, or a found code they do not share."""
    (repair,) = merged([(cell(2, "x", "y", 0.5),), (cell(1, "x", "y", 0.6),)])
    assert repair == (cell(1, "x", "y", 0.6).changed(row=None, key={}, candidates=(1, 2), line=None),)
    (repair,) = merged([(cell(1, "x", "y"),), (cell(2, "z", "y"),)])
    assert (repair[0].found, repair[0].suggested, repair[0].candidates) == (None, "y", (1, 2))


def test_what_is_not_the_same_repair() -> None:
    """Other codes, columns, or numbers are repairs of their own, whatever their rows."""
    assert len(merged([(cell(1, "x", "y"),), (cell(2, "x", "z"),)])) == 2
    assert len(merged([(cell(1, "x", "y"),), (cell(2, "x", "y", column="d"),)])) == 2
    assert len(merged([(cell(1, 3, 4),), (cell(2, 3, 4),)])) == 2
    assert len(merged([(cell(1, None, 4),), (cell(2, None, 4),)])) == 2
    assert len(merged([(cell(1, 4, None),), (cell(2, 4, None),)])) == 2
    assert len(merged([(cell(1, "x", "y"),), (gone(2),)])) == 2
    assert len(merged([(cell(1, "x", "y"), cell(3, 1, 2)), (cell(2, "x", "y"), cell(3, 1, 2))])) == 2


def test_repairs_of_several_places_in_any_order() -> None:
    """Repairs of several cells are one where they differ in one row; the row in common stays."""
    one, other = cell(1, "x", "y"), cell(3, "u", "v", column="d")
    any_row = one.changed(row=None, key={}, candidates=(1, 2), line=None)
    (repair,) = merged([(one, other), (cell(2, "x", "y"), other.changed(confidence=0.5))])
    assert repair == (any_row, other)
    (repair,) = merged([(other, one), (other, cell(2, "x", "y"))])
    assert repair == (other, any_row)


def test_a_row_that_stands_twice() -> None:
    """Of rows that are alike in all cells the last is the one too many, and all are named."""
    same = {"id": "a", "n": "1"}
    (repair,) = merged([(gone(1, same),), (gone(3, same),), (gone(2, same),)])
    assert repair == (gone(3, same).changed(candidates=(1, 2, 3)),)
    (repair,) = merged([(gone(1, same), cell(3, "x", "y")), (gone(2, same), cell(3, "x", "y"))])
    assert repair == (gone(2, same).changed(candidates=(1, 2)), cell(3, "x", "y"))
    (repair,) = merged([(cell(3, "x", "y"), gone(1, same)), (cell(3, "x", "y"), gone(2, same))])
    assert repair == (cell(3, "x", "y"), gone(2, same).changed(candidates=(1, 2)))


def test_rows_of_which_any_may_go() -> None:
    """Of rows that differ, what they have in common is told."""
    (repair,) = merged([(gone(1, {"id": "a", "n": "1", "m": "2"}),), (gone(2, {"id": "b", "n": "1", "m": "2"}),)])
    assert repair[0].found == {"n": "1", "m": "2"}
    assert (repair[0].row, repair[0].key, repair[0].line, repair[0].candidates) == (None, {}, None, (1, 2))


def test_rows_to_put_in() -> None:
    """The same row to put in is told once, with no candidates, as it has no place."""
    (repair,) = merged([(put_in({"id": "a"}),), (put_in({"id": "a"}),)])
    assert repair == (put_in({"id": "a"}),)


def test_confidence_is_divided_among_repairs() -> None:
    """Repairs that would do as well share the confidence, save for a cell that several of them change."""
    repairs = merged([(cell(1, 3, 4), cell(3, 1, 2)), (cell(2, 5, 6), cell(3, 1, 2)), (cell(2, 5, 6, column="d"),)])
    shares = {(item.row, item.column): item.confidence for repair in repairs for item in repair}
    assert shares == {(1, "c"): 0.27, (2, "c"): 0.27, (3, "c"): 0.53, (2, "d"): 0.27}
    assert merged([(cell(1, 3, 4),)])[0][0].confidence == 0.8


def test_the_same_place_in_another_way_is_shared_too() -> None:
    """A row that is taken out and a cell of it that is changed are different places."""
    repairs = merged([(cell(1, 3, 4),), (gone(1),), (cell(2, 3, 4),), (cell(1, 3, 5),)])
    assert sorted(item.confidence for repair in repairs for item in repair) == [0.2, 0.2, 0.4, 0.4]


def test_a_slip_in_spelling_is_the_surest() -> None:
    """The only repair that puts right a spelling keeps its confidence; where there are two, none does."""
    found = merged([(cell(1, "south", "north"),), (cell(2, "souht", "south"),)])
    assert [(repair[0].suggested, repair[0].confidence) for repair in found] == [("south", 0.8), ("north", 0.4)]
    found = merged([(cell(1, "norht", "north"),), (cell(2, "souht", "south"),)])
    assert {repair[0].confidence for repair in found} == {0.4}
    found = merged([(cell(1, "souht", "south"), cell(2, "a", "b")), (cell(3, "x", "y"), cell(2, "b", "a"))])
    assert {item.confidence for repair in found for item in repair} == {0.4, 0.8}
    assert [repair[0].confidence for repair in found] == [0.4, 0.4]


def test_a_slip_beside_a_number_is_none() -> None:
    """A repair that exchanges a number, or takes out a row, besides is no mere matter of spelling."""
    for other in (cell(3, 1, 2), gone(3)):
        found = merged([(cell(1, "souht", "south"), other), (cell(2, 4, 5),)])
        assert {item.confidence for repair in found for item in repair} == {0.4}


def test_the_order_of_repairs() -> None:
    """The surest comes first, then what is spelt more alike, then the fewest candidates, then the first row."""
    order = [(cell(2, 3, 4, 0.9),), (cell(1, 3, 4, 0.8),)]
    assert [repair[0].row for repair in merged(order[::-1])] == [2, 1]
    found = merged([(cell(1, "abcd", "wxyz"),), (cell(2, "abcd", "abyz"),)])
    assert [repair[0].suggested for repair in found] == ["abyz", "wxyz"]
    found = merged([(cell(3, 3, 4),), (cell(1, 5, 6),), (cell(2, 7, 8),)])
    assert [repair[0].row for repair in found] == [1, 2, 3]
    found = merged([(cell(1, "x", "y"),), (cell(2, "x", "y"),), (cell(3, "x", "z"),)])
    assert [repair[0].suggested for repair in found] == ["z", "y"]


def test_the_least_sure_place_of_a_repair_decides() -> None:
    """A repair is as sure as the least sure of its places."""
    found = merged([(cell(1, 3, 4, 0.9), cell(2, 3, 4, 0.2)), (cell(3, 3, 4, 0.5),)])
    assert [repair[0].row for repair in found] == [3, 1]


def test_nearness_is_that_of_all_texts() -> None:
    """Of repairs with several texts the mean tells how near they are; what is no text is not counted."""
    near = (cell(1, "abcd", "abcz"), cell(2, "abcd", "abcz", column="d"))
    far = (cell(3, "abcd", "abcx"), cell(2, "abcd", "wxyz", column="d"))
    assert merged([far, near])[0][0].row == 1
    assert merged([(cell(1, 1, 2),), (cell(2, "abcd", "abyz"),)])[0][0].row == 2
    less = (cell(3, "abcd", "wxyd"), cell(3, "abcd", "abyz", column="d"))
    assert merged([less, (cell(1, "abcd", "abyz"),)])[0][0].row == 1
    assert merged([(*less, cell(3, "abcd", "abcz", column="e")), (cell(1, "abcd", "abcz"),)])[0][0].row == 1
    one = (cell(1, "abcd", "abcz"), gone(2, {"id": "abcd"}))
    assert merged([one, (cell(3, "abcd", "abyz"), gone(2, {"id": "abcd"}))])[0][0].row == 1


def test_rows_of_which_nothing_speaks_come_last() -> None:
    """A row that is put in stands behind any repair of what is there, however sure it is."""
    found = merged([(put_in({"id": "a"}, 0.9),), (cell(1, 3, 4, 0.1),)])
    assert [repair[0].action for repair in found] == [CHANGE, ADD]
    found = merged([(cell(2, 3, 4, 0.9), put_in({"id": "a"}, 0.9)), (cell(1, 3, 4, 0.1),)])
    assert [len(repair) for repair in found] == [1, 2]
    found = merged([(put_in({"id": "a"}).changed(row=1),), (put_in({"id": "b"}),)])
    assert [repair[0].row for repair in found] == [None, 1]


def test_cells_that_changed_places() -> None:
    """Of two cells that are each as the other should be, each names the other first of its reasons."""
    one, other = cell(1, 3, 4).changed(reasons=("why",)), cell(2, 4, 3)
    unrelated = cell(3, 4, 3, column="d")
    first, between, second = swapped([one, unrelated, other])
    assert first == one.changed(swapped_with=2, reasons=("it has changed places with data row 2 (id=b)", "why"))
    assert second == other.changed(swapped_with=1, reasons=("it has changed places with data row 1 (id=a)",))
    assert between == unrelated


def test_partners_are_named_by_their_whole_key() -> None:
    """A key of two columns is told with both."""
    other = cell(2, 4, 3).changed(key={"id": "b", "kind": "x"})
    first, _ = swapped([cell(1, 3, 4), other])
    assert first.reasons == ("it has changed places with data row 2 (id=b, kind=x)",)


def test_what_did_not_change_places() -> None:
    """Cells of other tables or columns, cells of any row, whole rows, and a third cell are left as they are."""
    alone = [cell(1, 3, 4), cell(2, 4, 3).changed(table="u"), cell(2, 4, 5), cell(None, 4, 3), gone(1)]
    assert swapped(alone) == alone
    rows = [gone(1).changed(found=1, suggested=2), gone(2).changed(found=2, suggested=1)]
    assert swapped(rows) == rows
    three = swapped([cell(1, 3, 4), cell(2, 4, 3), cell(3, 4, 3)])
    assert [item.swapped_with for item in three] == [2, 1, None]
    assert [item.swapped_with for item in swapped([gone(3), cell(1, 3, 4), cell(2, 4, 3)])] == [None, 2, 1]
