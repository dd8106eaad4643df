"""What is valid is accepted: the small package, and every variation that the standards allow."""

# ruff: noqa: RUF001  (characters that look like others are what is tested)

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import PackageFolder, Verdict

PACKAGE = "datapackage.json"
BRANCHES = "data/branches.csv"
BRANCHES_SCHEMA = "schemas/branches.json"
LOANS_SCHEMA = "schemas/loans.json"


def test_small_package(small_package: PackageFolder) -> None:
    """The small package is valid: nothing found, one discrepancy as registered, one check open."""
    small_package.assert_accepted()
    report = small_package.judge().report
    assert [item["check"] for item in report["known_discrepancies"]] == ["loans_match_leaflet"]
    assert [item["check"] for item in report["open"]] == ["visits_are_950"]


def test_shipped_package(shipped_copy: PackageFolder) -> None:
    """The shipped package is valid without any finding."""
    shipped_copy.assert_accepted()


WRITTEN: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("crlf", lambda data: data.replace(b"\n", b"\r\n")),
    ("no_final_line_end", lambda data: data.rstrip(b"\n")),
    ("crlf_without_final_line_end", lambda data: data.replace(b"\n", b"\r\n").rstrip()),
    ("row_quoted", lambda data: data.replace(b"north,North,1950-03-31,", b'"north","North","1950-03-31",""')),
    ("quotes_within", lambda data: data.replace(b"South", b'"South ""Bank"""')),
    ("only_quotes_within", lambda data: data.replace(b"South", b'""""')),
    ("comma_within", lambda data: data.replace(b"South", b'"South, Bank"')),
    ("quoted_header", lambda data: data.replace(b"branch_id,name", b'"branch_id","name"', 1)),
    ("empty_quoted", lambda data: data.replace(b",,", b',"",')),
    ("letters_of_the_world", lambda data: data.replace(b"South", "Süd Øst Łódź Ñandú 東京 Αθήνα القاهرة".encode())),
    ("emoji", lambda data: data.replace(b"South", "😀".encode())),
    ("dashes_and_quotes", lambda data: data.replace(b"South", "South – ‘Bank’ “x” …".encode())),
    ("capital_a_with_tilde", lambda data: data.replace(b"South", "SÃO TOMÉ ÂME PÂTÉ".encode())),
    ("text_na", lambda data: data.replace(b"South", b"NA")),
    ("text_number", lambda data: data.replace(b"South", b"-5.50")),
    ("apostrophe", lambda data: data.replace(b"South", b"'=1")),
]  # fmt: skip


@pytest.mark.parametrize("change", [pytest.param(case[1], id=case[0]) for case in WRITTEN])
def test_written_otherwise(small_package: PackageFolder, change: Callable[[bytes], bytes]) -> None:
    """What RFC 4180 and Unicode leave free is free."""
    small_package.write(BRANCHES, change(small_package.read(BRANCHES)))
    small_package.repair()
    small_package.assert_accepted()


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", ".", "*"])
def test_declared_delimiters(small_package: PackageFolder, delimiter: str) -> None:
    """Another delimiter that is declared is read, whatever it means in a regular expression."""
    text = f"branch_id{delimiter}name{delimiter}opened{delimiter}parent_id\n"
    text += f'north{delimiter}"a{delimiter}b"{delimiter}1950-03-31{delimiter}\n'
    text += f"south{delimiter}a,b{delimiter}{delimiter}north\nquay{delimiter}x{delimiter}{delimiter}\n"
    small_package.write(BRANCHES, text)
    small_package.edit(PACKAGE, "resources", 0, "dialect", to={"delimiter": delimiter})
    small_package.remove(BRANCHES_SCHEMA, "scrdata:text")  # which takes no tab within a cell
    small_package.repair()
    assert small_package.judge().code == 0


