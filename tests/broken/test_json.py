"""JSON that is not strict JSON is refused, with file and line, in the descriptor and in a schema."""

# ruff: noqa: RUF001  (characters that look like others are what is tested)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

NAME = '"name": "small"'
# How the line `"name": "small",` of the descriptor is spoilt.
REPLACEMENTS = [
    ("duplicate_key", '"name": "small", "name": "small"'),
    ("duplicate_key_other_value", '"name": "small", "name": "other"'),
    ("duplicate_key_escaped", '"name": "small", "n\\u0061me": "small"'),
    ("duplicate_custom_key", '"x": 1, "x": 1, "name": "small"'),
    ("duplicate_empty_key", '"": 1, "": 1, "name": "small"'),
    ("nan", '"x": NaN, "name": "small"'),
    ("infinity", '"x": Infinity, "name": "small"'),
    ("minus_infinity", '"x": -Infinity, "name": "small"'),
    ("too_large_for_a_double", '"x": 1e400, "name": "small"'),
    ("minus_too_large", '"x": -1e400, "name": "small"'),
    ("too_small_for_a_double", '"x": 1e-400, "name": "small"'),
    ("many_digits", '"x": ' + "1" * 5000 + ', "name": "small"'),
    ("many_digits_of_fraction", '"x": -' + "1" * 5000 + '.5, "name": "small"'),
    ("leading_zero", '"x": 01, "name": "small"'),
    ("plus_sign", '"x": +1, "name": "small"'),
    ("point_without_digits", '"x": 1., "name": "small"'),
    ("point_without_integer", '"x": .5, "name": "small"'),
    ("exponent_without_digits", '"x": 1e, "name": "small"'),
    ("minus_alone", '"x": -, "name": "small"'),
    ("hexadecimal", '"x": 0x1F, "name": "small"'),
    ("underscore", '"x": 1_000, "name": "small"'),
    ("wide_digits", '"x": １２, "name": "small"'),
    ("high_surrogate", '"name": "\\ud800"'),
    ("low_surrogate", '"name": "\\udc00"'),
    ("surrogates_swapped", '"name": "\\udc00\\ud800"'),
    ("surrogate_in_key", '"\\ud800": 1, "name": "small"'),
    ("surrogate_in_custom_value", '"x": ["\\udfff"], "name": "small"'),
    ("deep_lists", '"x": ' + "[" * 100_000 + "]" * 100_000 + ', "name": "small"'),
    ("deep_objects", '"x": ' + '{"x":' * 5000 + "1" + "}" * 5000 + ', "name": "small"'),
    ("slightly_too_deep", '"x": ' + "[" * 65 + "]" * 65 + ', "name": "small"'),
    ("trailing_comma_twice", '"name": "small",'),
    ("comma_missing", '"x": 1 "name": "small"'),
    ("colon_missing", '"name" "small"'),
    ("value_missing", '"name":'),
    ("key_missing", ': "small"'),
    ("key_unquoted", 'name: "small"'),
    ("single_quotes", "'name': 'small'"),
    ("line_comment", '// name\n"name": "small"'),
    ("block_comment", '/* name */ "name": "small"'),
    ("hash_comment", '# name\n"name": "small"'),
    ("python_words", '"x": None, "name": "small"'),
    ("capital_true", '"x": True, "name": "small"'),
    ("javascript_undefined", '"x": undefined, "name": "small"'),
    ("tab_in_text", '"name": "sm\tall"'),
    ("line_end_in_text", '"name": "sm\nall"'),
    ("nul_in_text", '"name": "sm\0all"'),
    ("unknown_escape", '"name": "sm\\xall"'),
    ("short_escape", '"name": "sm\\u12"'),
    ("wide_escape", '"name": "\\u００４１"'),
    ("unclosed_text", '"name": "small'),
    ("unclosed_list", '"x": [1, 2, "name": "small"'),
    ("wrong_bracket", '"x": [1, 2}, "name": "small"'),
    ("no_break_space", '"name":\u00a0"small"'),
    ("form_feed", '"name":\f"small"'),
    ("mark_inside", '\ufeff"name": "small"'),
]


@pytest.mark.parametrize("new", [pytest.param(case[1], id=case[0]) for case in REPLACEMENTS])
def test_replacements(small_package: PackageFolder, new: str) -> None:
    """What RFC 8259 forbids or leaves open is refused at the line where it stands."""
    small_package.spoil("datapackage.json", NAME, new)
    small_package.assert_rejected("json_is_well_formed", "datapackage.json", 3)


# The whole text of a JSON file, made of the good one.
WHOLE_FILES: list[tuple[str, Callable[[bytes], bytes], int | None]] = [
    ("empty", lambda _: b"", 1),
    ("blank", lambda _: b" \n\n", 3),
    ("utf8_mark", lambda good: b"\xef\xbb\xbf" + good, 1),
    ("utf16", lambda good: good.decode().encode("utf-16"), 1),
    ("utf16_without_mark", lambda good: good.decode().encode("utf-16-le"), 1),
    ("utf32", lambda good: good.decode().encode("utf-32"), 1),
    ("latin_1", lambda good: good.replace(b"{\n", b'{\n  "x": "S\xfcd",\n', 1), 2),
    ("surrogate_in_utf8", lambda good: good.replace(b"{\n", b'{\n  "x": "\xed\xa0\x80",\n', 1), 2),
    ("nul_at_the_end", lambda good: good + b"\0", None),
    ("control_z_at_the_end", lambda good: good + b"\x1a", None),
    ("cut_in_half", lambda good: good[: len(good) // 2], None),
    ("last_bracket_missing", lambda good: good.rstrip()[:-1], None),
    ("bracket_too_many", lambda good: good.rstrip() + b"}", None),
    ("two_values", lambda good: good + good, None),
    ("trailing_comma", lambda good: good.rstrip()[:-2] + b",\n}", None),
    ("javascript", lambda good: b"module.exports = " + good, 1),
    ("yaml", lambda _: b"name: small\nresources: []\n", 1),
    ("html", lambda _: b"<!doctype html>", 1),
    ("deep_from_the_start", lambda _: b"[" * 1_000_000, 1),
    ("deep_objects_from_the_start", lambda _: b'{"x":' * 300_000, 1),
]
OTHER_VALUES = ["null", "true", "1", '"small"', "[]", "[{}]"]
FILES = ["datapackage.json", "schemas/branches.json"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("change", "line"), [pytest.param(*case[1:], id=case[0]) for case in WHOLE_FILES])
def test_whole_files(
    small_package: PackageFolder, file: str, change: Callable[[bytes], bytes], line: int | None
) -> None:
    """A file that is no JSON text in UTF-8 is refused, whether descriptor or schema."""
    good = small_package.read(file)
    small_package.write(file, change(good))
    small_package.assert_rejected("json_is_well_formed", file, line)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("text", OTHER_VALUES)
def test_other_values(small_package: PackageFolder, file: str, text: str) -> None:
    """A JSON text that holds something other than one object is refused."""
    small_package.write(file, text)
    small_package.assert_rejected("property_has_right_type", file, 1)
