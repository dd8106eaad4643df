"""Annex B: rows, broken names, odd white space, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.proofreading.annex_b import slug

if TYPE_CHECKING:
    from collections.abc import Callable

    Proofread = Callable[..., tuple[int, str, str]]


def line_of(text: str, part: str) -> int:
    """Return the line of `text` on which `part` first stands, from 1."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Applemere", "applemere"),
        ("Brackwater & Dunmoor", "brackwater-and-dunmoor"),
        ("St Ossian’s", "st-ossians"),
        ("St Ossian's", "st-ossians"),
        ("Stoke-in-the-Vale", "stoke-in-the-vale"),
        ("Fenn (City of)", "fenn-city-of"),
    ],
)
def test_slug(name: str, identifier: str) -> None:
    """The identifier is the printed name in lower case, with `and` for `&`, no apostrophe, hyphens for the rest."""
    assert slug(name) == identifier


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Great Fennings Good", "\u00a0Great\u2009Fennings\t Good"),
        ("Great Fennings Good", "\fGreat Fennings Good"),
        ("Great Fennings Good", "Great Fennings\n\nGood"),
        ("Great Fennings Good", "Great\nFennings\nGood"),
        ("Brackwater & Dunmoor Outstanding", "Brackwater &\nDunmoor Outstanding"),
        ("Brackwater & Dunmoor Outstanding", "Brackwater\n\n& Dunmoor Outstanding"),
        ("Casterley and\nWendmere\n\nGood", "Casterley and \nWendmere Good"),
        ("Casterley and\nWendmere\n\nGood", "Casterley\nand Wendmere Good"),
        ("Casterley and\nWendmere\n\nGood", "Casterley and Wendmere Good"),
        ("Stoke-in-the-Vale", "Stoke-in-\nthe-Vale"),
        ("\n", "\r\n"),
        ("\n", " \n"),
        ("\n\n", "\n"),
        ("31/03/2010", "31/03/2010\n\n \n"),
    ],
)
def test_layout_does_not_matter(report_text: str, proofread: Proofread, old: str, new: str) -> None:
    """White space, and where a long name is broken, change nothing."""
    assert old in report_text
    code, printed, _ = proofread(report_text.replace(old, new))
    assert (code, printed.count("equal"), printed.count("\n")) == (0, 5, 6)


@pytest.mark.parametrize(
    ("old", "new", "place", "values"),
    [
        (
            "Good 15/06/2009",
            "Good 16/06/2009",
            "reviews.csv, line 5, column evaluation_date, row 4 (review_id=R004)",
            "prints '2009-06-16' (line {line}), the package has '2009-06-15'",
        ),
        (
            "Good 15/06/2009",
            "Adequate 15/06/2009",
            "reviews.csv, line 5, column judgement, row 4 (review_id=R004)",
            "prints 'adequate' (line {line}), the package has 'good'",
        ),
        (
            "Great Fennings Good 15/06/2009",
            "Great Fenning Good 15/06/2009",
            "reviews.csv, line 5, column board_id, row 4 (review_id=R004)",
            "prints 'great-fenning' (line {line}), the package has 'great-fennings'",
        ),
        (
            "St Ossian’s Outstanding",
            "St Ossian's Outstanding",
            "boards.csv, line 6, column name, row 5 (board_id=st-ossians)",
            "prints 'St Ossian's' (line {line}), the package has 'St Ossian’s'",
        ),
    ],
)
def test_changed_cell_is_found(
    report_text: str, proofread: Proofread, old: str, new: str, place: str, values: str
) -> None:
    """One changed cell of Annex B is reported with file, line, column, row, key, and both values."""
    text = report_text.replace(old, new)
    code, printed, _ = proofread(text)
    assert code == 1
    assert f"  {place}: the text {values.format(line=line_of(text, new))}\n" in printed


def test_deleted_row_is_one_missing_row(report_text: str, proofread: Proofread) -> None:
    """A row missing from the text is named once, beside the number that the heading prints; no other row is."""
    text = report_text.replace(" Great Fennings Good 15/06/2009\n", "")
    code, printed, _ = proofread(text)
    heading = line_of(text, "Annex B:")
    assert code == 1
    assert f"report.txt, line {heading}: the text prints 7 as the number of reviews in Annex B, " in printed
    assert "its parts amount to 6\n" in printed
    assert "reviews: 2 differences\n" in printed
    row = "'R004, 4, great-fennings, good, 2009-06-15'"
    place = "reviews.csv, line 5, row 4 (review_id=R004)"
    assert f"  {place}: the package has {row}, the text prints no such row here\n" in printed
    assert "boards: 1 difference\n" in printed
    assert printed.count("equal") == 3


def test_row_after_a_deleted_one_is_compared_by_what_it_says(report_text: str, proofread: Proofread) -> None:
    """After a missing row the numbers of the rows shift; only what else differs in a later row is reported."""
    text = report_text.replace("Applemere Good 03/04/2009\n", "").replace("Adequate 31/03", "Good 31/03")
    code, printed, _ = proofread(text)
    assert (code, "reviews: 3 differences\n" in printed) == (1, True)
    assert "line 8, column judgement, row 7 (review_id=R007): the text prints 'good'" in printed
    assert "column review_id" not in printed