EDITS: list[tuple[str, str, tuple[str | int, ...], Any]] = [
    ("custom_package_property", PACKAGE, ("x:note",), {"any": ["thing", None, 1.5]}),
    ("custom_resource_property", PACKAGE, ("resources", 0, "rows"), 3),
    ("custom_schema_property", BRANCHES_SCHEMA, ("indexes",), ["name"]),
    ("custom_field_property", BRANCHES_SCHEMA, ("fields", 0, "unit"), "branch"),
    ("custom_field_label", BRANCHES_SCHEMA, ("fields", 0, "label"), {"en": "Branch"}),
    ("custom_category_property", LOANS_SCHEMA, ("fields", 1, "categories", 0, "colour"), "red"),
    ("custom_key_property", BRANCHES_SCHEMA, ("foreignKeys", 0, "description"), "the main branch"),
    ("string_primary_key", BRANCHES_SCHEMA, ("primaryKey",), "branch_id"),
    ("string_foreign_key", BRANCHES_SCHEMA, ("foreignKeys", 0),
     {"fields": "parent_id", "reference": {"resource": "", "fields": "branch_id"}}),
    ("foreign_key_without_resource", BRANCHES_SCHEMA, ("foreignKeys", 0),
     {"fields": "parent_id", "reference": {"fields": "branch_id"}}),
    ("foreign_key_to_itself_by_name", BRANCHES_SCHEMA, ("foreignKeys", 0, "reference", "resource"), "branches"),
    ("no_foreign_keys", BRANCHES_SCHEMA, ("foreignKeys",), []),
    ("labelled_missing_values", LOANS_SCHEMA, ("missingValues",), [{"value": "", "label": "not given"},
     {"value": "NA"}]),
    ("own_missing_values", LOANS_SCHEMA, ("fields", 3, "missingValues"), ["", "NA", "-"]),
    ("plain_categories", LOANS_SCHEMA, ("fields", 1, "categories"), ["child", "adult"]),
    ("mixed_categories", LOANS_SCHEMA, ("fields", 1, "categories"), ["child", {"value": "adult"}]),
    ("enum_beside_categories", LOANS_SCHEMA, ("fields", 1, "constraints"), {"enum": ["adult", "child"],
     "required": True}),
    ("false_constraints", LOANS_SCHEMA, ("fields", 3, "constraints"), {"required": False, "unique": False}),
    ("text_bounds", LOANS_SCHEMA, ("fields", 3, "constraints"), {"minimum": "0", "maximum": "999"}),
    ("anchored_pattern", BRANCHES_SCHEMA, ("fields", 0, "constraints", "pattern"), "^(north|south|quay)$"),
    ("lazy_pattern", BRANCHES_SCHEMA, ("fields", 0, "constraints", "pattern"), "[a-z]+?"),
    ("pattern_of_classes", BRANCHES_SCHEMA, ("fields", 0, "constraints", "pattern"), "(?:\\w|[^\\d\\s])*"),
    ("exact_match", BRANCHES_SCHEMA, ("fieldsMatch",), "exact"),
    ("exact_match_list", BRANCHES_SCHEMA, ("fieldsMatch",), ["exact"]),
    ("path_in_a_list", PACKAGE, ("resources", 0, "path"), [BRANCHES]),
    ("encoding", PACKAGE, ("resources", 0, "encoding"), "UTF-8"),
    ("encoding_without_hyphen", PACKAGE, ("resources", 0, "encoding"), "utf8"),
    ("format", PACKAGE, ("resources", 0, "format"), "csv"),
    ("mediatype", PACKAGE, ("resources", 0, "mediatype"), "text/csv"),
    ("mediatype_with_charset", PACKAGE, ("resources", 0, "mediatype"), "text/csv; charset=utf-8"),
    ("resource_profile", PACKAGE, ("resources", 0, "$schema"),
     "https://datapackage.org/profiles/2.0/dataresource.json"),
    ("old_resource_profile", PACKAGE, ("resources", 0, "profile"), "tabular-data-resource"),
    ("old_package_profile", PACKAGE, ("profile",), "tabular-data-package"),
    ("empty_dialect", PACKAGE, ("resources", 0, "dialect"), {}),
    ("default_dialect", PACKAGE, ("resources", 0, "dialect"),
     {"$schema": "https://datapackage.org/profiles/2.0/tabledialect.json", "delimiter": ",", "quoteChar": '"',
      "doubleQuote": True, "header": True, "skipInitialSpace": False, "lineTerminator": "\r\n"}),
    ("default_header_rows", PACKAGE, ("resources", 0, "dialect"), {"header": True, "headerRows": [1]}),
    ("contributors", PACKAGE, ("contributors",), [{"title": "Ada", "roles": ["author"]}, {"organization": "Library"}]),
    ("sources", PACKAGE, ("sources",), [{"title": "Leaflet", "path": "https://example.org/leaflet.pdf"}]),
    ("keywords", PACKAGE, ("keywords",), ["library"]),
    ("unicode_name", PACKAGE, ("name",), "bücherei"),
    ("odd_version", PACKAGE, ("version",), "2024-spring"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "path", "value"), [pytest.param(*case[1:], id=case[0]) for case in EDITS])
