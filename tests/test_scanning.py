"""One pass over blocks of a file finds what the strict reader of CSV finds in the whole, and on the same lines."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrdata import scanning
from scrdata.delimited import Broken, DelimitedText
from scrdata.limits import DEFAULT, Limits
from scrdata.reading import check_header
from scrdata.scanning import Dialect, lines_of_rows, scan_file
from tests.memory import resource_of
from tests.strategies import LAW, CsvFile, csv_files

if TYPE_CHECKING:
    from scrdata.scanning import Scan
    from scrdata.table_schema import TableSchema

# Found only when each line is split, which is left to the engine as long as nothing else is wrong.
LEFT_TO_THE_ENGINE = ("line_is_not_blank", "row_has_all_cells")


def schema_of(*names: str) -> TableSchema:
    """Return a schema with columns of text."""
    schema = resource_of({"fields": [{"name": name, "type": "string"} for name in names]}).schema
    assert schema is not None
    return schema


TWO, ONE = schema_of("a", "b"), schema_of("a")
PIECES = (
    *(b"a,b", b"a", b"x,y", b"1,2\n", b"1,2\r\n", b",", b"\n", b"\n", b"\r\n", b"\r", b"\0"),
    *(b'"', b'""', b'"q"', b'"a\nb",c\n', b'"a\r\nb",c\r\n'),
    *(b"\xff", b"\xe2\x82\xac", b"\xe2", b"\xef\xbb\xbf", b"\xff\xfe", "é".encode()),
)
FILES = st.tuples(st.sampled_from([b"", b"a,b\n", b"a,b\r\n", b"a\n"]), st.lists(st.sampled_from(PIECES), max_size=14))


def dialect(schema: TableSchema, delimiter: str = ",", limits: Limits = DEFAULT) -> Dialect:
    """Return what a table of a schema is."""
    return Dialect(delimiter=delimiter, schema=schema, limits=limits)


def scan(data: bytes, schema: TableSchema, *, thorough: bool = False, algorithm: str = "") -> Scan:
    """Look at bytes once."""
    return scan_file(io.BytesIO(data), "data/t.csv", dialect(schema), algorithm, thorough=thorough)


def strictly(data: bytes, schema: TableSchema) -> tuple[dict[str, object] | None, list[int]]:
    """Return what the strict reader refuses, or the lines of the rows that it finds."""
    try:
        text = DelimitedText(data, ",")
        check_header(text.header, schema)
        return None, list(text.rows().lines)
    except Broken as broken:
        return broken.finding, []


@settings(LAW, max_examples=1_500)
@given(FILES, st.integers(3, 40), st.booleans(), st.sampled_from([ONE, TWO]))
def test_blocks_are_judged_as_the_whole(
    parts: tuple[bytes, list[bytes]],
    block: int,
    thorough: bool,  # noqa: FBT001
    schema: TableSchema,
) -> None:
    """Wherever a block ends, the same defect is found on the same line, in the same words, or else the same rows."""
    data = parts[0] + b"".join(parts[1])
    problem, lines = strictly(data, schema)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "BLOCK", block)
        found = scan(data, schema, thorough=thorough)
        numbered = lines_of_rows(io.BytesIO(data), dialect(schema), set(range(len(lines)))) if not problem else {}
    if found.problem is None and problem is not None:
        assert not thorough
        assert problem["rule"] in LEFT_TO_THE_ENGINE
        return
    said = found.problem.to_dict() if found.problem else {}
    assert {name: said.get(name) for name in problem or {}} == (problem or {})
    assert found.rows == len(lines)
    assert list(numbered.values()) == lines
    assert found.problem or not found.lines_are_rows or lines == [found.first_line + row for row in range(len(lines))]


@settings(LAW, max_examples=100)
@given(csv_files(), st.integers(3, 60))
def test_what_a_writer_writes_is_counted(file: CsvFile, block: int) -> None:
    """The rows of a sound file are counted, and each is found on its line, whatever stands in its cells."""
    schema = schema_of(*file.header)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "BLOCK", block)
        found = scan_file(io.BytesIO(file.data), "t.csv", dialect(schema, file.delimiter), "")
        lines = lines_of_rows(io.BytesIO(file.data), dialect(schema, file.delimiter), set(range(len(file.rows))))
    assert (found.problem, found.rows) == (None, len(file.rows))
    assert list(lines.values()) == file.lines[1:]
    assert found.lines_are_rows == (file.lines[1:] == [*range(found.first_line, found.first_line + len(file.rows))])


def test_size_and_hash_are_those_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Size and hash are about all bytes, also where one of the first is wrong; no algorithm is no hash."""
    monkeypatch.setattr(scanning, "BLOCK", 5)
    for data in (b"a,b\n1,2\n3,4\n", b"a,b\n1,2\r\n\xff,4\n"):
        found = scan(data, TWO, algorithm="sha256")
        assert (found.size, found.digest) == (len(data), hashlib.sha256(data).hexdigest())
    assert scan(b"a,b\n", TWO).digest == ""
    assert scan(b"a,b\n", TWO, algorithm="sha0").digest == ""


@pytest.mark.parametrize(
    ("rest", "rule"),
    [
        (b'"x,4\n' + b"5,6\n" * 500, "row_is_within_limits"),
        (b'"x""' + b"5,6\n" * 500 + b'",1\n', "row_is_within_limits"),
        (b"x" * 500 + b",1\n", "row_is_within_limits"),
        ("1,é".encode() + "\u20ac".encode() * 500 + b"\n", "row_is_within_limits"),
        (b'1"x,4\n' + b"5,6\n" * 500, "quotation_marks_are_paired"),
        (b'"1"x,"4\n' + b"5,6\n" * 500, "quotation_marks_are_paired"),
    ],
)
def test_a_row_that_does_not_end_is_refused_soon(monkeypatch: pytest.MonkeyPatch, rest: bytes, rule: str) -> None:
    """A row that goes on beyond the limits is refused at its line, as is a wrong mark in it; no more is collected."""
    monkeypatch.setattr(scanning, "BLOCK", 64)
    monkeypatch.setattr(scanning, "LONGEST_ROW", 256)
    file = io.BytesIO(b"a,b\n1,2\n" + rest)
    found = scan_file(file, "t.csv", dialect(TWO, limits=Limits(row_length=60)), "")
    assert found.problem is not None
    assert (found.problem.rule, found.problem.line) == (rule, 3)
    if rule == "row_is_within_limits":
        assert found.problem.message.startswith("the row has more than 60 characters")


@pytest.mark.parametrize("row", [b"3,4,\n", b"3,\n", b"3\n", b"\n", b",3,4\n"])
def test_a_ragged_row_among_plain_ones_is_found(row: bytes) -> None:
    """A row with a cell more or less is found without splitting all, though an engine may take a last mark for none."""
    found = scan(b"a,b\n" + b"1,2\n" * 40_000 + row + b"1,2\n" * 40_000, TWO)
    sound = row.count(b",") == 1
    assert (found.problem is None) == sound
    assert sound or (found.problem is not None and found.problem.line == 40_002)


def test_many_lines_within_a_cell_take_linear_time() -> None:
    """A quoted cell of very many lines is looked at once, not once for each of its lines."""
    data = b'a,b\n1,"' + b"\n" * 400_000 + b'"\n3,4\n'
    found = scan(data, TWO)
    assert (found.problem, found.rows, found.lines_are_rows) == (None, 2, False)
