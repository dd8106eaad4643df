"""`scrdata suggest`: what the data obey, as text, as rows to paste, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata.reading import read_undescribed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

FILES = {
    "branches.csv": "branch_id,name\nnorth,North\nsouth,South\nquay,Quay\n",
    "kinds.csv": "kind,loans\nbook,1565\nfilm,378\n",
    "loans.csv": (
        "branch_id,kind,loans\n"
        "north,book,812\nnorth,film,107\nsouth,book,655\nsouth,film,240\nquay,book,98\nquay,film,31\n"
    ),
}
TEXT = """\
loans_loans_equal_kinds_loans_for_each_kind
  loans[kind=*].loans = kinds[kind=*].loans
  812 + 655 + 98 = 1565; 107 + 240 + 31 = 378
  For each kind, the sum of loans in loans equals the loans in kinds.
  by chance: at most 1 in {odds} ({bits} bits)
  candidates tried: {pairs} (pairs of totals of the same name, by the same column)

"""
END = """\
package: {package}
{number} suggested, of {tried} candidates tried
Nothing has been accepted. Where one must hold by what the columns mean, add its row to the table of rules
(--format csv prints the rows), describe the table anew by python -m scrdata.sealing, and validate.
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return a package of three tables, of which one sums up another."""
    folder = tmp_path / "town"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    scrdata.init_package(folder)
    return folder


def test_text(run: Run, town: Path) -> None:
    """Each rule stands with equation, numbers, sentence and chance; the end says that nothing has been accepted."""
    found = scrdata.suggest(town, at_least=10)
    (rule,) = found.rules
    code, out, errors = run("suggest", town, "--at-least", "10")
    assert (code, errors) == (0, "")
    odds = rule.chance.removeprefix("1 in ")
    text = TEXT.format(odds=odds, bits=rule.bits, pairs=rule.tried)
    assert out == text + END.format(package=town, number="1 rule", tried=found.tried)
    assert float(odds.replace(",", "")) == pytest.approx(2**rule.bits, rel=0.1)


def test_nothing_to_suggest(run: Run, town: Path) -> None:
    """Where nothing is surprising enough, the answer is the end alone, and the exit code 0."""
    code, out, _ = run("suggest", town, "--at-least", "100")
    assert (code, out) == (0, END.format(package=town, number="0 rules", tried=scrdata.suggest(town).tried))


def test_more_instances_than_are_shown_are_counted(run: Run, town: Path) -> None:
    """Of a rule with many instances the first are shown with numbers, the others counted."""
    rows = [f"b{n},{n % 17 + 5},{n % 17 + 5}" for n in range(30)]
    folder = town.parent / "wide"
    folder.mkdir()
    (folder / "t.csv").write_text("\n".join(["b,one,other", *rows, ""]), encoding="utf-8")
    scrdata.init_package(folder)
    assert "\n  5 = 5; 6 = 6; 15 = 15; and 27 more\n" in run("suggest", folder)[1]


def test_csv_is_ready_to_be_pasted(run: Run, town: Path) -> None:
    """CSV is the whole table of rules of a new package: with it, the package is valid, and the rule is checked."""
    code, out, _ = run("suggest", town, "--format", "csv")
    assert code == 0
    cells = read_undescribed("out", out.encode(), ",")
    assert list(cells) == ["rule_id", "equation", "statement", "basis", "locators"]
    assert cells["equation"] == [rule.equation for rule in scrdata.suggest(town).rules]
    assert set(cells["locators"]) == {""}
    (town / "rules.csv").write_text(out, encoding="utf-8", newline="")
    from scrdata.sealing import seal

    assert seal(str(town)) == ["rules.csv"]
    report = scrdata.validate(town)
    assert report.valid, report.findings
    assert report.checked["rules"] == len(cells["equation"])
    assert run("suggest", town, "--format", "csv")[1] == "rule_id,equation,statement,basis,locators\n"


def test_json(run: Run, town: Path) -> None:
    """JSON is what `scrdata.suggest` returns."""
    code, out, _ = run("suggest", town, "--format", "json", "--at-least", "1.5")
    assert code == 0
    assert json.loads(out) == scrdata.suggest(town, at_least=1.5).to_dict()


def test_nothing_is_written(run: Run, town: Path) -> None:
    """The files of the package are the same afterwards, and no others are there."""
    before = {path: path.read_bytes() for path in sorted(town.rglob("*")) if path.is_file()}
    run("suggest", town)
    assert {path: path.read_bytes() for path in sorted(town.rglob("*")) if path.is_file()} == before


@pytest.mark.parametrize("bits", ["-1", "x", "", "NaN", "INF", "1e999", "\uff11"])
def test_bits_that_are_no_number_are_misuse(run: Run, town: Path, bits: str) -> None:
    """What is no number of bits is misuse."""
    code, out, errors = run("suggest", town, "--at-least", bits)
    assert (code, out) == (2, "")
    assert "a number of bits from 0, such as 2.5, was expected" in errors


def test_limits_are_printed(run: Run, town: Path) -> None:
    """What was not tried is said before the end."""
    rows = "".join(f"p{n},k{n % 2},{n}\n" for n in range(60))
    folder = town.parent / "long"
    folder.mkdir()
    (folder / "t.csv").write_text(f"place_id,kind_id,n\n{rows}", encoding="utf-8")
    scrdata.init_package(folder)
    lines = run("suggest", folder)[1].splitlines()
    assert "not tried: parts by a column of more than 40 values: t.place_id" in lines