def test_descriptors(small_package: PackageFolder, file: str, path: tuple[str | int, ...], value: object) -> None:
    """Every way to say the same in a descriptor is accepted, and custom properties are free."""
    small_package.edit(file, *path, to=value)
    small_package.assert_accepted()


REMOVALS: list[tuple[str, tuple[str | int, ...]]] = [
    (PACKAGE, ("$schema",)),
    (PACKAGE, ("name",)),
    (PACKAGE, ("licenses",)),
    (PACKAGE, ("resources", 0, "type")),
    (PACKAGE, ("resources", 0, "bytes")),
    (PACKAGE, ("resources", 0, "hash")),
    (PACKAGE, ("resources", 0, "scrdata:rows")),
    (BRANCHES_SCHEMA, ("$schema",)),
    (BRANCHES_SCHEMA, ("primaryKey",)),
    (BRANCHES_SCHEMA, ("foreignKeys",)),
    (BRANCHES_SCHEMA, ("fields", 1, "type")),
    (LOANS_SCHEMA, ("missingValues",)),
    (LOANS_SCHEMA, ("fields", 1, "categoriesOrdered")),
]


@pytest.mark.parametrize(("file", "path"), [pytest.param(*case, id=".".join(map(str, case[1]))) for case in REMOVALS])
def test_optional_properties(small_package: PackageFolder, file: str, path: tuple[str | int, ...]) -> None:
    """What the standard does not require may be left out; without `$schema` the package counts as version 1."""
    small_package.remove(file, *path)
    small_package.assert_accepted()


@pytest.mark.parametrize(
    ("prefix", "algorithm"),
    [("", "md5"), ("md5:", "md5"), ("sha1:", "sha1"), ("sha256:", "sha256"), ("sha512:", "sha512")],
)
def test_hashes(small_package: PackageFolder, prefix: str, algorithm: str) -> None:
    """The hash algorithms of the standard are computed; a hash without a name is md5."""
    digest = hashlib.new(algorithm, small_package.read(BRANCHES)).hexdigest()
    small_package.edit(PACKAGE, "resources", 0, "hash", to=prefix + digest)
    small_package.assert_accepted()
    small_package.edit(PACKAGE, "resources", 0, "hash", to=prefix + digest.upper())
    small_package.assert_accepted()


def test_inline_schema_and_dialect_file(small_package: PackageFolder) -> None:
    """A schema may stand in the descriptor, and a dialect in a file."""
    small_package.edit(PACKAGE, "resources", 0, "schema", to=small_package.json(BRANCHES_SCHEMA))
    small_package.write("dialect.json", {"delimiter": ","})
    small_package.edit(PACKAGE, "resources", 0, "dialect", to="dialect.json")
    small_package.assert_accepted()


def test_no_rules(small_package: PackageFolder) -> None:
    """A package that declares no rules and no discrepancies has none to check."""
    small_package.remove(PACKAGE, "scrdata:rules")
    small_package.remove(PACKAGE, "scrdata:discrepancies")
    small_package.assert_accepted()
    assert small_package.judge().report["checked"].get("rules", 0) == 0


