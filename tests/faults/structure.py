"""Faults of CSV text, line by line, and of whole files: encodings, other formats, other delimiters."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tests.conftest import small_files
from tests.faults.fault import HASH, TABLES, Fault, Wanted, line_numbers, lines_of, write_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import PackageFolder

WIDTH, QUOTES, HEADER = "row_has_all_cells", "quotation_marks_are_paired", "header_is_as_declared"
BLANK, ENDS, UTF8, NUL = "line_is_not_blank", "line_ends_agree", "file_is_utf8", "file_has_no_nul"
TWICE = "header_names_are_unique"


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    for file in TABLES:
        for number in line_numbers(file):
            yield from _of_line(file, number)
        yield from _of_file(file)
        yield from _of_header(file)
        yield from _changed_bytes(file)


def _without_last_cell(line: str) -> str:
    """Return the line without its last cell."""
    if line.endswith('"'):
        line = line[: line.rindex(',"')]
        return line if "," in line else line + "x"
    return line.rpartition(",")[0]


# What is done to a line, and what is then reported.
LINES: dict[str, tuple[Callable[[str], str], str]] = {
    "cell added": (lambda line: line + ",x", WIDTH),
    "comma added": (lambda line: line + ",", WIDTH),
    "cell dropped": (_without_last_cell, WIDTH),
    "comma first": (lambda line: "," + line, WIDTH),
    "quote inside": (lambda line: line[:1] + '"' + line[1:], QUOTES),
    "text after quote": (lambda line: '"x"y,' + line, QUOTES),
    "space before quote": (lambda line: ' "x",' + line, QUOTES),
    "space after quote": (lambda line: '"x" ,' + line, QUOTES),
    "quote last": (lambda line: line + '"', QUOTES),
    "blank after": (lambda line: line + "\n", BLANK),
    "blank before": (lambda line: "\n" + line, BLANK),
    "NUL": (lambda line: line + "\0", NUL),
    "carriage return": (lambda line: line + "\r", ENDS),
    "carriage return inside": (lambda line: line[:1] + "\r" + line[1:], ENDS),
}
BYTES = {
    "latin": b"\xe9",
    "overlong": b"\xc0\x80",
    "surrogate": b"\xed\xa0\x80",
    "beyond": b"\xf4\x90\x80\x80",
    "half": b"\xe2\x82",
    "never": b"\xff",
}


def _of_line(file: str, number: int) -> Iterator[Fault]:
    for name, (change, rule) in LINES.items():
        yield Fault(f"{name}, {file} {number}", partial(_change, file, number, change, rule))
    for name, data in BYTES.items():
        yield Fault(f"byte {name}, {file} {number}", partial(_insert, file, number, data))


def _change(file: str, number: int, change: Callable[[str], str], rule: str, package: PackageFolder) -> Wanted:
    lines = lines_of(package, file)
    lines[number - 1] = change(lines[number - 1])
    write_lines(package, file, lines)
    rules = (rule, HEADER, BLANK) if number == 1 else (rule,)
    # An odd quotation mark swallows what follows; the line where the quoted cell ends may be what is wrong.
    far = len(lines) + 1 if rule == QUOTES else number + 1
    return Wanted(rules, file, range(number, far + 1))


def _insert(file: str, number: int, data: bytes, package: PackageFolder) -> Wanted:
    lines = package.read(file).split(b"\n")
    lines[number - 1] += data
    package.write(file, b"\n".join(lines))
    package.repair()
    return Wanted((UTF8,), file, [number])


def _zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.csv"), data)
    return packed.getvalue()


MAKES: dict[str, tuple[Callable[[bytes], bytes], tuple[str, ...]]] = {
    "empty": (lambda _: b"", (HEADER,)),
    "one line end": (lambda _: b"\n", (BLANK, HEADER)),
    "byte order mark": (lambda data: b"\xef\xbb\xbf" + data, ("file_has_no_byte_order_mark",)),
    "byte order mark twice": (lambda data: b"\xef\xbb\xbf" * 2 + data, ("file_has_no_byte_order_mark",)),
    "carriage returns": (lambda data: data.replace(b"\n", b"\r"), (ENDS,)),
    "reversed line ends": (lambda data: data.replace(b"\n", b"\n\r"), (ENDS,)),
    "upside down": (lambda data: b"\n".join(reversed(data.split(b"\n")[:-1])) + b"\n", ()),
    "twice": (lambda data: data * 2, ()),
    "headless": (lambda data: data.partition(b"\n")[2], (HEADER, WIDTH, QUOTES)),
    "title above": (lambda data: b"Library,,\n" + data, (HEADER, TWICE)),
    "comment above": (lambda data: b"# source\n" + data, (HEADER,)),
    "separator line": (lambda data: b"sep=,\n" + data, (HEADER,)),
    "index column": (lambda data: b"\n".join(b"%d,%s" % pair for pair in enumerate(data.splitlines())), (HEADER,)),
    "gzip": (lambda data: gzip.compress(data, mtime=0), (UTF8, NUL)),
    "bzip2": (bz2.compress, (UTF8, NUL)),
    "xz": (lzma.compress, (UTF8, NUL)),
    "zip": (_zipped, (UTF8, NUL)),
    "spreadsheet": (lambda _: b"PK\x03\x04\x14\x00\x06\x00", (UTF8, NUL)),
    "old spreadsheet": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, (UTF8,)),
    "web page": (lambda _: b"<!DOCTYPE html>\n<html></html>\n", (HEADER,)),
    "JSON": (lambda _: b'[{"a": 1}]\n', (HEADER, QUOTES)),
    "pointer of a large file": (lambda _: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", (HEADER,)),
    "conflict": (lambda data: b"<<<<<<< ours\n" + data + b"=======\n", (HEADER,)),
    "parquet": (lambda _: b"PAR1\x15\x04\x15\xc0PAR1", (UTF8, NUL)),
}
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp037", "cp500")
DELIMITERS = (";", "\t", "|", ":", " ", "\x1f", "\u3001", "\uff0c")


def _of_file(file: str) -> Iterator[Fault]:
    for name, (make, rules) in MAKES.items():
        yield Fault(f"file is {name}, {file}", partial(_make, file, make, rules))
    for encoding in ENCODINGS:
        encode = partial(_encode, encoding)
        rules = ("file_has_no_byte_order_mark", UTF8, NUL, HEADER, QUOTES)
        yield Fault(f"encoding {encoding}, {file}", partial(_make, file, encode, rules))
    for delimiter in DELIMITERS:
        change = partial(_delimit, delimiter)
        yield Fault(f"delimiter {delimiter!r}, {file}", partial(_make, file, change, (HEADER, QUOTES)))


def _make(file: str, make: Callable[[bytes], bytes], rules: tuple[str, ...], package: PackageFolder) -> Wanted:
    package.write(file, make(package.read(file)))
    package.repair()
    return Wanted(rules, file)


def _encode(encoding: str, data: bytes) -> bytes:
    return data.decode().encode(encoding)


def _delimit(delimiter: str, data: bytes) -> bytes:
    return data.replace(b",", delimiter.encode())


def _of_header(file: str) -> Iterator[Fault]:
    names = small_files()[file].splitlines()[0].split(",")
    for at, name in enumerate(names):
        for what, changed in {
            "case": name.upper(),
            "space": name + " ",
            "space before": " " + name,
            "mark": "\ufeff" + name,
            "accent": name + "\u0301",
            "slip": name[:-1],
            "empty": "",
            "wide": name.replace("a", "\uff41") + "\uff41",
        }.items():
            yield Fault(f"header {at} {what}, {file}", partial(_head, file, [*names[:at], changed, *names[at + 1 :]]))
        other = names[at - 1]
        yield Fault(f"header {at} repeated, {file}", partial(_head, file, [*names[:at], other, *names[at + 1 :]]))
        swapped = [*names]
        swapped[at - 1], swapped[at] = swapped[at], swapped[at - 1]
        yield Fault(f"header {at} swapped, {file}", partial(_head, file, swapped))


def _head(file: str, names: list[str], package: PackageFolder) -> Wanted:
    lines = lines_of(package, file)
    write_lines(package, file, [",".join(names), *lines[1:]])
    return Wanted((HEADER, TWICE, "file_has_no_byte_order_mark"), file, [1])


def _changed_bytes(file: str) -> Iterator[Fault]:
    size = len(small_files()[file].encode())
    for at in range(0, size, 5):
        yield Fault(f"byte {at} changed, {file}", partial(_flip, file, at))


def _flip(file: str, at: int, package: PackageFolder) -> Wanted:
    data = bytearray(package.read(file))
    data[at] ^= 1 << Random(f"{file} {at}").randrange(8)  # noqa: S311
    package.write(file, bytes(data))
    # The descriptor says which bytes there should be.
    position = TABLES.index(file)
    return Wanted((HASH,), "datapackage.json", [package.line("datapackage.json", "resources", position, "hash")])
