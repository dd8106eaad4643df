"""Bytes to rows: the same cells as Python's reader, the right lines, and nothing guessed."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.delimited import Broken, DelimitedText
from tests.strategies import LAW, CsvFile, csv_files


def records(data: bytes, delimiter: str = ",") -> list[list[str]]:
    """Return header and rows as lists of cells."""
    text = DelimitedText(data, delimiter)
    return [text.header, *map(list, zip(*text.rows().columns, strict=True))]


def problem(data: bytes) -> tuple[object, object]:
    """Split bytes that must be refused; return rule and line."""
    with pytest.raises(Broken) as caught:
        records(data)
    assert caught.value.finding["message"]
    return caught.value.finding["rule"], caught.value.finding["line"]


@LAW
@given(csv_files())
def test_what_a_writer_writes_is_read(file: CsvFile) -> None:
    """Any table has the same cells after writing and reading, whatever the quoting, delimiter and line end."""
    assert records(file.data, file.delimiter) == [file.header, *file.rows]


@LAW
@given(csv_files())
def test_every_row_knows_its_line(file: CsvFile) -> None:
    """A row starts on the line on which the writer started it, also below cells that span lines."""
    assert list(DelimitedText(file.data, file.delimiter).rows().lines) == file.lines[1:]


@LAW
@given(csv_files(), st.integers(1, 40))
def test_a_file_is_the_same_in_pieces(file: CsvFile, piece: int) -> None:
    """Cells and lines do not depend on how much is split at once, be it less than a row."""
    whole = DelimitedText(file.data, file.delimiter).rows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scrdata.delimited.PIECE", piece)
        assert DelimitedText(file.data, file.delimiter).rows() == whole


def test_lines_are_counted_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ragged line far behind the first piece is named by its number in the file."""
    monkeypatch.setattr("scrdata.delimited.PIECE", 16)
    assert problem(b"a,b\n" + b"1,2\n" * 100 + b"3\n" + b"1,2\n" * 100) == ("row_has_all_cells", 102)
    assert problem(b"a,b\n" + b"1,2\n" * 100 + b"\n1,2\n") == ("line_is_not_blank", 102)


@LAW
@given(st.lists(st.sampled_from([*'ab,"\n', "\r\n", '""', ",,", "x,y\n"]), max_size=14).map("".join))
def test_any_text_is_read_as_others_read_it_or_refused(text: str) -> None:
    """What is accepted has the cells that Python's strict reader finds; what is refused is refused at a line."""
    data = "a,b\n" + text
    try:
        found = records(data.encode())
    except Broken as broken:
        line = broken.finding["line"]
        assert isinstance(line, int)
        assert 1 <= line <= data.count("\n") + 1
    else:
        assert found == list(csv.reader(io.StringIO(data, newline=""), strict=True))