def test_header_only_tables(small_package: PackageFolder) -> None:
    """Tables without rows are valid where nothing says otherwise."""
    for name in ("scrdata:rules", "scrdata:discrepancies"):
        small_package.remove(PACKAGE, name)
    for file in ("branches", "loans", "rules", "discrepancies"):
        small_package.write(f"data/{file}.csv", small_package.read(f"data/{file}.csv").split(b"\n")[0] + b"\n")
    small_package.repair()
    small_package.assert_accepted()


def test_header_only_rules(small_package: PackageFolder) -> None:
    """A register and a table of rules may be empty."""
    for file in ("rules", "discrepancies"):
        small_package.write(f"data/{file}.csv", small_package.read(f"data/{file}.csv").split(b"\n")[0])
    small_package.repair()
    small_package.assert_accepted()


@pytest.mark.parametrize("name", ["n", "loan", "branches_", "a", "94", "loans.csv", "notes"])
def test_plain_files(small_package: PackageFolder, name: str) -> None:
    """A file that is no table may have any name, also one that occurs in a rule."""
    small_package.write("notes.bin", bytes(range(256)))
    resource = {"name": name, "path": "notes.bin", "bytes": 256, "mediatype": "application/octet-stream"}
    small_package.edit(PACKAGE, "resources", 4, to=resource)
    small_package.assert_accepted()


@pytest.mark.parametrize("name", ["größe", "with space", "数", "a.b", "x" * 200, "data (copy)", "-x", ".hidden"])
def test_unicode_names(small_package: PackageFolder, name: str) -> None:
    """Names of files, tables and columns may hold any letters."""
    file = f"data/{name}.csv"
    small_package.write(file, f"{name}\nx\n")
    schema = {"fields": [{"name": name, "type": "string"}]}
    resource = {"name": name, "type": "table", "path": file, "schema": schema}
    small_package.edit(PACKAGE, "resources", 4, to=resource)
    small_package.assert_accepted()


CELLS: list[tuple[dict[str, Any], list[str]]] = [
    ({"type": "string"}, ["x", "NA", "0", "é", "a b", '"', "a,b", "TRUE"]),
    ({"type": "any"}, ["x", "1", "{}"]),
    ({"type": "integer"}, ["0", "-7", "147", "9" * 1000, ""]),
    ({"type": "number"}, ["0", "-7", "1.50", "2e3", "1E-5", "NaN", "INF", "0.1", "9" * 900, "1e999"]),
    ({"type": "boolean"}, ["true", "True", "TRUE", "1", "false", "False", "FALSE", "0", ""]),
    ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["yes", "no", ""]),
    ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"], "constraints": {"enum": ["yes"]}}, ["yes"]),
    ({"type": "date"}, ["2010-03-31", "0001-01-01", "9999-12-31", "2008-02-29", ""]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["31/03/2010"]),
    ({"type": "time"}, ["23:59:59", "00:00:00", "12:00:00.5", "12:00:00Z", "12:00:00+01:00"]),
    ({"type": "datetime"}, ["2010-03-31T23:59:59", "2010-03-31T23:59:59Z", "2010-03-31T23:59:59.123456+01:00"]),
    ({"type": "year"}, ["2010", "0001"]),
    ({"type": "yearmonth"}, ["2010-03", "2010-12"]),
    ({"type": "duration"}, ["P1Y", "P1Y2M3DT4H5M6S", "PT0.5S", "P10D"]),
    ({"type": "geopoint"}, ["0.12, 51.5", "180,90"]),
    ({"type": "object"}, ["{}", '{"a": [1, null]}', ""]),
    ({"type": "array"}, ["[]", "[1, [2]]"]),
    ({"type": "geojson"}, ['{"type": "Point", "coordinates": [0, 51.5]}']),
    ({"type": "string", "format": "email"}, ["a.b+c@example.org"]),
    ({"type": "string", "format": "uri"}, ["https://example.org/x?y=1#z", "urn:isbn:1"]),
    ({"type": "string", "format": "uuid"}, ["12345678-1234-1234-1234-123456789012"]),
    ({"type": "string", "format": "binary"}, ["YWJj", "YQ=="]),
    ({"type": "integer", "categories": [1, {"value": 2, "label": "two"}], "categoriesOrdered": True}, ["1", "2", ""]),
    ({"type": "integer", "constraints": {"minimum": 1, "maximum": 3, "enum": [1, 2, 3]}}, ["1", "3"]),
    ({"type": "date", "constraints": {"minimum": "2009-04-01", "exclusiveMaximum": "2010-04-01"}}, ["2009-04-01"]),
    ({"type": "string", "constraints": {"pattern": "^[A-Z]\\d{3}$", "minLength": 4, "maxLength": 4}}, ["R001"]),
    ({"type": "string", "constraints": {"pattern": "a|b"}}, ["a", "b"]),
    ({"type": "string", "constraints": {"unique": True}}, ["a", "b", "", ""]),
]


