"""What the documents say is so: every example is run, every number and every file name is held to the package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import scrdata
from tests.documents import BLOCK, read_examples, run_console, run_python

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", "CONTRIBUTING.md")

# Numbers in running text, each with the total that it must equal.
FIGURES = {
    "147 serious case reviews": "reviews",
    "Of the 194 children": "child_characteristics[characteristic=outcome].children",
    "reach only 190": "child_characteristics[characteristic=ethnicity].children",
    "among the 194 children": "child_characteristics[characteristic=outcome].children",
}
# Numbers in running text that count nothing: names of documents, of versions and of exit codes.
NAMES = (
    *("Python 3.11", "UTF-8", "of version 1 or 2", "v3.0", "printed as 100", "add up to 99"),
    *("reference 110080", "October 2011"),
    *("0 if nothing changed, 1 if something did, 2 if a package", "1 if it is too small"),
    *("| 0 | valid", "| 1 | invalid", "| 2 | the package", "| 3 | a bug"),
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_print_what_the_document_says(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of a document runs in a copy of the package and prints exactly what is printed below it."""
    for name in ("data", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in read_examples(document):
        place = f"{document}, line {example.line}"
        if example.file is not None:
            Path(example.file).parent.mkdir(exist_ok=True)
            Path(example.file).write_text(example.text, encoding="utf-8", newline="")
        elif example.language == "console":
            run_console(example, place)
        else:
            assert example.language == "python", f"{place}: nothing runs a block of {example.language!r}"
            run_python(example, names, place)


def test_first_table_stands_on_the_first_screen() -> None:
    """Both set-up commands and the first table with its output stand before line 20."""
    screen = "\n".join(README.split("\n")[:19])
    for part in ("$ python3 dev.py validate\n", "$ python3 dev.py test\n", "\ninadequate ", "\nvalid: "):
        assert part in screen


def gist(description: str) -> str:
    """Return the first sentence of a description, without the place in the report that may end it."""
    return re.sub(r" \([^()]*\)$", "", description.partition(". ")[0].rstrip(".")) + "."


def test_table_of_tables_is_the_package() -> None:
    """The README lists every table in order, with its number of rows and the gist of its description."""
    lines = [f"| `{t.name}` | {t.rows} | {gist(t.description)} |" for t in scrdata.tables()]
    listed = README.split("| table | rows | what it holds |\n| --- | --- | --- |\n")[1].split("\n\n")[0]
    assert listed.split("\n") == lines


def running_text() -> str:
    """Return the README without its examples, its code words and the table of tables, its lines joined."""
    return " ".join(re.sub(r"^\| `.*$|`[^`]*`", "", BLOCK.sub("", README), flags=re.MULTILINE).split())


@pytest.mark.parametrize("phrase", FIGURES)
def test_number_in_the_text_is_computed(phrase: str) -> None:
    """A number in the README's running text is the total that the package computes."""
    assert phrase in running_text()
    (number,) = re.findall(r"\d+", phrase)
    assert scrdata.total(FIGURES[phrase]) == int(number)


def test_every_number_in_the_text_is_accounted_for() -> None:
    """The README's running text has no number that is neither computed here nor a name."""
    text = running_text()
    for phrase in (*FIGURES, *NAMES):
        assert phrase in text, f"{phrase!r} is no longer in the README"
        text = text.replace(phrase, "")
    assert re.findall(r"\S*\d\S*", text) == []


def test_versions_agree() -> None:
    """README, CHANGELOG, CITATION.cff, datapackage.json, pyproject.toml and the library state one version and date."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert scrdata.__version__ == version
    assert json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))["version"] == version
    latest = re.search(r"^## \[(.*)\] - (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert latest
    assert latest[1] == version
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'version: "{version}"\n' in citation
    assert f'date-released: "{latest[2]}"\n' in citation


def test_changelog_states_the_rows_of_each_table() -> None:
    """Where the CHANGELOG last speaks of a table, and it does of each, it states its number of rows."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest_last = reversed(re.findall(r"`(\w+)`\s+\((\d+)\s+rows\)", text))
    assert dict(newest_last) == {table.name: str(table.rows) for table in scrdata.tables()}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_files_exist(document: str) -> None:
    """Every file of the project that a document names is there; `NAME`, `library`, `town` and `later` are others."""
    text = BLOCK.sub("", (ROOT / document).read_text(encoding="utf-8"))
    names = re.findall(r"`([\w.]+/[\w./-]*|\w+\.(?:cff|csv|json|md|py))`", text)
    assert names
    places = (ROOT, ROOT / "src" / "scrdata")
    missing = [name for name in names if not any((place / name).exists() for place in places)]
    others = ("library/", "town/", "later/")
    assert [name for name in missing if "NAME" not in name and not name.startswith(others)] == []


def test_commands_of_a_checkout_are_documented() -> None:
    """The documents explain every command of `dev.py`, and no other."""
    listed = subprocess.run(
        [sys.executable, "dev.py", "--help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in (*DOCUMENTS, "benchmarks/README.md")]
    named = {word for text in texts for word in re.findall(r"dev\.py (\w+)", text)}
    assert named == set(re.findall(r"^  (\w+)", listed, re.MULTILINE))


def test_every_public_name_is_explained() -> None:
    """Every function of the public interface is in the README."""
    functions = [name for name in scrdata.__all__ if name.islower()]
    assert [name for name in functions if not re.search(rf"\b{name}\b", README)] == []
