"""The catalogue of built-in checks: complete, without stale entries, and what `docs/checks.md` says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.catalogue import BUILT_IN, NOT_CHECKED, SENTENCES, STAGE_OF, STAGES, describe_checks

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(scrdata.__file__).parent
PAGE = SOURCE.parent.parent / "docs" / "checks.md"
PHRASE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
# An id is a phrase that is true of good data, so it has one of these words.
VERBS = {
    *("is", "are", "has", "fits", "can", "names", "stays", "exists", "matches", "does"),
    *("agree", "agrees", "stands", "states", "say", "holds"),
}
# Calls whose first argument is the id of a check, if it is one at all.
REPORTING = frozenset(("Finding", "finding", "report", "Refusal", "Broken", "Problem", "_one_of"))
# Phrases that no report names.
NO_CHECKS = {
    "check_holds": "stands for failures that are counted and not listed",
    "is_own": "a property of an effect on a rule",
    "cell_fits_its_column": "what guards a cell in the report on coverage",
}


def source_strings() -> Iterator[ast.Constant | ast.JoinedStr]:
    """Yield every text of the source, whole or in parts, but those of the catalogue."""
    for path in sorted(SOURCE.rglob("*.py")):
        if path.stem != "catalogue":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                    yield node


def phrases() -> set[str]:
    """Return every text of the source that reads as an id of a check."""
    texts = {str(node.value) for node in source_strings() if isinstance(node, ast.Constant)}
    return {text for text in texts if PHRASE.fullmatch(text) and VERBS.intersection(text.split("_"))}


def composed() -> list[re.Pattern[str]]:
    """Return the ids that the source makes of a name and an ending, as patterns."""
    endings = [
        str(node.values[-1].value)
        for node in source_strings()
        if isinstance(node, ast.JoinedStr) and len(node.values) == 2 and isinstance(node.values[-1], ast.Constant)
    ]
    return [re.compile(f"[a-z]+_id{ending}") for ending in endings if re.fullmatch("(_[a-z]+)+", ending)]


def reported() -> set[str]:
    """Return every id that the source hands to what makes a finding."""
    calls = [
        node
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    named = {
        str(call.args[0].value)  # type: ignore[attr-defined]
        for call in calls
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in REPORTING
    }
    return {name for name in named if PHRASE.fullmatch(name)}


def test_every_check_of_the_source_is_in_the_catalogue() -> None:
    """Every id that the source reports, or that merely reads as one, has its sentence."""
    assert reported() - NO_CHECKS.keys() <= SENTENCES.keys()
    assert phrases() - SENTENCES.keys() == NO_CHECKS.keys()


def test_no_entry_is_stale() -> None:
    """Every entry of the catalogue is an id that the source has, or makes."""
    known = phrases()
    stale = [name for name in SENTENCES if name not in known and not any(p.fullmatch(name) for p in composed())]
    assert stale == [NOT_CHECKED], "what is not checked is an item of the report; reports name it from the catalogue"


def test_each_check_has_one_stage() -> None:
    """Every check belongs to one stage, and every stage has a phrase."""
    assert list(BUILT_IN) == list(STAGES)
    assert sum(len(checks) for checks in BUILT_IN.values()) == len(SENTENCES) == len(STAGE_OF)


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_are_sentences(name: str) -> None:
    """Each check is explained by one sentence of its own."""
    sentence = SENTENCES[name]
    assert re.fullmatch(r"(?:[A-Z]|pandera|frictionless).*[^.]\.", sentence)
    assert list(SENTENCES.values()).count(sentence) == 1


def test_page_is_written_by_the_program() -> None:
    """`docs/checks.md` is what the program writes; the command stands on the page."""
    assert PAGE.read_text(encoding="utf-8") == describe_checks()