@LAW
@given(st.binary(max_size=30), st.sampled_from([b"", b"a\n", b"a,b\n"]))
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    """No bytes at all make anything but a table or a refusal; each row is as wide as the header."""
    try:
        text = DelimitedText(start + data, ",")
        rows = text.rows()
    except Broken:
        return
    assert [len(column) for column in rows.columns] == [len(rows.lines)] * len(text.header)
    assert list(rows.lines) == sorted(set(rows.lines))


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"", "header_is_as_declared", 1),
        (b"\xef\xbb\xbfa,b\n", "file_has_no_byte_order_mark", 1),
        (b"\xff\xfea\0,\0", "file_has_no_byte_order_mark", 1),
        (b"a,b\n1,\xff\n", "file_is_utf8", 2),
        (b"a,b\n1,2\n\0,4\n", "file_has_no_nul", 3),
        (b"a,b\r1,2\r", "line_ends_agree", 1),
        (b"a,b\r\n1,2\n", "line_ends_agree", 2),
        (b"a,b\n1,2\r\n3,4\n", "line_ends_agree", 2),
        (b"a,b\n1,2\r3\n", "line_ends_agree", 2),
        (b"a,b\n\n1,2\n", "line_is_not_blank", 2),
        (b"a,b\n1,2\n\n", "line_is_not_blank", 3),
        (b'a,b\n"1\n1",2\n\n', "line_is_not_blank", 4),
        (b'a,b\n1,2"\n', "quotation_marks_are_paired", 2),
        (b'a,b\n"1",x"2"\n', "quotation_marks_are_paired", 2),
        (b'a,b\n1,2\n"3,4\n5,6\n', "quotation_marks_are_paired", 3),
        (b'a,b\n"1\n2"3,4\n', "quotation_marks_are_paired", 3),
        (b'a,b\n"1\n2",3"\n', "quotation_marks_are_paired", 3),
        (b'a,b\n1,"2\n\n3"4\n', "quotation_marks_are_paired", 4),
        (b'a,b\n"1" ,2\n', "quotation_marks_are_paired", 2),
        (b"a,b\n1\n", "row_has_all_cells", 2),
        (b"a,b\n1,2\n3,4,5\n", "row_has_all_cells", 3),
        (b'a,b\n"x\ny",2\n3\n', "row_has_all_cells", 4),
    ],
)
def test_a_broken_file_is_refused_at_its_line(data: bytes, rule: str, line: int) -> None:
    """A file that is no clean table gives one finding, with the line on which it goes wrong."""
    assert problem(data) == (rule, line)


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,b\n", []),
        (b"a,b", []),
        (b'"a","b"\n', []),
        (b"a,b\n1,2", [("1", "2")]),
        (b"a,b\r\n1,2\r\n", [("1", "2")]),
        (b"a,b\r\n1,2", [("1", "2")]),
        (b'a,b\n"",""\n', [("", "")]),
        (b"a,b\n,\n", [("", "")]),
        (b'a,b\n"x ""y""",""""\n', [('x "y"', '"')]),
        (b'a,b\r\n"x\r\ny",2\r\n', [("x\ny", "2")]),
    ],
)
def test_the_valid_forms_of_csv_are_read(data: bytes, rows: list[tuple[str, str]]) -> None:
    """RFC 4180 with LF or CRLF, with or without a final line end; an empty cell may be quoted."""
    assert [tuple(record) for record in records(data)] == [("a", "b"), *rows]


@pytest.mark.parametrize("delimiter", [*";\t|^]-\\.aé "])
def test_any_character_can_be_the_delimiter(delimiter: str) -> None:
    """The delimiter means itself, also where it has a meaning in regular expressions."""
    data = '1;"x;y";2\n3;4;5\n"6";;\n'.replace(";", delimiter).encode()
    assert records(data, delimiter) == [["1", f"x{delimiter}y", "2"], ["3", "4", "5"], ["6", "", ""]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty, where a header was expected"),
        (b"\xef\xbb\xbfa,b\n", "the file starts with a UTF-8 byte order mark; save it as UTF-8 without one"),
        (b"\xff\xfea\0", "the file starts with a UTF-16 byte order mark; save it as UTF-8 without one"),
        (b"\xfe\xff\0a", "the file starts with a UTF-16 byte order mark; save it as UTF-8 without one"),
        (b"a,b\n1,\x80\n", "the byte 0x80 is not UTF-8; save the file as UTF-8"),
        (b"a,b\n1,\0\n", "the file holds a NUL character"),
        (
            b"a,b\n1,2\r\n",
            "this line does not end as the first one, or with CR alone; line ends must be all LF or all CRLF",
        ),
        (b"\na,b\n", "the line is blank"),
        (b"a,b\n1,2\n\n3,4\n", "the line is blank"),
        (b'a,b\n"1",2\n\n"3",4\n', "the line is blank"),
        (
            b'a,b\n1,2"\n',
            "a quotation mark stands inside a cell that is not quoted; quote the cell, and double the mark",
        ),
        (b'a,b\n1,"2"3\n', "text follows a closing quotation mark; double a mark that belongs to the cell"),
        (b'a,b\n1,"2\n', "a quotation mark opens this cell, and none closes it"),
        (b"a,b\n1\n", "the row has 1 cells, the header 2"),
    ],
)
def test_a_refusal_says_what_is_wrong(data: bytes, message: str) -> None:
    """The sentence says what was found; the exception itself says the same."""
    with pytest.raises(Broken) as caught:
        records(data)
    assert (caught.value.finding["message"], str(caught.value)) == (message, message)


@pytest.mark.parametrize("row", ["1,2,3", '"1",2,3'])
def test_a_ragged_row_tells_both_widths(row: str) -> None:
    """The finding has the number of cells that were found, and of those that were expected."""
    with pytest.raises(Broken) as caught:
        records(f"a,b\n{row}\n".encode())
    assert caught.value.finding == {
        "rule": "row_has_all_cells",
        "message": "the row has 3 cells, the header 2",
        "line": 2,
        "found": 3,
        "expected": 2,
    }
