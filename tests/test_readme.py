"""What the documents say is so: every example is run, every number and every file name is held to the package."""

from __future__ import annotations

import doctest
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

import scrdata

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"`([\w./-]+)`:\n+\Z")
DEV = "import sys, dev; sys.exit(dev.run(sys.executable, sys.argv[1]))"
SET_UP_ONLY = ("python3 dev.py test",)  # would start these tests again

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
    *("| 0 | valid", "| 1 | invalid", "| 2 | the package", "| 3 | a bug"),
)


class Example(NamedTuple):
    """One fenced block of a document: its language, its text, its first line, and the file that it is said to be."""

    language: str
    text: str
    line: int
    file: str | None


def read_examples(document: str) -> list[Example]:
    """Return the fenced blocks of a document, freed of the indentation of the list that they stand in."""
    text = (ROOT / document).read_text(encoding="utf-8")
    examples = []
    for match in BLOCK.finditer(text):
        file = FILE_NAME.search(text, 0, match.start())
        body = re.sub(f"^{match[1]}", "", match[3], flags=re.MULTILINE)
        examples.append(Example(match[2], body, text.count("\n", 0, match.start()) + 2, file[1] if file else None))
    return examples


def stripped(text: str) -> str:
    """Return the text without the blanks at the ends of its lines, which pandas prints and editors take away."""
    return re.sub(r" +$", "", text, flags=re.MULTILINE)


class Checker(doctest.OutputChecker):
    """Compares exactly, but for blanks at the ends of lines; `...` stands for anything."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Say whether the output is the wanted one."""
        return super().check_output(stripped(want), stripped(got), optionflags | doctest.ELLIPSIS)


def argument_list(command: str) -> tuple[list[str], Path | None]:
    """Return how to start a command of the documents, and in which folder if it must be the checkout."""
    words = shlex.split(command)
    if words[:2] == ["python3", "dev.py"]:
        return [sys.executable, "-c", DEV, *words[2:]], ROOT
    programs = {"scrdata": [sys.executable, "-m", "scrdata"], "python": [sys.executable]}
    return [*programs[words[0]], *words[1:]], None


def run_console(example: Example, place: str) -> None:
    """Run the commands of a console block in the current folder; compare what they print."""
    code = 0
    for command, want in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", example.text, re.MULTILINE):
        if command in SET_UP_ONLY:
            continue
        if command == "echo $?":
            got, code = f"{code}\n", 0
        else:
            assert code == 0, f"{place}: the command before {command!r} ended with {code}"
            arguments, folder = argument_list(command)
            done = subprocess.run(arguments, cwd=folder, capture_output=True, encoding="utf-8", check=False)
            got, code = done.stdout + done.stderr, done.returncode
        assert Checker().check_output(want, got, 0), f"{place}: {command} prints\n{got}"
    assert code == 0, f"{place}: the last command ended with {code}"


def run_python(example: Example, names: dict[str, object], place: str) -> None:
    """Run a Python block, with the names that earlier blocks of the document made."""
    test = doctest.DocTestParser().get_doctest(example.text, {}, place, place, example.line - 1)
    test.globs = names
    out = io.StringIO()
    runner = doctest.DocTestRunner(Checker(), verbose=False, optionflags=doctest.ELLIPSIS)
    runner.run(test, out=out.write, clear_globs=False)
    assert not runner.failures, out.getvalue()


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
    """Every file or folder of the project that a document names is there; `NAME`, `library` and `town` are others."""
    text = BLOCK.sub("", (ROOT / document).read_text(encoding="utf-8"))
    names = re.findall(r"`([\w.]+/[\w./-]*|\w+\.(?:cff|csv|json|md|py))`", text)
    assert names
    places = (ROOT, ROOT / "src" / "scrdata")
    missing = [name for name in names if not any((place / name).exists() for place in places)]
    assert [name for name in missing if "NAME" not in name and not name.startswith(("library/", "town/"))] == []


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
