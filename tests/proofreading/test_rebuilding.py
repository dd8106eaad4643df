"""The rebuilt tables as CSV and against a package; the laws that no single case can show."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scrdata.package import Package
from scrdata.proofreading import rebuilding
from scrdata.proofreading.rebuilding import WRITTEN, as_csv, compare, rebuild
from scrdata.proofreading.source import Source, SourceError, read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Proofread = Callable[..., tuple[int, str, str]]
    MakePackage = Callable[[dict[str, str]], Path]


def source_of(text: str, folder: Path) -> Source:
    """Return a text as `read_source` reads it."""
    path = folder / "text.txt"
    path.write_bytes(text.encode())
    return read_source(path)


def test_rebuilt_tables_are_the_expected_ones(report_text: str, expected: dict[str, str], tmp_path: Path) -> None:
    """Every table comes out byte for byte as the package stores it."""
    tables = rebuild(source_of(report_text, tmp_path))
    assert {name: as_csv(table) for name, table in tables.items()} == expected


def regions(lines: list[str]) -> Iterator[int]:
    """Yield the places of all lines that bear text within the four tables, headings included."""
    for start, end in (("Table 1:", "* "), ("Table 2:", "5. "), ("Table 3:", "end of"), ("Annex B:", None)):
        first = next(i for i, line in enumerate(lines) if line.strip().startswith(start))
        last = next((i for i in range(first, len(lines)) if end and lines[i].startswith(end)), len(lines))
        yield from (i for i in range(first, last) if lines[i].strip())


def changed_digits(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield a name and the text for each digit of the tables, raised by one."""
    for place in regions(lines):
        for at, character in enumerate(lines[place]):
            if character.isdigit():
                line = f"{lines[place][:at]}{(int(character) + 1) % 10}{lines[place][at + 1 :]}"
                yield f"{line!r}", "\n".join([*lines[:place], line, *lines[place + 1 :]])


def deleted_lines(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield a name and the text for each line of the tables left out."""
    for place in regions(lines):
        yield f"without {lines[place]!r}", "\n".join([*lines[:place], *lines[place + 1 :]])


def swapped_lines(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield a name and the text for each two neighbouring lines of the tables swapped."""
    places = list(regions(lines))
    for a, b in pairwise(places):
        if lines[a].split() != lines[b].split():
            swapped = list(lines)
            swapped[a], swapped[b] = lines[b], lines[a]
            yield f"{lines[b]!r} before {lines[a]!r}", "\n".join(swapped)


@pytest.mark.parametrize("spoil", [changed_digits, deleted_lines, swapped_lines])
def test_nothing_within_the_tables_is_overlooked(
    spoil: Callable[[list[str]], Iterator[tuple[str, str]]],
    report_text: str,
    expected: dict[str, str],
    make_package: MakePackage,
    tmp_path: Path,
) -> None:
    """No digit of a table can change, and no line of one go missing or change places, without a word."""
    package = Package(make_package(expected))
    spoilt = list(spoil(report_text.split("\n")))
    overlooked = []
    for name, text in spoilt:
        try:
            differences = [f for table in rebuild(source_of(text, tmp_path)).values() for f in compare(table, package)]
        except SourceError:
            continue
        if not differences:
            overlooked.append(name)
    assert overlooked == []
    assert len(spoilt) > 40


def test_package_with_wrong_numbering_is_found(
    report_text: str, expected: dict[str, str], proofread: Proofread, make_package: MakePackage
) -> None:
    """Identifiers and positions that only number the rows are compared too."""
    expected["reviews"] = expected["reviews"].replace("R004,4,", "R004,9,")
    code, printed, _ = proofread(report_text, package=make_package(expected))
    assert code == 1
    assert (
        "reviews.csv, line 5, column annex_position, row 4 (review_id=R004): "
        "the package numbers the row '9', by its place it is '4'\n" in printed
    )


def test_finding_says_what_stands_in_the_package_and_what_is_printed(
    report_text: str, expected: dict[str, str], make_package: MakePackage, tmp_path: Path
) -> None:
    """A finding is about the package: found is its cell, expected is the printed one."""
    expected["durations"] = expected["durations"].replace("good,1_to_2_years,1", "good,1_to_2_years,4")
    package = Package(make_package(expected))
    [finding] = compare(rebuild(source_of(report_text, tmp_path))["durations"], package)
    assert (finding.rule, finding.file, finding.line, finding.row) == ("cell_is_as_printed", "durations.csv", 4, 3)
    assert (finding.column, finding.found, finding.expected) == ("reviews", "4", "1")
    assert finding.key == {"judgement": "good", "duration": "1_to_2_years"}


def test_package_with_a_further_row_is_found(
    report_text: str, expected: dict[str, str], proofread: Proofread, make_package: MakePackage
) -> None:
    """A row at the end of the package's table that the text does not print is a difference."""
    expected["reviews"] += "R008,8,applemere,good,2009-05-01\n"
    code, printed, _ = proofread(report_text, package=make_package(expected))
    assert code == 1
    assert "reviews: 1 difference\n  reviews.csv, line 9, row 8 (review_id=R008): the package has 'R008, 8, " in printed


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda tables: tables.pop("reviews"), "no table is called 'reviews'"),
        (
            lambda tables: tables.update(boards=tables["boards"].replace("board_id,name", "board_id,title")),
            "no column of 'boards' is called 'name'",
        ),
        (
            lambda tables: tables.update(reviews=tables["reviews"].replace("2009-04-03", "3 April")),
            "the table 'reviews' cannot be used",
        ),
    ],
)
def test_package_that_cannot_be_compared_is_refused(
    spoil: Callable[[dict[str, str]], object],
    complaint: str,
    report_text: str,
    expected: dict[str, str],
    proofread: Proofread,
    make_package: MakePackage,
) -> None:
    """A package without the table or column, or with a table that cannot be read, is refused with the reason."""
    spoil(expected)
    code, _, said = proofread(report_text, package=make_package(expected))
    assert code == (1 if "cannot be used" in complaint else 2)
    assert complaint in said


