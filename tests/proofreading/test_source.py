"""The text itself: what can be read, and the command that reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scrdata.cli import main
from scrdata.proofreading.source import SourceError, read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Proofread = Callable[..., tuple[int, str, str]]


def test_lines_keep_their_numbers(tmp_path: Path) -> None:
    """Blank lines and form feeds count as in an editor; white space of every kind becomes one space."""
    path = tmp_path / "text.txt"
    path.write_bytes("\ufefffirst\r\n\r\n\u00a0third \t line\f\n\n\x0bfifth".encode())
    assert [(line.number, line.text) for line in read_source(path).lines] == [
        (1, "first"),
        (3, "third line"),
        (5, "fifth"),
    ]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [(None, "cannot be opened: No such file or directory"), (b"caf\xe9\n", "is not UTF-8: byte 4 is 0xe9")],
)
def test_unreadable_text_is_refused(data: bytes | None, complaint: str, tmp_path: Path) -> None:
    """A file that is not there, or not UTF-8, is refused with the reason."""
    path = tmp_path / "text.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SourceError, match=complaint):
        read_source(path)


@pytest.mark.parametrize("text", ["", "\n\n", "Something else altogether.\n"])
def test_another_text_is_refused(text: str, proofread: Proofread) -> None:
    """A text that is not the report is refused for the first table that it lacks."""
    assert proofread(text) == (2, "", "scrdata proofread: the text has no line that is the heading of Annex B\n")


def test_package_that_is_not_there_is_refused(
    report_text: str, proofread: Proofread, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A package that cannot be opened gives exit code 2 and a message."""
    assert proofread(report_text)[0] == 0
    assert main(["proofread", str(tmp_path / "report.txt"), "--package", str(tmp_path / "nowhere")]) == 2
    assert "cannot be opened" in capsys.readouterr().err


def test_equal_tables_are_named(report_text: str, proofread: Proofread) -> None:
    """Every table is named, with the number of its rows."""
    assert proofread(report_text)[1].splitlines() == [
        "boards: equal (6 rows)",
        "reviews: equal (7 rows)",
        "judgements: equal (12 rows)",
        "durations: equal (12 rows)",
        "causes_of_death: equal (15 rows)",
        "numbers: not compared, the package declares no table of mentions",
    ]


def test_command_is_a_program(report_text: str, proofread: Proofread, tmp_path: Path) -> None:
    """The command exits with what it found, in any encoding, and shows no traceback."""
    text = report_text.replace("St Ossian’s", "St Óssian’s")
    assert proofread(text)[0] == 1
    command = [sys.executable, "-m", "scrdata", "proofread", str(tmp_path / "report.txt"), "--package"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for package, code in (("matching", 1), ("nowhere", 2)):
        done = subprocess.run(
            [*command, str(tmp_path / package)], capture_output=True, text=True, check=False, env=environment
        )
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)
        assert (r"St \xd3ssian\u2019s" in done.stdout) == (code == 1)


def test_validate_does_not_import_proofreading(tmp_path: Path, proofread: Proofread, report_text: str) -> None:
    """The validator reaches its verdict without this part of the project."""
    proofread(report_text)
    script = (
        "import sys; from scrdata.cli import main; code = main(['validate', sys.argv[1]]); "
        "sys.exit(code or any(name.startswith('scrdata.proofreading') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "matching")], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
