"""Records: frozen values that are equal where their parts are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.records import Record
from tests.strategies import LAW


class Point(Record):
    """Two parts, one with a default."""

    x: int
    y: int = 0


class Pixel(Record):
    """The same parts as `Point`."""

    x: int
    y: int = 0


class Single(Record):
    """One part."""

    only: object


def test_parts_are_given_in_order_by_name_or_by_default() -> None:
    """All ways to write the same values make equal records."""
    assert Point(1, 0) == Point(1) == Point(x=1) == Point(1, y=0) == Point(y=0, x=1)


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), ((), {"y": 1}), ((1, 2, 3), {}), ((1,), {"z": 1}), ((1,), {"x": 2}), ((1, 2), {"y": 3})],
)
def test_wrong_parts_are_refused(values: tuple[int, ...], named: dict[str, int]) -> None:
    """A part that is missing, unknown, given twice or too many is a TypeError that names the class."""
    with pytest.raises(TypeError, match="Point"):
        Point(*values, **named)


def test_records_cannot_be_changed() -> None:
    """Neither setting, adding nor deleting a part is possible."""
    point = Point(1, 2)
    for spoil in (
        lambda: setattr(point, "x", 5),
        lambda: setattr(point, "z", 5),
        lambda: delattr(point, "x"),
    ):
        with pytest.raises(AttributeError, match="Point cannot be changed"):
            spoil()
    assert point.parts() == (1, 2)


def test_equal_parts_in_another_class_are_another_value() -> None:
    """Records of different classes are never equal."""
    assert Point(1, 2) != Pixel(1, 2)
    assert Point(1, 2) != (1, 2)


@LAW
@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_equality_and_hash_follow_the_parts(a: int, b: int, c: int, d: int) -> None:
    """Records are equal exactly where all parts are, and equal ones have equal hashes."""
    left, right = Point(a, b), Point(c, d)
    assert (left == right) is ((a, b) == (c, d))
    assert len({left, right}) == len({(a, b), (c, d)})


def test_a_record_is_hashable_only_where_its_parts_are() -> None:
    """A list as a part makes a record that no set takes."""
    assert hash(Single(1)) == hash(Single(1))
    with pytest.raises(TypeError, match="unhashable"):
        hash(Single([]))


def test_changed_makes_a_copy() -> None:
    """`changed` returns another record and leaves the first alone; unknown parts are refused."""
    point = Point(1, 2)
    assert point.changed(y=5) == Point(1, 5)
    assert point == Point(1, 2)
    with pytest.raises(TypeError, match="z"):
        point.changed(z=1)


@pytest.mark.parametrize("value", [1, (1, 2), None, [3]])
def test_one_part_is_still_a_tuple_of_parts(value: object) -> None:
    """A record of one part has a tuple of one part, whatever the part is."""
    assert Single(value).parts() == (value,)


def test_repr_names_the_parts() -> None:
    """The repr is the expression that makes the record."""
    assert repr(Point(1, -2)) == "Point(x=1, y=-2)"
    assert repr(Single("a")) == "Single(only='a')"


def test_records_have_no_dictionary() -> None:
    """Values are slotted: nothing but the parts can be stored."""
    assert not hasattr(Point(1), "__dict__")


def test_the_hash_of_a_large_value_is_computed_once() -> None:
    """However often a value is looked up, its parts are gone through once."""

    class Part:
        asked = 0

        def __hash__(self) -> int:
            Part.asked += 1
            return 7

    class Whole(Record):
        part: Part

    whole = Whole(Part())
    assert len({hash(whole) for _ in range(10)}) == 1
    assert Part.asked == 1
    assert hash(whole.changed()) == hash(whole)
