"""What is thrown at the readers, and what must be true of any bytes.

A target takes bytes and returns nothing. It fails by an exception: one of ours that is not documented
for the reader, one of Python's, or an assertion that did not hold.
"""

from __future__ import annotations

import csv
import io
import json
import os
import struct
import tempfile
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

from scrdata.delimited import Broken, DelimitedText
from scrdata.errors import NotationError, PackageError
from scrdata.opening import open_storage
from scrdata.pattern_syntax import PatternProblem
from scrdata.patterns import Pattern
from scrdata.references import parse_equation, parse_reference
from scrdata.storage import Refusal, components
from scrdata.strict_json import JsonProblem, read_json
from scrdata.validation import judge
from scrdata.values import TYPES, grammar, to_text
from tests.memory import MemoryStorage
from tests.published_grammars import ACCEPTED, plain_json

SEEDS = Path(__file__).parent / "seeds"


def read_strict_json(data: bytes) -> None:
    """JSON is read as the published grammar reads it, or refused at a place within it; printed, it reads the same."""
    try:
        document = read_json(data)
    except JsonProblem as problem:
        assert 1 <= problem.line <= data.count(b"\n") + 1, problem
        assert 1 <= problem.column <= len(data) + 1, problem
        _assert_refused(data)
        return
    assert document.value == plain_json(data)
    assert 1 <= document.line(()) <= data.count(b"\n") + 1
    if isinstance(document.value, (dict, list)):
        assert read_json(to_text(document.value).encode()).value == document.value


def _assert_refused(data: bytes) -> None:
    try:
        plain_json(data)
    except (ValueError, RecursionError):
        return
    raise AssertionError("refused, and the published grammar has it")


def read_delimited(data: bytes) -> None:
    """CSV is read as Python's strict reader reads it, or refused at a line of the file; written, it reads the same."""
    delimiter = ";" if data[:1] == b"\x01" else ","
    data = data.removeprefix(b"\x01")
    try:
        records = _records(data, delimiter)
    except Broken as broken:
        line = broken.finding["line"]
        assert isinstance(line, int)
        assert 1 <= line <= data.count(b"\n") + data.count(b"\r") + 1, broken.finding
        return
    text = io.StringIO(data.decode(), newline="")
    # Line ends within quoted cells are those of the file; here they are all line feeds.
    expected = [
        [cell.replace("\r\n", "\n") for cell in row] for row in csv.reader(text, delimiter=delimiter, strict=True)
    ]
    assert records == expected
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(records)
    assert _records(written.getvalue().encode(), delimiter) == records


def _records(data: bytes, delimiter: str) -> list[list[str]]:
    text = DelimitedText(data, delimiter)
    rows = text.rows()
    assert [len(column) for column in rows.columns] == [len(rows.lines)] * len(text.header)
    return [text.header, *map(list, zip(*rows.columns, strict=True))]


def read_references(data: bytes) -> None:
    """A reference or an equation is refused at a character of its text, or printed as what reads the same."""
    text = data.decode("utf-8", "replace")
    for parse in (parse_reference, parse_equation):
        try:
            tree = parse(text)
        except NotationError as error:
            assert 0 <= error.position <= len(text), error.position
            assert str(error)
            continue
        printed = str(tree)
        assert parse(printed) == tree
        assert str(parse(printed)) == printed


def read_values(data: bytes) -> None:
    """A cell is a value where the published grammar says so; printed, it is the same value."""
    kind = TYPES[data[0] % len(TYPES)] if data else "string"
    text = data[1:].decode("utf-8", "replace")
    read = grammar(kind, {})
    try:
        value = read(text)
    except ValueError as error:
        assert str(error)
        assert not ACCEPTED[kind](text), (kind, text)
        return
    assert ACCEPTED[kind](text), (kind, text)
    again = read(to_text(value))
    assert again == value or (text == "NaN" and to_text(again) == "NaN"), (kind, text)


def match_patterns(data: bytes) -> None:
    """A pattern is refused, or says of a text the same each time it is asked."""
    pattern, _, text = data.decode("utf-8", "replace").partition("\n")
    try:
        compiled = Pattern(pattern)
    except PatternProblem as problem:
        assert str(problem)
        return
    with suppress(PatternProblem):
        assert compiled.matches(text) is Pattern(pattern).matches(text)


def read_archive(data: bytes) -> None:
    """An archive cannot be opened, or has a verdict: the same each time, and that of the files it unpacks to."""
    with tempfile.TemporaryDirectory(prefix="scrdata-fuzz-") as folder:
        place = os.path.join(folder, "package.zip")
        Path(place).write_bytes(data)
        try:
            storage = open_storage(place)
        except PackageError as error:
            assert str(error)
            return
        report = judge(storage).to_dict()
        assert judge(open_storage(place)).to_dict() == report
    if storage.problems:
        assert not report["valid"]
        return
    files = _unpacked(data)
    if files is not None:
        inside = judge(MemoryStorage(files)).to_dict()
        assert inside["valid"] == report["valid"], (inside["findings"], report["findings"])


def _unpacked(data: bytes) -> dict[str, bytes] | None:
    """Return what Python unpacks an archive to; `None` where it does not, or not to a package at its top."""
    files = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            for info in opened.infolist():
                components(info.filename.removesuffix("/"))
                if info.file_size > 1 << 20 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    return None
                files[info.filename] = opened.read(info)
    except (*_DAMAGE, Refusal):
        return None
    return files if "datapackage.json" in files else None


# What the standard library raises on damaged archives.
_DAMAGE = (OSError, ValueError, EOFError, RuntimeError, LookupError, struct.error, zipfile.BadZipFile, zlib.error)


def judge_package(data: bytes) -> None:
    """A package with a file of any bytes has a verdict, and the same each time; its report can be printed."""
    folder = SEEDS / "package"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    names = sorted(files)
    if data:
        files[names[data[0] % len(names)]] = data[1:]
    report = judge(MemoryStorage(files)).to_dict()
    assert judge(MemoryStorage(files)).to_dict() == report
    json.dumps(report)


TARGETS = {
    "strict_json": read_strict_json,
    "delimited": read_delimited,
    "references": read_references,
    "values": read_values,
    "patterns": match_patterns,
    "archive": read_archive,
    "package": judge_package,
}
