"""Which number a level calls for, by Semantic Versioning, and the documented table of kinds."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from scrdata.cli import differences
from scrdata.comparison import difference, grounds
from scrdata.comparison.changes import Change, Diff
from scrdata.comparison.levels import KINDS, LEVELS, largest
from scrdata.comparison.versions import is_sufficient, parse_version, required_version, version_problems

ROOT = Path(__file__).resolve().parent.parent.parent


def test_documented_kinds_are_those_of_the_code() -> None:
    """`docs/versions.md` lists every kind with its level and meaning, in the order of the code."""
    text = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", text, re.MULTILINE)
    assert listed == [(name, kind.level, kind.meaning) for name, kind in KINDS.items()]


def test_documented_limits_are_those_of_the_code() -> None:
    """`docs/versions.md` states how much is listed and explained."""
    text = " ".join((ROOT / "docs" / "versions.md").read_text(encoding="utf-8").split())
    assert f"lists the first {differences.LISTED} changes of each table" in text
    assert f"Of very many changed values the first {difference.MOST_EXPLAINED:,} are explained" in text
    assert grounds.MOST_CHECKS == 2
    assert "those about fewest cells first, two of each" in text


def test_documented_keys_are_those_of_the_output() -> None:
    """`docs/versions.md` explains every key of the JSON, and no other."""
    text = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
    listed = [text.split(f"| {head} | what it is |\n")[1].split("\n\n")[0] for head in ("key", "key of a change")]
    keys = [
        {key for line in rows.splitlines() for key in re.findall(r"`(\w+)`", line.split("|")[1])} for rows in listed
    ]
    found = Diff("a", "b", None, None, (Change("row_added"),))
    assert keys == [set(found.to_dict()), set(found.changes[0].to_dict())]


def test_every_kind_has_a_level() -> None:
    """Each kind calls for a number; each level but none is called for."""
    assert {kind.level for kind in KINDS.values()} == {*LEVELS} - {"none"}


def test_largest() -> None:
    """The largest level counts; without any, nothing is called for."""
    assert largest([]) == "none"
    assert largest(["patch", "major", "minor"]) == "major"
    assert largest(["patch", "minor"]) == "minor"


@pytest.mark.parametrize(
    ("old", "level", "required"),
    [
        *[("0.2.0", "major", "1.0.0"), ("0.2.9", "minor", "0.3.0"), ("1.2.3", "patch", "1.2.4")],
        *[("1.2.3", "none", "1.2.3"), ("9.9.9", "major", "10.0.0"), ("1.0.0+build.7", "patch", "1.0.1")],
        *[("2.0.0-rc.1", "patch", "2.0.0"), ("2.0.0-rc.1", "major", "2.0.0")],
        *[("1.0", "major", None), ("v1.0.0", "patch", None), ("01.0.0", "patch", None), ("", "none", None)],
        *[
            (None, "minor", None),
            ("1.0.0-01", "minor", None),
            ("1.0.0\n", "minor", None),
            ("\uff11.0.0", "minor", None),
        ],
    ],
)
def test_required_version(old: str | None, level: str, required: str | None) -> None:
    """Each level raises its number and sets those after it to 0; what is no version is not guessed at."""
    assert required_version(old, level) == required


@pytest.mark.parametrize(
    ("old", "new", "level", "sufficient"),
    [
        *[("0.2.0", "1.0.0", "major", True), ("0.2.0", "0.3.0", "major", False), ("0.2.0", "0.3.0", "minor", True)],
        *[("0.2.0", "2.0.0", "patch", True), ("0.2.0", "0.2.0", "patch", False), ("0.2.0", "0.2.0", "none", True)],
        *[
            ("0.2.0", "0.1.9", "none", False),
            ("0.9.0", "0.10.0", "minor", True),
            ("1.2.3", "1.3.0-rc.1", "minor", True),
        ],
        *[("1.0.0-rc.1", "1.0.0-rc.2", "major", True), ("1.0.0-rc.2", "1.0.0-rc.1", "patch", False)],
        *[("1.0.0-rc.1", "1.0.0", "minor", True), ("1.0.0", "1.0.0-rc.1", "none", False)],
        *[("x", "1.0.0", "minor", None), ("1.0.0", "x", "minor", None), (None, None, "none", None)],
    ],
)
def test_is_sufficient(old: str | None, new: str | None, level: str, sufficient: bool | None) -> None:  # noqa: FBT001
    """A version is enough from the required one on, its pre-releases included; else there is nothing to say."""
    assert is_sufficient(old, new, level) is sufficient


def test_order_of_versions() -> None:
    """Versions have the order that Semantic Versioning gives as its example."""
    texts = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"]
    versions = [parse_version(text) for text in (*texts, "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "2.0.0")]
    orders = [version.precedence for version in versions if version]
    assert len(orders) == 11
    assert all(one < other for one, other in pairwise(orders))


TOO_SMALL = "the version {} is too small: {} since 1.0.0, so that it must be {} or larger"


@pytest.mark.parametrize(
    ("old", "new", "level", "problems"),
    [
        ("1.0.0", "1.1.0", "minor", []),
        ("1.0.0", "1.0.1", "minor", [TOO_SMALL.format("1.0.1", "the changes are minor", "1.1.0")]),
        ("1.0.0", "0.9.0", "none", [TOO_SMALL.format("0.9.0", "nothing changed", "1.0.0")]),
        ("1.0", "1.0.0", "patch", ["'1.0', the version of the earlier package, is no semantic version, such as 1.0.0"]),
        ("1.0.0", None, "none", ["the later package states no version, so that its number cannot be judged"]),
    ],
)
def test_problems(old: str | None, new: str | None, level: str, problems: list[str]) -> None:
    """Each reason why a version cannot follow another is one sentence."""
    assert list(version_problems(old, new, level)) == problems
