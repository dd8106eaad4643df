"""The page of promises: each is proved by tests that exist, and readers find it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
PROMISES = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
LINK = re.compile(r"^- \[`(tests/[\w/]+\.py)::(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)$", re.MULTILINE)


def test_there_are_eighteen() -> None:
    """The promises are numbered from 1 to 18."""
    assert [promise.split(" ", 1)[0] for promise in PROMISES] == [str(number) for number in range(1, 19)]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.partition("\n")[0])
def test_a_promise_is_proved_by_tests_that_exist(promise: str) -> None:
    """Each promise links to at least one test, and each link leads to a function that is there."""
    links = LINK.findall(promise)
    assert len(links) == promise.count("\n- ") > 0
    for file, name, target in links:
        assert file == target
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)], f"{file}::{name}"


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_readers_find_the_page(document: str) -> None:
    """The documents that people begin with name the page."""
    assert "docs/promises.md" in (ROOT / document).read_text(encoding="utf-8")
