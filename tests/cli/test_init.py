"""`scrdata init`: a package made of a folder, and what is said about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import scrdata

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of two tables, one with commas and one with tabs."""
    place = tmp_path / "my town"
    place.mkdir()
    (place / "loans.csv").write_text("kind,loans\nbook,1565\nfilm,378\n", encoding="utf-8")
    (place / "No of Visits.tsv").write_text("day\tno. of visits\n2010-03-31\t7\n", encoding="utf-8")
    return place


def test_text(run: Run, folder: Path) -> None:
    """Each table is listed with its columns and types, each file that was written, and what to do next."""
    code, out, errors = run("init", folder)
    assert (code, errors) == (0, "")
    assert out == (
        "no_of_visits: 1 rows, day (date), no. of visits (integer)\n"
        "loans: 2 rows, kind (string), loans (integer)\n"
        "written: schemas/no_of_visits.json\n"
        "written: schemas/loans.json\n"
        "written: schemas/rules.json\n"
        "written: rules.csv\n"
        "written: datapackage.json\n"
        "note: rules cannot name the column no. of visits of no_of_visits: letters, digits, '_' and '-' are written\n"
        f"next: read the schemas, then scrdata validate '{folder}' and scrdata suggest '{folder}'\n"
    )


def test_next_steps_work(run: Run, folder: Path) -> None:
    """The package is valid at once, and rules can be suggested for it."""
    run("init", folder)
    assert run("validate", folder)[0] == 0
    assert run("suggest", folder)[0] == 0


def test_json(run: Run, folder: Path) -> None:
    """JSON has the name, the tables and the files."""
    code, out, _ = run("init", folder, "--name", "town", "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert answer.keys() == {"folder", "name", "tables", "files", "notes"}
    assert (answer["folder"], answer["name"]) == (str(folder), "town")
    assert answer["tables"][1] == {
        "name": "loans", "file": "loans.csv", "rows": 2, "columns": ["kind (string)", "loans (integer)"],
    }  # fmt: skip
    assert answer["files"][-1] == "datapackage.json"
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["name"] == "town"


def test_many_columns_are_cut(run: Run, tmp_path: Path) -> None:
    """Of a wide table the first columns are listed, and the others counted."""
    names = ",".join(f"n{number}" for number in range(100))
    (tmp_path / "wide.csv").write_text(f"{names}\n", encoding="utf-8")
    first = run("init", tmp_path)[1].splitlines()[0]
    assert first.startswith("wide: 0 rows, n0 (string), n1 (string), ")
    assert first.endswith(" and 88 more")


@pytest.mark.parametrize("arguments", [(), ("nowhere",), ("one", "two"), ("--name",)], ids=" ".join)
def test_misuse(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    """No folder, several, or one that is not there is misuse."""
    monkeypatch.chdir(tmp_path)
    code, out, errors = run("init", *arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in errors


def test_a_second_time_is_refused(run: Run, folder: Path) -> None:
    """A package that is there is not made again: exit code 2, the file in the way is named, and nothing changes."""
    run("init", folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code, out, errors = run("init", folder)
    assert (code, out) == (2, "")
    assert errors == f"scrdata init: {folder}/datapackage.json exists already; nothing was written\n"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_control_characters_are_escaped(run: Run, tmp_path: Path) -> None:
    """A name with control characters reaches the terminal escaped, on either stream."""
    place = tmp_path / "bad\x1b[2Jname"
    place.mkdir()
    code, out, errors = run("init", place)
    assert code == 2
    (place / "t.csv").write_text("a\n1\n", encoding="utf-8")
    done = run("init", place)
    assert done[0] == 0
    for line in (out + errors + done[1] + done[2]).splitlines():
        assert line.isprintable()


def test_help(run: Run) -> None:
    """`--help` says what is written and what is not."""
    code, out, errors = run("init", "--help")
    assert (code, errors) == (0, "")
    assert out.startswith("usage: scrdata init ")
    assert "No file is overwritten" in " ".join(out.split())
    assert scrdata.init_package.__doc__
