"""Tables 1, 2 and 3: cells, printed totals, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Proofread = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "Suicide 1\n",
            "Suicide 2\n",
            "children, row 4 (cause_group=other_external_cause, cause=suicide): the text prints '2'",
        ),
        (
            "Suicide 1\n",
            "Suicide 2\n",
            "the text prints 11 as the total of 'Other external cause', its parts amount to 12",
        ),
        ("Suicide 1\n", "Suicide 2\n", "the text prints 50 as the total of Table 1, its parts amount to 51"),
        ("Suicide 1\n", "Suicide 2\n", "the text prints 50 as the children of Table 1, its parts amount to 51"),
        (
            "Total 13",
            "Total 14",
            "the text prints 14 as the total of 'Accidents and adverse events', its parts amount to 13",
        ),
        ("Total 50", "Total 51", "the text prints 51 as the total of Table 1, its parts amount to 50"),
        ("the 50 children", "the 49 children", "the text prints 49 as the children of Table 1, its parts amount to 50"),
        (
            "Suicide 1\n",
            "",
            "causes_of_death.csv, line 5, row 4 (cause_group=other_external_cause, cause=suicide): the package has",
        ),
        ("Suicide 1\n", "Suicide 1\nSuicide 1\n", "the text prints 'other_external_cause, suicide, 1'"),
        ("Other 6\nTotal", "Substance misuse 6\nTotal", "column cause, row 10"),
        ("0 20 31 4 55", "0 21 31 4 55", "reviews, row 6 (period_id=2008-09, judgement=good): the text prints '21'"),
        (
            "0 20 31 4 55",
            "0 21 31 4 55",
            "the text prints 55 as the total of April 08 - March 09, its parts amount to 56",
        ),
        (
            "0 20 31 4 55",
            "0 20 31 4 54",
            "the text prints 54 as the total of April 08 - March 09, its parts amount to 55",
        ),
        (
            "0 20 31 4 55",
            "0 31 20 4 55",
            "reviews, row 7 (period_id=2008-09, judgement=adequate): the text prints '20'",
        ),
        (
            "April 08 - March 09 0 20 31 4 55\n",
            "",
            "the package has '2008-09, adequate, 31', the text prints no such row",
        ),
        ("Good 2 0 1 0", "Good 2 0 1 3", "reviews, row 4 (judgement=good, duration=over_2_years): the text prints '3'"),
        ("Good 2 0 1 0\n", "", "the package has 'good, under_6_months, 2', the text prints no such row"),
        ("Good 2 0 1 0", "Outstanding 0 0 0 0\nGood 2 0 1 0", "the text prints 'outstanding, over_2_years, 0'"),
    ],
)
def test_difference_is_found(report_text: str, proofread: Proofread, old: str, new: str, said: str) -> None:
    """A changed digit, a missing or a further row of a table, and a wrong printed total are each reported."""
    assert report_text.count(old) == 1
    code, printed, complaint = proofread(report_text.replace(old, new))
    assert (code, complaint) == (1, "")
    assert said in printed


@pytest.mark.parametrize(
    ("first", "second", "table"),
    [
        ("Concealed birth 0\n", "Result of accident but neglect a factor 2\n", "causes_of_death"),
        ("April 07 - March 08 1 3 5 7 16\n", "April 08 - March 09 0 20 31 4 55\n", "judgements"),
        ("Good 2 0 1 0\n", "Adequate 0 1 0 0\n", "durations"),
    ],
)
def test_swapped_rows_are_found(report_text: str, proofread: Proofread, first: str, second: str, table: str) -> None:
    """Two rows in the other order are a difference, though every cell is the same."""
    text = report_text.replace(first, "SWAP").replace(second, first).replace("SWAP", second)
    code, printed, _ = proofread(text)
    assert code == 1
    assert f"{table}: equal" not in printed
    assert printed.count("equal") == 4


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "Suicide 1\n",
            "Suicid 1\n",
            "'Suicid 1' stands where a cause or the total of the group 'Other external cause'",
        ),
        ("Suicide 1\n", "Suicide l\n", "'Suicide l' stands where a cause or the total"),
        ("Suicide 1\n", "Suicide 01\n", "'Suicide 01' stands where a cause or the total"),
        ("Suicide 1\n", "Suicide \uff11\n", "'Suicide \uff11' stands where a cause or the total"),
        ("Suicide 1\n", "Suicide 1\nA stray line\n", "'A stray line' stands where a cause or the total"),
        ("Suicide 1\n", "Overlay by parent/carer 1\n", "'Overlay by parent/carer 1' stands where a cause or the total"),
        ("Total 11\n", "", "'Accidents and adverse events' stands where a cause or the total of the group 'Other ext"),
        (
            "Homicide\n",
            "",
            "'Murder by parent/carer* 4' stands where a group of causes or the total of Table 1 is expected",
        ),
        ("Homicide\n", "Homicides\n", "'Homicides' stands where a group of causes or the total of Table 1 is expected"),
        (
            "Homicide\n",
            "Homicide 6\n",
            "'Homicide 6' stands where a group of causes or the total of Table 1 is expected",
        ),
        ("Natural causes 5\n", "Natural causes\n", "'Total 50' stands where"),
        ("Total 50\n", "", "stands where the heading of a Table 1 that ends in a total is expected"),
        ("Total 50\n", "Total 50\nOther 2\n", "'Other 2' stands where a note to Table 1 is expected"),
        ("* A first", "A first", "the text has no line below line 3 that is the first note to Table 1"),
        ("Table 1:", "Table 9:", "the text has no line that is the heading of Table 1"),
        (
            "Period Outstanding Good",
            "Period Good Outstanding",
            "stands where the line of column headings 'Period Outst",
        ),
        ("Period Outstanding", "Outstanding", "stands where the line of column headings 'Period Outstanding"),
        ("April 08 - March 09 0", "April 08 - March 10 0", "stands where a period with five numbers is expected"),
        ("0 20 31 4 55", "0 20 31 4", "'April 08 - March 09 0 20 31 4' stands where a period with five numbers"),
        ("0 20 31 4 55", "0 20 31 4 5 5", "stands where a period with five numbers is expected"),
        ("0 20 31 4 55", "0 20 31 4 55\nsources", "'sources' stands where a period with five numbers is expected"),
        ("Table 2:", "Table 1:", "the text has no line that is the heading of Table 2"),
        ("5. A paragraph", "Table 2: again\n\n5. A", "several lines that are the heading of Table 2"),
        ("Adequate 0 1 0 0", "Adequate 0 1 O 0", "'Adequate 0 1 O 0' stands where a judgement with four numbers"),
        ("Inadequate 0 0 0 1", "Inadequate 0 0 0 I", "'Inadequate 0 0 0 I' stands where a judgement with four numbers"),
        ("Inadequate 0 0 0 1", "Indequate 0 0 0 1", "'Indequate 0 0 0 1' stands where a judgement with four numbers"),
        ("Inadequate 0 0 0 1", "stray\n\nInadequate 0 0 0 1", "'stray' stands where a judgement with four numbers"),
        (
            "months year 1 to 2 years 2+ years\n",
            "",
            "'Good 2 0 1 0' stands where the line of column headings 'months year",
        ),
        (
            "months year 1 to 2 years 2+ years",
            "months year 2+ years 1 to 2 years",
            "stands where the line of column headings",
        ),
        (
            "Under 6 6 months to 1 SCR evaluation",
            "6 months to 1 Under 6 SCR evaluation",
            "the upper half of its column",
        ),
        (
            "Under 6 6 months to 1 SCR evaluation",
            "",
            "the upper half of its column headings, 'Under 6 6 months to 1 SCR",
        ),
        ("1 SCR evaluation", "1 SCR evaluation 2", "the upper half of its column headings"),
        ("Table 3:", "Table 4:", "the text has no line that is the heading of Table 3"),
    ],
)
def test_unexpected_line_is_refused(report_text: str, proofread: Proofread, old: str, new: str, complaint: str) -> None:
    """A line that is no part of a table, or headings that do not say which column is which, end the reading."""
    assert report_text.count(old) == 1
    code, printed, said = proofread(report_text.replace(old, new))
    assert (code, printed) == (2, "")
    assert complaint in said


def test_refusal_names_the_line(report_text: str, proofread: Proofread) -> None:
    """The message counts lines as an editor does, blank ones and form feeds included."""
    text = report_text.replace("Suicide 1\n", "\f\n\nA stray line\n")
    line = text.split("\n").index("A stray line") + 1
    assert f"line {line} of the text: 'A stray line' stands" in proofread(text)[2]


def test_table_3_without_anything_below_is_refused(report_text: str, proofread: Proofread) -> None:
    """A Table 3 whose upper headings follow at once has no lower ones, and is refused."""
    start, end = report_text.index("months year"), report_text.index("Under 6")
    code, _, complaint = proofread(report_text[:start] + report_text[end:])
    assert code == 2
    assert (
        "'Table 3: Made-up times' stands where a heading with 'months year 1 to 2 years 2+ years' below it" in complaint
    )
