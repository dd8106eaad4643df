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
from scrdata.reading import check_header
from scrdata.scanning import lines_of_rows, scan_file
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


def scan(data: bytes, schema: TableSchema, *, thorough: bool = False, algorithm: str = "") -> Scan:
    """Look at bytes once."""
    return scan_file(io.BytesIO(data), "data/t.csv", ",", schema, algorithm, thorough=thorough)


def strictly(data: bytes, schema: TableSchema) -> tuple[dict[str, object] | None, list[int]]:
    """Return what the strict reader refuses, or the lines of the rows that it finds."""
    try:
        text = DelimitedText(data, ",")
        check_header(text.header, schema)
        return None, list(text.rows().lines)
    except Broken as broken:
        return broken.finding, []


@settings(LAW, max_examples=1_500)
@given(FILES, st.integers(3, 40), st.sampled_from(["quick", "thorough"]), st.sampled_from([ONE, TWO]))
def test_blocks_are_judged_as_the_whole(
    parts: tuple[bytes, list[bytes]], block: int, manner: str, schema: TableSchema
) -> None:
    """Wherever a block ends, the same defect is found on the same line, in the same words, or else the same rows."""
    data = parts[0] + b"".join(parts[1])
    problem, lines = strictly(data, schema)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "BLOCK", block)
        found = scan(data, schema, thorough=manner == "thorough")
        numbered = lines_of_rows(io.BytesIO(data), ",", schema, set(range(len(lines)))) if not problem else {}
    if found.problem is None and problem is not None:
        assert manner == "quick"
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
        found = scan_file(io.BytesIO(file.data), "t.csv", file.delimiter, schema, "")
        lines = lines_of_rows(io.BytesIO(file.data), file.delimiter, schema, set(range(len(file.rows))))
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


def test_a_quotation_mark_that_nothing_closes_is_found_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that is not closed within the longest one is refused at its line, and the rest is not collected."""
    monkeypatch.setattr(scanning, "BLOCK", 64)
    monkeypatch.setattr(scanning, "LONGEST_CELL", 256)
    found = scan(b'a,b\n1,2\n"x,4\n' + b"5,6\n" * 500, TWO)
    assert found.problem is not None
    assert (found.problem.rule, found.problem.line) == ("quotation_marks_are_paired", 3)


def test_many_lines_within_a_cell_take_linear_time() -> None:
    """A quoted cell of very many lines is looked at once, not once for each of its lines."""
    data = b'a,b\n1,"' + b"\n" * 400_000 + b'"\n3,4\n'
    found = scan(data, TWO)
    assert (found.problem, found.rows, found.lines_are_rows) == (None, 2, False)
