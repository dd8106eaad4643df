"""Bytes that are no clean CSV are refused, at the line where they stand; so are wrong checksums."""

# ruff: noqa: RUF001  (characters that look like others are what is tested)

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

FILE = "data/branches.csv"
HEADER = b"branch_id,name,opened,parent_id\n"
NORTH = b"north,North,1950-03-31,\n"
SOUTH = b"south,South,1962-11-05,north\n"
QUAY = b'quay,"Quay, Old",,south\n'
ROWS = NORTH + SOUTH + QUAY
HEADER_RULE = "header_is_as_declared"
QUOTES = "quotation_marks_are_paired"

WHOLE_FILES = [
    ("empty", b"", HEADER_RULE, 1),
    ("one_line_end", b"\n", "line_is_not_blank", 1),
    ("utf8_mark", b"\xef\xbb\xbf" + HEADER + ROWS, "file_has_no_byte_order_mark", 1),
    ("utf8_mark_twice", b"\xef\xbb\xbf\xef\xbb\xbf" + HEADER + ROWS, "file_has_no_byte_order_mark", 1),
    ("utf16", (HEADER + ROWS).decode().encode("utf-16"), "file_has_no_byte_order_mark", 1),
    ("utf16_big_endian", b"\xfe\xff" + (HEADER + ROWS).decode().encode("utf-16-be"), "file_has_no_byte_order_mark", 1),
    ("utf16_without_mark", (HEADER + ROWS).decode().encode("utf-16-le"), "file_has_no_nul", 1),
    ("utf32", (HEADER + ROWS).decode().encode("utf-32"), "file_has_no_byte_order_mark", 1),
    ("latin_1", HEADER + ROWS.replace(b"South", b"S\xfcd"), "file_is_utf8", 3),
    ("windows_1252", HEADER + ROWS.replace(b"Old", b"Old\x92s"), "file_is_utf8", 4),
    ("overlong_utf8", HEADER + ROWS.replace(b"South", b"\xc0\xafouth"), "file_is_utf8", 3),
    ("surrogate_in_utf8", HEADER + ROWS.replace(b"South", b"\xed\xa0\x80"), "file_is_utf8", 3),
    ("beyond_unicode", HEADER + ROWS.replace(b"South", b"\xf4\x90\x80\x80"), "file_is_utf8", 3),
    ("cut_inside_a_character", HEADER + ROWS + b"pier,Pi\xc3", "file_is_utf8", 5),
    ("nul", HEADER + ROWS.replace(b"South", b"So\0th"), "file_has_no_nul", 3),
    ("nul_padding", HEADER + ROWS + b"\0" * 512, "file_has_no_nul", 5),
    ("cr_only", (HEADER + ROWS).replace(b"\n", b"\r"), "line_ends_agree", 1),
    ("first_line_crlf", HEADER.replace(b"\n", b"\r\n") + ROWS, "line_ends_agree", 2),
    ("last_line_crlf", HEADER + ROWS[:-1] + b"\r\n", "line_ends_agree", 4),
    ("crlf_with_one_lf", (HEADER + NORTH).replace(b"\n", b"\r\n") + SOUTH, "line_ends_agree", 3),
    ("cr_inside_a_cell", HEADER + ROWS.replace(b"South", b"So\rth"), "line_ends_agree", 3),
    ("cr_cr_lf", (HEADER + ROWS).replace(b"\n", b"\r\r\n"), "line_ends_agree", 1),
    ("lf_cr", (HEADER + ROWS).replace(b"\n", b"\n\r"), "line_ends_agree", 2),
    ("crlf_in_a_quoted_cell", HEADER + ROWS.replace(b"Quay, Old", b"Quay\r\nOld"), "line_ends_agree", 4),
    ("lone_quote", HEADER + ROWS.replace(b"South", b'So"uth'), QUOTES, 3),
    ("lone_quote_at_the_end", HEADER + ROWS.replace(b"South", b'South"'), QUOTES, 3),
    ("unclosed_quote", HEADER + ROWS.replace(b"South", b'"South'), QUOTES, 4),
    ("unclosed_quote_last", HEADER + ROWS.replace(b'"Quay, Old"', b'"Quay, Old'), QUOTES, 4),
    ("only_a_quote", b'"', QUOTES, 1),
    ("three_quotes", HEADER + ROWS.replace(b"South", b'"""'), QUOTES, 4),
    ("text_after_quote", HEADER + ROWS.replace(b"South", b'"South" x'), QUOTES, 3),
    ("space_after_quote", HEADER + ROWS.replace(b"South", b'"South" '), QUOTES, 3),
    ("space_before_quote", HEADER + ROWS.replace(b"South", b' "South"'), QUOTES, 3),
    ("backslash_escape", HEADER + ROWS.replace(b"South", b'"So\\"uth"'), QUOTES, 3),
    ("quote_in_header", HEADER.replace(b"name", b'na"me') + ROWS, QUOTES, 1),
    ("quote_after_several_lines", HEADER + NORTH + b'pier,"Pier\nOld"x,,\n' + SOUTH + QUAY, QUOTES, 4),
    ("blank_first", b"\n" + HEADER + ROWS, "line_is_not_blank", 1),
    ("blank_second", HEADER + b"\n" + ROWS, "line_is_not_blank", 2),
    ("blank_inside", HEADER + NORTH + b"\n" + SOUTH + QUAY, "line_is_not_blank", 3),
    ("blank_last", HEADER + ROWS + b"\n", "line_is_not_blank", 5),
    ("blank_last_without_quotes", HEADER + NORTH + SOUTH + b"\n", "line_is_not_blank", 4),
    ("blank_crlf", (HEADER + ROWS + b"\n").replace(b"\n", b"\r\n"), "line_is_not_blank", 5),
    ("spaces_only", HEADER + NORTH + b"   \n" + SOUTH + QUAY, "row_has_all_cells", 3),
    ("commas_only", HEADER + NORTH + b",,,\n" + SOUTH + QUAY, "required_cell_is_present", 3),
    ("control_z_at_the_end", HEADER + ROWS + b"\x1a", "row_has_all_cells", 5),
    ("cell_too_many", HEADER + ROWS.replace(b"South", b"South,x"), "row_has_all_cells", 3),
    ("cell_too_few", HEADER + ROWS.replace(b"South,", b""), "row_has_all_cells", 3),
    ("comma_at_the_end", HEADER + ROWS.replace(b",north\n", b",north,\n"), "row_has_all_cells", 3),
    ("last_cell_missing", HEADER + ROWS.replace(b"03-31,\n", b"03-31\n"), "row_has_all_cells", 2),
    ("cut_off_row", HEADER + NORTH + b"south,Sou", "row_has_all_cells", 3),
    ("cut_off_in_quotes", HEADER + NORTH + b'quay,"Quay, O', QUOTES, 3),
    ("cut_off_key", HEADER + NORTH + SOUTH + b"qu", "row_has_all_cells", 4),
    ("no_header", ROWS, HEADER_RULE, 1),
    ("header_twice", HEADER + HEADER + ROWS, "cell_matches_pattern", 2),
    ("header_names_twice", HEADER.replace(b"opened", b"name") + ROWS, "header_names_are_unique", 1),
    ("header_reordered", HEADER.replace(b"name,opened", b"opened,name") + ROWS, HEADER_RULE, 1),
    ("header_renamed", HEADER.replace(b"opened", b"open") + ROWS, HEADER_RULE, 1),
    ("header_capitalised", HEADER.replace(b"name", b"Name") + ROWS, HEADER_RULE, 1),
    ("header_with_space", HEADER.replace(b"name", b" name") + ROWS, HEADER_RULE, 1),
    ("header_with_empty_name", HEADER.replace(b"name", b"") + ROWS, HEADER_RULE, 1),
    ("header_too_short", HEADER.replace(b",parent_id", b"") + ROWS, HEADER_RULE, 1),
    ("header_too_long", HEADER.replace(b"_id\n", b"_id,more\n") + ROWS, HEADER_RULE, 1),
    ("header_with_line_end", HEADER.replace(b"name", b'"na\nme"') + ROWS, HEADER_RULE, 1),
    ("header_look_alike", HEADER.replace(b"name", "nаme".encode()) + ROWS, HEADER_RULE, 1),
    ("header_with_no_break_space", HEADER.replace(b"name", "name\u00a0".encode()) + ROWS, HEADER_RULE, 1),
    ("header_wide", HEADER.replace(b"name", "ｎame".encode()) + ROWS, HEADER_RULE, 1),
    ("sep_line", b"sep=,\n" + HEADER + ROWS, HEADER_RULE, 1),
    ("comment_line", b"# branches\n" + HEADER + ROWS, HEADER_RULE, 1),
    ("semicolons", (HEADER + NORTH + SOUTH).replace(b",", b";"), HEADER_RULE, 1),
    ("tabs", (HEADER + NORTH + SOUTH).replace(b",", b"\t"), HEADER_RULE, 1),
    ("pipes", (HEADER + NORTH + SOUTH).replace(b",", b"|"), HEADER_RULE, 1),
    ("semicolons_in_one_row", HEADER + NORTH + SOUTH.replace(b",", b";") + QUAY, "row_has_all_cells", 3),
    ("unicode_line_separator", (HEADER + NORTH).replace(b"\n", "\u2028".encode()), HEADER_RULE, 1),
    ("gzip", gzip.compress(HEADER + ROWS, mtime=0), "file_is_utf8", 1),
    ("json", b'[{"branch_id": "north"}]', QUOTES, 1),
    ("html", b"<!doctype html>\n<title>404</title>\n", HEADER_RULE, 1),
    ("git_conflict", HEADER + NORTH + b"<<<<<<< ours\n" + SOUTH + QUAY, "row_has_all_cells", 3),
    ("git_lfs_pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", HEADER_RULE, 1),
]