def test_added_row_is_found(report_text: str, proofread: Proofread) -> None:
    """A row that only the text has is named with its line and place."""
    text = report_text.replace("The 7", "The 8").replace(" Great", "Applemere Good 09/09/2009\n\nGreat")
    code, printed, _ = proofread(text)
    line = line_of(text, "Applemere Good 09/09/2009")
    assert code == 1
    assert (
        f"reviews: 1 difference\n  reviews.csv: the text prints 'applemere, good, 2009-09-09' (line {line}, row 4), "
        "the package has no such row here\n" in printed
    )


def test_swapped_rows_are_found(report_text: str, proofread: Proofread) -> None:
    """The order of the rows is compared too, among the rows of one Board as well."""
    first, second = "Applemere Good 03/04/2009", "Applemere  Inadequate  28/02/2010"
    text = report_text.replace(first, "SWAP").replace(second, first).replace("SWAP", second)
    code, printed, _ = proofread(text)
    assert (code, "reviews: 2 differences" in printed, "boards: equal" in printed) == (1, True, True)


@pytest.mark.parametrize(
    ("old", "new", "named", "expected"),
    [
        ("\nSt Ossian’s", "\nPage 12\n\nSt Ossian’s", "Page 12", "a review or part of a Board's name"),
        ("\nSt Ossian’s", "\nHeadline\n\nSt Ossian’s", "Headline", "a review with judgement and date"),
        ("\nSt Ossian’s", "\nHeadland\n\nSt Ossian’s", "Headland", "a review with judgement and date"),
        ("\nSt Ossian’s", "\n8 A footnote.\n\nSt Ossian’s", "8 A footnote.", "a review or part of a Board's name"),
        ("Fennings Good", "Fennings Goood", "Great Fennings Goood", "a review or part of a Board's name"),
        ("Fennings Good 15/06/2009", "Fennings Good", "Great Fennings Good", "a review or part of a Board's name"),
        (
            "Fennings Good 15/06/2009",
            "Fennings Good 15.06.2009",
            "Great Fennings",
            "a review or part of a Board's name",
        ),
        ("Fennings Good 15/06/2009", "Fennings Good 15/06/09", "Great Fennings", "a review or part of a Board's name"),
        ("Good 15/06", "Good Good 15/06", "Great Fennings Good", "a review with the name of a Board"),
        ("Good 15/06/2009", "Good 31/06/2009", "Great Fennings", "a day that the calendar has"),
        ("Great Fennings Good 15", "Good 15", "Good 15/06/2009", "a review with the name of a Board"),
        ("15/06/2009\n\nRoyal", "15/06/2009 Royal", "Great Fennings", "a review or part of a Board's name"),
        ("31/03/2010", "31/03/2010\nThe end", "The end", "the end of Annex B"),
        ("31/03/2010", "31/03/2010\n\n8.", "8.", "a review or part of a Board's name"),
        ("Board\n", "Boa\nrd\n", "Boa", "a column heading of Annex B"),
        ("evaluation letter", "evaluation letters", "evaluation letters", "a column heading of Annex B"),
        ("Board\n\nSerious", "Board\n\nApplemere Good 01/05/2009\nSerious", "Applemere", "a column heading"),
    ],
)
def test_unexpected_line_is_refused(
    report_text: str, proofread: Proofread, old: str, new: str, named: str, expected: str
) -> None:
    """A line in Annex B that is no part of its table ends the reading with its number and what should stand there."""
    assert report_text.count(old) == 1
    text = report_text.replace(old, new)
    code, printed, complaint = proofread(text)
    annex = text.index("Annex B:")
    line = line_of(text, "Annex B:") + line_of(text[annex:], named) - 1
    assert (code, printed) == (2, "")
    assert complaint.startswith(f"scrdata proofread: line {line} of the text: '{named}")
    assert expected in complaint


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Annex B: The", "Annex B; The", "the text has no line that is the heading of Annex B"),
        (
            "4. Running",
            "Annex B: The 3 serious case reviews\n4. Running",
            "several lines that are the heading of Annex B",
        ),
    ],
)
def test_annex_is_found_by_its_heading(
    report_text: str, proofread: Proofread, old: str, new: str, complaint: str
) -> None:
    """A text without the heading of Annex B, or with two, is refused."""
    code, _, said = proofread(report_text.replace(old, new))
    assert code == 2
    assert complaint in said


def test_annex_without_rows_is_refused(report_text: str, proofread: Proofread) -> None:
    """An Annex B that ends within its column headings is refused."""
    text = report_text[: report_text.index("evaluation letter")]
    code, _, complaint = proofread(text)
    assert code == 2
    assert "a heading with the column headings of Annex B below it is expected" in complaint