@pytest.mark.parametrize(("field", "cells"), [pytest.param(*case, id=str(case[0])[:60]) for case in CELLS])
def test_cells(small_package: PackageFolder, field: dict[str, Any], cells: list[str]) -> None:
    """Every type takes the spellings that its grammar names."""
    small_package.add_column(field, *cells)
    small_package.assert_accepted()


@pytest.mark.parametrize(
    ("kind", "cell"), [("number", "-1e3"), ("number", "-INF"), ("geopoint", "-0.12, 51.5"), ("duration", "-P1D")]
)
def test_clean_values_that_begin_with_a_minus(small_package: PackageFolder, kind: str, cell: str) -> None:
    """A valid value of a type other than text is no formula, also in a table that promises clean text."""
    position = small_package.add_column({"type": kind}, cell)
    small_package.edit(PACKAGE, "resources", position, "scrdata:text", to="clean")
    small_package.assert_accepted()


RULES = [
    *("branches=3", "3 = branches", "branches < 4", "branches >= 3", "2 * branches + 1 = 7", "0 = 0 * branches"),
    *("loans[kind=adult|child].loans = 94", "loans[kind>=adult].loans = 63", "loans[kind<adult].loans = 31"),
    *("loans[branch_id.name=North].loans = 42", "loans[branch_id.parent_id.name=North].loans = 40"),
    *('loans[visits=""] = 1', 'loans[branch_id.name="Quay, Old"] = 2', "branches[opened>=1962-11-05] = 1"),
    *("loans[loans>=8,loans<=12] = 2", "loans[kind=*].loans <= 63", "loans[loans>=1000] = 0", "loans[loans=99] = 0"),
    *("loans[branch_id=*].loans = loans[branch_id=*,kind=child].loans + loans[branch_id=*,kind=adult].loans",),
]


@pytest.mark.parametrize("equation", RULES)
def test_rules(small_package: PackageFolder, equation: str) -> None:
    """Every way to write a true rule is accepted."""
    quoted = equation.replace('"', '""')
    small_package.spoil("data/rules.csv", ",branches = 3,", f',"{quoted}",')
    small_package.repair()
    small_package.assert_accepted()


def test_descriptor_of_another_name(small_package: PackageFolder, judge: Callable[[Path], Verdict]) -> None:
    """A descriptor may be named on the command line, whatever it is called."""
    (small_package.folder / PACKAGE).rename(small_package.folder / "other.json")
    assert judge(small_package.folder / "other.json").code == 0
    assert judge(small_package.folder).code == 2


@pytest.mark.parametrize("prefix", ["", "small/", "größe/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_archives(
    small_package: PackageFolder, judge: Callable[[Path], Verdict], tmp_path: Path, method: int, prefix: str
) -> None:
    """A zip archive is accepted with the descriptor at its top or in its one folder."""
    place = tmp_path / "small.zip"
    with zipfile.ZipFile(place, "w", method) as archive:
        for path in sorted(small_package.folder.rglob("*")):
            archive.write(path, prefix + path.relative_to(small_package.folder).as_posix())
    verdict = judge(place)
    assert verdict.code == 0, verdict.text


def test_linked_folder_as_package(small_package: PackageFolder, judge: Callable[[Path], Verdict]) -> None:
    """The caller may reach the package's folder through a link of their own."""
    link = small_package.folder.parent / "link"
    link.symlink_to(small_package.folder, target_is_directory=True)
    assert judge(link).code == 0