@pytest.mark.parametrize(("content", "rule", "line"), [pytest.param(*case[1:], id=case[0]) for case in WHOLE_FILES])
def test_bytes(small_package: PackageFolder, content: bytes, rule: str, line: int) -> None:
    """A file whose bytes are no strict CSV of the declared columns is refused, although its checksums fit."""
    small_package.write(FILE, content)
    small_package.repair()
    small_package.assert_rejected(rule, FILE, line)


UNREPAIRED = [
    ("byte_added", lambda p: p.write(FILE, p.read(FILE) + b"\n"), "byte_count_is_as_declared", "bytes"),
    ("byte_removed", lambda p: p.write(FILE, p.read(FILE)[:-1]), "byte_count_is_as_declared", "bytes"),
    ("letter_changed", lambda p: p.spoil(FILE, "North", "Forth"), "hash_is_as_declared", "hash"),
    ("crlf", lambda p: p.write(FILE, p.read(FILE).replace(b"\n", b"\r\n")), "hash_is_as_declared", "hash"),
]


@pytest.mark.parametrize(("spoil", "rule", "name"), [pytest.param(*case[1:], id=case[0]) for case in UNREPAIRED])
def test_unrepaired(small_package: PackageFolder, spoil: Callable[[PackageFolder], None], rule: str, name: str) -> None:
    """A file that changed after the descriptor was written is noticed at the line of its checksum."""
    spoil(small_package)
    resources = small_package.json()["resources"]
    line = small_package.edit("datapackage.json", "resources", 0, name, to=resources[0][name])
    small_package.assert_rejected(rule, "datapackage.json", line)