def test_tables_are_written(report_text: str, expected: dict[str, str], proofread: Proofread, tmp_path: Path) -> None:
    """`--write` makes the folder and writes the four tables that the text gives in full, and nothing else."""
    folder = tmp_path / "new" / "tables"
    code, printed, _ = proofread(report_text, "--write", str(folder))
    assert (code, printed.count("written: ")) == (0, 4)
    assert {path.name: path.read_bytes().decode() for path in folder.iterdir()} == {
        f"{name}.csv": expected[name] for name in WRITTEN
    }


def test_tables_are_written_when_they_differ(
    report_text: str, expected: dict[str, str], proofread: Proofread, tmp_path: Path
) -> None:
    """`--write` writes what the text says, whether or not the package says so; the exit code stays 1."""
    code, _, _ = proofread(report_text.replace("Good 2 0 1 0", "Good 3 0 1 0"), "--write", str(tmp_path))
    assert code == 1
    text = expected["durations"].replace("good,under_6_months,2", "good,under_6_months,3")
    assert (tmp_path / "durations.csv").read_text() == text


def test_nothing_is_written_from_a_text_that_is_refused(report_text: str, proofread: Proofread, tmp_path: Path) -> None:
    """A text that is refused leaves no file."""
    folder = tmp_path / "tables"
    code, _, _ = proofread(report_text.replace("Table 3:", "Table 4:"), "--write", str(folder))
    assert (code, folder.exists()) == (2, False)


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_fault_while_writing_leaves_the_old_files(
    name: str, report_text: str, proofread: Proofread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault before the last moment leaves every old file as it was, no other file, and exit code 2."""
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "reviews.csv").write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(rebuilding.os, name, fail)
    code, _, complaint = proofread(report_text, "--write", str(folder))
    assert (code, os.strerror(28) in complaint) == (2, True)
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("reviews.csv", "old")]


def test_second_fault_leaves_whole_files(
    report_text: str, expected: dict[str, str], proofread: Proofread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault between two files leaves each of them whole, the old one or the new one."""
    folder = tmp_path / "tables"
    folder.mkdir()
    for name in WRITTEN:
        (folder / f"{name}.csv").write_text("old")
    replace, calls = os.replace, []

    def fail_later(new: str, path: str) -> None:
        calls.append(path)
        if len(calls) > 1:
            raise OSError(5, os.strerror(5))
        replace(new, path)

    monkeypatch.setattr(rebuilding.os, "replace", fail_later)
    code, _, _ = proofread(report_text, "--write", str(folder))
    texts = {path.stem: path.read_text() for path in folder.iterdir()}
    assert code == 2
    assert texts == {"reviews": expected["reviews"], "judgements": "old", "durations": "old", "causes_of_death": "old"}
