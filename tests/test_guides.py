"""The pages for those who download a release: every command on them is run in one, and prints what is printed there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import scrdata
from tests.documents import Example, read_examples, run_console, run_python, run_r

ROOT = Path(__file__).resolve().parent.parent
GUIDES = tuple(f"docs/{name}.md" for name in ("command-line", "engines", "python", "r", "spreadsheet", "sql"))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release."""
    folder = tmp_path_factory.mktemp("guides") / "release"
    scrdata.build_release(folder, ROOT)
    return folder


def examples_in(document: str, language: str) -> list[Example]:
    """Return the blocks of a document in one language."""
    return [example for example in read_examples(document) if example.language == language]


@pytest.mark.parametrize("document", GUIDES)
def test_commands_print_what_the_page_says(document: str, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command and every line of Python on the page runs in the folder of a release."""
    monkeypatch.chdir(release)
    for example in examples_in(document, "console"):
        run_console(example, f"{document}, line {example.line}")
    names: dict[str, object] = {}
    for example in examples_in(document, "python"):
        run_python(example, names, f"{document}, line {example.line}")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is missing: python3 dev.py system")
def test_r_prints_what_the_page_says(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line of R on its page runs in the folder of a release."""
    monkeypatch.chdir(release)
    run_r(examples_in("docs/r.md", "r"), "docs/r.md")


@pytest.mark.parametrize("document", GUIDES)
def test_every_block_is_run(document: str) -> None:
    """A page holds no block in a language that nothing here runs, and at least one that something does."""
    languages = {example.language for example in read_examples(document)}
    assert languages
    assert languages <= {"console", "python", "r"}