DECLARATIONS = [
    ("bytes_zero", "bytes", 0, "byte_count_is_as_declared"),
    ("bytes_negative", "bytes", -96, "byte_count_is_as_declared"),
    ("bytes_huge", "bytes", 10**900, "byte_count_is_as_declared"),
    ("bytes_one_off", "bytes", 108, "byte_count_is_as_declared"),
    ("rows_one_more", "scrdata:rows", 4, "row_count_is_as_declared"),
    ("rows_with_header", "scrdata:rows", 4, "row_count_is_as_declared"),
    ("rows_zero", "scrdata:rows", 0, "row_count_is_as_declared"),
    ("rows_negative", "scrdata:rows", -3, "row_count_is_as_declared"),
    ("hash_empty", "hash", "", "hash_is_as_declared"),
    ("hash_md5_wrong", "hash", "0" * 32, "hash_is_as_declared"),
    ("hash_md5_named_wrong", "hash", "md5:" + "0" * 32, "hash_is_as_declared"),
    ("hash_sha1_wrong", "hash", "sha1:" + "0" * 40, "hash_is_as_declared"),
    ("hash_sha256_wrong", "hash", "sha256:" + "0" * 64, "hash_is_as_declared"),
    ("hash_sha256_short", "hash", "sha256:00", "hash_is_as_declared"),
    ("hash_sha256_long", "hash", "sha256:" + "0" * 65, "hash_is_as_declared"),
    ("hash_sha256_unnamed", "hash", "0" * 64, "hash_is_as_declared"),
    ("hash_sha256_empty", "hash", "sha256:", "hash_is_as_declared"),
    ("hash_sha512_wrong", "hash", "sha512:" + "0" * 128, "hash_is_as_declared"),
    ("hash_sha512_empty", "hash", "sha512:", "hash_is_as_declared"),
    ("hash_unknown", "hash", "crc32:00000000", "property_is_implemented"),
    ("hash_shake", "hash", "shake_128:00", "property_is_implemented"),
    ("hash_no_algorithm", "hash", ":00", "property_is_implemented"),
    ("hash_two_colons", "hash", "sha256:md5:" + "0" * 32, "property_is_implemented"),
    ("hash_not_hexadecimal", "hash", "sha256:" + "z" * 64, "hash_is_as_declared"),
]


@pytest.mark.parametrize(("name", "value", "rule"), [pytest.param(*case[1:], id=case[0]) for case in DECLARATIONS])
def test_declarations(small_package: PackageFolder, name: str, value: object, rule: str) -> None:
    """A wrong, unknown or cut-off checksum, number of bytes or number of rows is reported at its line."""
    line = small_package.edit("datapackage.json", "resources", 0, name, to=value)
    small_package.assert_rejected(rule, "datapackage.json", line)


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("bytes", 3, "byte_count_is_as_declared"),
        ("hash", "sha512:" + "0" * 128, "hash_is_as_declared"),
        ("scrdata:rows", 3, None),
        ("scrdata:text", "clean", None),
        ("scrdata:text", "tidy", None),
    ],
)
def test_plain_files(small_package: PackageFolder, name: str, value: object, rule: str | None) -> None:
    """A file that is no table is held to its checksums, and what only a table can have is refused."""
    small_package.write("notes.txt", "two\nlines\n")
    line = small_package.edit("datapackage.json", "resources", 4, to={"name": "notes", "path": "notes.txt"})
    small_package.assert_accepted()
    line = small_package.edit("datapackage.json", "resources", 4, name, to=value)
    small_package.assert_rejected(rule or "property_is_implemented", "datapackage.json", line)
