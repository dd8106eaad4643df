"""Every property of a descriptor is held to its type; what is missing, misspelt or unknown is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import PackageFolder

PACKAGE = "datapackage.json"
BRANCHES = "schemas/branches.json"
LOANS = "schemas/loans.json"
Place = tuple[str | int, ...]
BRANCHES_RESOURCE: Place = ("resources", 0)
FIELD: Place = ("fields", 2)
KIND: Place = ("fields", 1)
KEY: Place = ("foreignKeys", 0)

# Where properties of one JSON type stand: file, place, names, and values of other types.
TEXT_WRONG: list[Any] = [5, True, None, [], {}, ["text"]]
LIST_WRONG: list[Any] = ["text", 5, False, None, {}]
FLAG_WRONG: list[Any] = ["true", 1, 0, None, [], {}]
NUMBER_WRONG: list[Any] = ["5", 1.5, True, None, [], {}]
OBJECT_WRONG: list[Any] = ["text", 5, True, None, []]
NAMES_WRONG: list[Any] = [5, True, None, {}, [], [5], [None], [[]]]
RESOURCE_TEXTS = ("$schema", "title", "description", "homepage", "profile", "type", "format", "mediatype", "encoding")
FIELD_TEXTS = ("type", "format", "title", "description", "rdfType", "decimalChar", "groupChar")
PEOPLE_TEXTS = ("title", "path", "email", "givenName", "familyName", "organization", "role")
DIALECT_TEXTS = ("delimiter", "lineTerminator", "quoteChar", "escapeChar", "nullSequence", "commentChar", "$schema")
DIALECT_FLAGS = ("doubleQuote", "skipInitialSpace", "header", "caseSensitiveHeader")
TYPES: list[tuple[str, Place, tuple[str, ...], list[Any]]] = [
    (PACKAGE, (), ("$schema", "profile", "title", "description", "homepage"), TEXT_WRONG),
    (PACKAGE, (), ("id", "version", "created", "image"), TEXT_WRONG),
    (PACKAGE, (), ("name", "scrdata:rules", "scrdata:discrepancies"), [*TEXT_WRONG, ""]),
    (PACKAGE, (), ("licenses", "contributors"), [*LIST_WRONG, [], [5], [{}], ["CC0-1.0"]]),
    (PACKAGE, (), ("sources",), [*LIST_WRONG, [5], [{}], ["report"]]),
    (PACKAGE, (), ("keywords",), [*LIST_WRONG, [], [5], [None], [["text"]]]),
    (PACKAGE, (), ("resources",), [*LIST_WRONG, [], [5], [None], ["data.csv"], [[]]]),
    (PACKAGE, BRANCHES_RESOURCE, RESOURCE_TEXTS, TEXT_WRONG),
    (PACKAGE, BRANCHES_RESOURCE, ("name",), [*TEXT_WRONG, ""]),
    (PACKAGE, BRANCHES_RESOURCE, ("hash", "scrdata:text"), TEXT_WRONG),
    (PACKAGE, BRANCHES_RESOURCE, ("path",), [5, True, None, {}, [], "", [5], [""], [None]]),
    (PACKAGE, BRANCHES_RESOURCE, ("bytes", "scrdata:rows"), NUMBER_WRONG),
    (PACKAGE, BRANCHES_RESOURCE, ("schema", "dialect"), [5, True, None, []]),
    (PACKAGE, BRANCHES_RESOURCE, ("licenses",), [*LIST_WRONG, [], [{}]]),
    (PACKAGE, BRANCHES_RESOURCE, ("sources",), [*LIST_WRONG, [{}]]),
    (PACKAGE, (*BRANCHES_RESOURCE, "dialect"), DIALECT_TEXTS, TEXT_WRONG),
    (PACKAGE, (*BRANCHES_RESOURCE, "dialect"), DIALECT_FLAGS, FLAG_WRONG),
    (PACKAGE, ("contributors", 0), PEOPLE_TEXTS, TEXT_WRONG),
    (PACKAGE, ("contributors", 0), ("roles",), [*LIST_WRONG, [], [5]]),
    (PACKAGE, ("licenses", 0), ("name", "path", "title"), TEXT_WRONG),
    (PACKAGE, ("sources", 0), ("title", "path", "email", "version"), TEXT_WRONG),
    (BRANCHES, (), ("$schema", "name", "title", "description", "scrdata:text"), TEXT_WRONG),
    (BRANCHES, (), ("fields",), [*LIST_WRONG, [], [5], [None], ["name"], [[]]]),
    (BRANCHES, (), ("fieldsMatch",), [5, True, None, {}, [5]]),
    (BRANCHES, (), ("missingValues",), [*LIST_WRONG, [5], [None], [[]], [{"value": 5}]]),
    (BRANCHES, (), ("primaryKey",), [*NAMES_WRONG, ""]),
    (BRANCHES, (), ("uniqueKeys",), [*LIST_WRONG, [5], [None], [{}], [[]], [[5]], ["name"]]),
    (BRANCHES, (), ("foreignKeys",), [*LIST_WRONG, [5], [None], ["name"], [[]]]),
    (BRANCHES, KEY, ("fields",), [*NAMES_WRONG, ""]),
    (BRANCHES, KEY, ("reference",), OBJECT_WRONG),
    (BRANCHES, (*KEY, "reference"), ("resource",), TEXT_WRONG),
    (BRANCHES, (*KEY, "reference"), ("fields",), [*NAMES_WRONG, ""]),
    (BRANCHES, FIELD, FIELD_TEXTS, TEXT_WRONG),
    (BRANCHES, FIELD, ("name",), [*TEXT_WRONG, ""]),
    (BRANCHES, FIELD, ("constraints",), OBJECT_WRONG),
    (BRANCHES, FIELD, ("missingValues",), [*LIST_WRONG, [5], [None]]),
    (BRANCHES, FIELD, ("trueValues", "falseValues"), [*LIST_WRONG, [], [5], [True]]),
    (BRANCHES, FIELD, ("bareNumber", "categoriesOrdered", "scrdata:reference"), FLAG_WRONG),
    (BRANCHES, FIELD, ("scrdata:wholeOf",), [*TEXT_WRONG, ""]),
    (LOANS, KIND, ("categories",), LIST_WRONG),
    (LOANS, (*KIND, "categories", 0), ("label", "description"), TEXT_WRONG),
]
CONTAINERS = {"dialect": {}, "contributors": [{"title": "Ada"}], "sources": [{"title": "Book"}]}


@pytest.mark.parametrize(
    ("file", "place", "name", "value"),
    [
        pytest.param(file, place, name, value, id=f"{file[:-5]}-{'.'.join(map(str, (*place, name)))}-{value!r}")
        for file, place, names, values in TYPES
        for name in names
        for value in values
    ],
)
def test_types(small_package: PackageFolder, file: str, place: Place, name: str, value: object) -> None:
    """A known property of another JSON type is reported at its file and line."""
    for part, content in CONTAINERS.items():
        if part in place:
            small_package.edit(file, *place[: place.index(part) + 1], to=content)
    line = small_package.edit(file, *place, name, to=value)
    inside = list(range(line, line + 3)) if isinstance(value, list) else [line]
    verdict = small_package.judge()
    assert verdict.code == 1
    wrong = [p for p in verdict.places if p[0] in ("property_has_right_type", "constraint_is_well_formed")]
    assert any(p[1] == file and p[2] in inside for p in wrong), (verdict.places, line)


MISSING: list[tuple[str, Place]] = [
    (PACKAGE, ("resources",)),
    (PACKAGE, ("resources", 0, "name")),
    (PACKAGE, ("resources", 0, "path")),
    (PACKAGE, ("resources", 0, "schema")),
    (BRANCHES, ("fields",)),
    (BRANCHES, ("fields", 2, "name")),
    (BRANCHES, ("foreignKeys", 0, "fields")),
    (BRANCHES, ("foreignKeys", 0, "reference")),
    (BRANCHES, ("foreignKeys", 0, "reference", "fields")),
    (LOANS, ("fields", 1, "categories", 0, "value")),
]


@pytest.mark.parametrize(("file", "path"), [pytest.param(*case, id=".".join(map(str, case[1]))) for case in MISSING])
def test_missing(small_package: PackageFolder, file: str, path: Place) -> None:
    """A required property that is missing is reported at the object that lacks it."""
    line = small_package.remove(file, *path)
    small_package.assert_rejected("required_property_is_present", file, line)


MISSPELT: list[tuple[str, Place, str, str]] = [
    (PACKAGE, ("resources", 0), "hash", "Hash"),
    (PACKAGE, ("resources", 0), "hash", "hahs"),
    (PACKAGE, ("resources", 0), "bytes", "byte"),
    (PACKAGE, ("resources", 0), "bytes", "Bytes"),
    (PACKAGE, ("resources", 0), "schema", "shcema"),
    (PACKAGE, ("resources", 0), "path", "paths"),
    (PACKAGE, (), "resources", "resource"),
    (PACKAGE, (), "resources", "ressources"),
    (BRANCHES, (), "fields", "field"),
    (BRANCHES, (), "primaryKey", "primarykey"),
    (BRANCHES, (), "primaryKey", "primary_key"),
    (BRANCHES, (), "primaryKey", "primaryKeys"),
    (BRANCHES, (), "primaryKey", "primayKey"),
    (BRANCHES, (), "foreignKeys", "foreignKey"),
    (BRANCHES, (), "foreignKeys", "foreign_keys"),
    (BRANCHES, (), "foreignKeys", "foriegnKeys"),
    (LOANS, (), "uniqueKeys", "uniqueKey"),
    (LOANS, (), "uniqueKeys", "unique-keys"),
    (LOANS, (), "missingValues", "missingValue"),
    (LOANS, (), "missingValues", "missing_values"),
    (LOANS, ("fields", 2), "constraints", "constraint"),
    (LOANS, ("fields", 2), "constraints", "constrains"),
    (LOANS, ("fields", 2), "constraints", "Constraints"),
    (LOANS, ("fields", 3), "type", "Type"),
    (LOANS, ("fields", 3), "type", "tpye"),
    (LOANS, ("fields", 1), "categories", "category"),
    (LOANS, ("fields", 1), "categories", "catgories"),
    (LOANS, ("fields", 1), "categoriesOrdered", "categoriesordered"),
    (LOANS, ("foreignKeys", 0), "reference", "referance"),
    (LOANS, ("foreignKeys", 0, "reference"), "resource", "resurce"),
    (LOANS, ("foreignKeys", 0, "reference"), "resource", "Resource"),
]


@pytest.mark.parametrize(
    ("file", "place", "right", "wrong"),
    [pytest.param(*case, id=f"{'.'.join(map(str, (*case[1], case[3])))}") for case in MISSPELT],
)
def test_misspelt(small_package: PackageFolder, file: str, place: Place, right: str, wrong: str) -> None:
    """A misspelt name of a property that changes what the data mean is refused, never ignored."""
    document = small_package.json(file)
    holder = document
    for part in place:
        holder = holder[part]
    value = holder.pop(right)
    small_package.write(file, document)
    line = small_package.edit(file, *place, wrong, to=value)
    small_package.assert_rejected("property_is_spelt_right", file, line)


MISPLACED = ["required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength"]


@pytest.mark.parametrize("name", MISPLACED)
def test_misplaced_constraints(small_package: PackageFolder, name: str) -> None:
    """A constraint beside `constraints`, where it would do nothing, is refused."""
    line = small_package.edit(LOANS, "fields", 3, name, to=1)
    small_package.assert_rejected("property_is_spelt_right", LOANS, line)


UNKNOWN: list[tuple[str, str, Place, object]] = [
    ("package_property", PACKAGE, ("scrdata:rule",), "rules"),
    ("package_property_capital", PACKAGE, ("scrdata:Rules",), "rules"),
    ("package_rows", PACKAGE, ("scrdata:rows",), 3),
    ("resource_property", PACKAGE, ("resources", 0, "scrdata:row"), 3),
    ("resource_rules", PACKAGE, ("resources", 0, "scrdata:rules"), "rules"),
    ("schema_property", BRANCHES, ("scrdata:clean",), True),
    ("schema_reference", BRANCHES, ("scrdata:reference",), True),
    ("field_property", BRANCHES, ("fields", 0, "scrdata:references"), True),
    ("field_text", BRANCHES, ("fields", 0, "scrdata:text"), "clean"),
    ("key_property", BRANCHES, ("foreignKeys", 0, "scrdata:strict"), True),
    ("reference_property", BRANCHES, ("foreignKeys", 0, "reference", "scrdata:strict"), True),
    ("category_property", LOANS, ("fields", 1, "categories", 0, "scrdata:order"), 1),
    ("missing_value_property", LOANS, ("missingValues", 0), {"value": "", "scrdata:reason": "x"}),
    ("licence_property", PACKAGE, ("licenses", 0, "scrdata:spdx"), "CC0-1.0"),
    ("text_other_word", BRANCHES, ("scrdata:text",), "dirty"),
    ("text_empty", BRANCHES, ("scrdata:text",), ""),
    ("resource_text_other_word", PACKAGE, ("resources", 0, "scrdata:text"), "Clean"),
    ("package_profile", PACKAGE, ("$schema",), "https://datapackage.org/profiles/3.0/datapackage.json"),
    ("package_profile_of_a_schema", PACKAGE, ("$schema",), "https://datapackage.org/profiles/2.0/tableschema.json"),
    ("package_profile_elsewhere", PACKAGE, ("$schema",), "https://example.org/profile.json"),
    ("package_profile_local", PACKAGE, ("$schema",), "profile.json"),
    ("package_old_profile", PACKAGE, ("profile",), "fiscal-data-package"),
    ("resource_profile", PACKAGE, ("resources", 0, "$schema"), "https://example.org/resource.json"),
    ("resource_old_profile", PACKAGE, ("resources", 0, "profile"), "spatial-data-resource"),
    ("schema_profile", BRANCHES, ("$schema",), "https://example.org/schema.json"),
    ("dialect_profile", PACKAGE, ("resources", 0, "dialect"), {"$schema": "https://example.org/dialect.json"}),
    ("inline_data", PACKAGE, ("resources", 4), {"name": "inline", "data": [{"x": 1}]}),
    ("two_paths", PACKAGE, ("resources", 0, "path"), ["data/branches.csv", "data/loans.csv"]),
    ("resource_type", PACKAGE, ("resources", 0, "type"), "matrix"),
    ("scheme_http", PACKAGE, ("resources", 0, "scheme"), "http"),
    ("scheme_s3", PACKAGE, ("resources", 0, "scheme"), "s3"),
    ("format_excel", PACKAGE, ("resources", 0, "format"), "xlsx"),
    ("format_tsv", PACKAGE, ("resources", 0, "format"), "tsv"),
    ("format_empty", PACKAGE, ("resources", 0, "format"), ""),
    ("mediatype_excel", PACKAGE, ("resources", 0, "mediatype"), "application/vnd.ms-excel"),
    ("mediatype_charset", PACKAGE, ("resources", 0, "mediatype"), "text/csv; charset=iso-8859-1"),
    ("encoding_latin", PACKAGE, ("resources", 0, "encoding"), "iso-8859-1"),
    ("encoding_utf16", PACKAGE, ("resources", 0, "encoding"), "utf-16"),
    ("encoding_with_mark", PACKAGE, ("resources", 0, "encoding"), "utf-8-sig"),
    ("encoding_empty", PACKAGE, ("resources", 0, "encoding"), ""),
    ("compression", PACKAGE, ("resources", 0, "compression"), "gz"),
    ("compression_null", PACKAGE, ("resources", 0, "compression"), None),
    ("innerpath", PACKAGE, ("resources", 0, "innerpath"), "x.csv"),
    ("extrapaths", PACKAGE, ("resources", 0, "extrapaths"), ["data/loans.csv"]),
    ("layout", PACKAGE, ("resources", 0, "layout"), {"limitRows": 1}),
    ("control", PACKAGE, ("resources", 0, "control"), {"newline": ""}),
    ("detector", PACKAGE, ("resources", 0, "detector"), {"fieldType": "string"}),
    ("fields_match_subset", BRANCHES, ("fieldsMatch",), "subset"),
    ("fields_match_partial", BRANCHES, ("fieldsMatch",), ["partial"]),
    ("fields_match_nonsense", BRANCHES, ("fieldsMatch",), "precise"),
    ("external_foreign_key", BRANCHES, ("foreignKeys", 0, "reference", "package"), "https://example.org/p.json"),
    ("type_list", BRANCHES, ("fields", 3, "type"), "list"),
    ("type_text", BRANCHES, ("fields", 3, "type"), "text"),
    ("type_int", BRANCHES, ("fields", 3, "type"), "int"),
    ("type_capital", BRANCHES, ("fields", 3, "type"), "String"),
    ("type_empty", BRANCHES, ("fields", 3, "type"), ""),
    ("type_with_space", BRANCHES, ("fields", 3, "type"), "string "),
    ("format_of_string", BRANCHES, ("fields", 3, "format"), "phone"),
    ("format_of_date", BRANCHES, ("fields", 2, "format"), "any"),
    ("format_of_date_iso", BRANCHES, ("fields", 2, "format"), "iso8601"),
    ("format_of_date_short_year", BRANCHES, ("fields", 2, "format"), "%d/%m/%y"),
    ("format_of_date_locale", BRANCHES, ("fields", 2, "format"), "%x"),
    ("format_of_date_month_name", BRANCHES, ("fields", 2, "format"), "%d %B %Y"),
    ("format_of_date_incomplete", BRANCHES, ("fields", 2, "format"), "%Y-%m"),
    ("format_of_date_twice", BRANCHES, ("fields", 2, "format"), "%Y-%m-%d %d"),
    ("format_of_integer", LOANS, ("fields", 3, "format"), "currency"),
    ("decimal_comma", LOANS, ("fields", 3, "decimalChar"), ","),
    ("group_char", LOANS, ("fields", 3, "groupChar"), ","),
    ("bare_number", LOANS, ("fields", 3, "bareNumber"), False),
    ("ordered_without_categories", LOANS, ("fields", 0, "categoriesOrdered"), True),
    ("categories_of_date", BRANCHES, ("fields", 2, "categories"), ["1950-03-31", "1962-11-05"]),
]


@pytest.mark.parametrize(("file", "path", "value"), [pytest.param(*case[1:], id=case[0]) for case in UNKNOWN])
def test_unknown(small_package: PackageFolder, file: str, path: Place, value: object) -> None:
    """A property, type, format or profile that would change the meaning and is not implemented is a finding."""
    line = small_package.edit(file, *path, to=value)
    verdict = small_package.judge()
    assert verdict.code == 1, verdict.text
    near = range(small_package.line(file, *path[:-1]), line + 4)
    rules = ("property_is_implemented", "property_is_spelt_right")
    assert any(p[0] in rules and p[1] == file and p[2] in near for p in verdict.places), (verdict.places, line)


DIALECTS: list[dict[str, Any]] = [
    {"delimiter": ""},
    {"delimiter": ",,"},
    {"delimiter": '"'},
    {"delimiter": "\n"},
    {"delimiter": "\u0001"},
    {"quoteChar": "'"},
    {"quoteChar": ""},
    {"doubleQuote": False},
    {"escapeChar": "\\"},
    {"nullSequence": "\\N"},
    {"skipInitialSpace": True},
    {"header": False},
    {"caseSensitiveHeader": False},
    {"commentChar": "#"},
    {"lineTerminator": "\r"},
    {"lineTerminator": "|"},
    {"headerRows": [2]},
    {"headerRows": [1, 2]},
    {"headerJoin": "-"},
    {"commentRows": [1]},
    {"itemType": "array"},
    {"sheetNumber": 2},
    {"property": "rows"},
    {"table": "branches"},
]


@pytest.mark.parametrize("dialect", [pytest.param(case, id=repr(case)) for case in DIALECTS])
def test_dialects(small_package: PackageFolder, dialect: dict[str, Any]) -> None:
    """Each dialect property that would change how the bytes are read and is not implemented is a finding."""
    small_package.edit(PACKAGE, "resources", 0, "dialect", to={})
    name, value = next(iter(dialect.items()))
    line = small_package.edit(PACKAGE, "resources", 0, "dialect", name, to=value)
    rule = "property_has_right_type" if name == "delimiter" else "property_is_implemented"
    small_package.assert_rejected(rule, PACKAGE, line)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " "])
def test_delimiter_is_not_guessed(small_package: PackageFolder, delimiter: str) -> None:
    """A delimiter that is declared and not the file's is no match, whatever the file looks like."""
    small_package.spoil("data/branches.csv", '"Quay, Old"', "Quay")
    small_package.repair()
    small_package.edit(PACKAGE, "resources", 0, "dialect", to={"delimiter": delimiter})
    small_package.assert_rejected("header_is_as_declared", "data/branches.csv", 1)


def test_resource_names_are_unique(small_package: PackageFolder) -> None:
    """Two resources of one name are refused at the second."""
    line = small_package.edit(PACKAGE, "resources", 1, "name", to="branches")
    small_package.assert_rejected("resource_name_is_unique", PACKAGE, line)


def test_field_names_are_unique(small_package: PackageFolder) -> None:
    """Two fields of one name are refused at the second, although the header says the same."""
    line = small_package.edit(BRANCHES, "fields", 2, "name", to="name")
    small_package.spoil("data/branches.csv", "name,opened", "name,name")
    small_package.repair()
    small_package.assert_rejected("field_name_is_unique", BRANCHES, line)


def test_path_and_data(small_package: PackageFolder) -> None:
    """A resource with both `path` and `data` is refused."""
    small_package.edit(PACKAGE, "resources", 0, "data", to=[])
    small_package.assert_rejected("required_property_is_present", PACKAGE)


@pytest.mark.parametrize("declaration", [{"mediatype": "text/csv"}, {"format": "csv"}, {"type": "table"}])
def test_tables_need_a_schema(small_package: PackageFolder, declaration: dict[str, str]) -> None:
    """A resource that says it is a table, in whatever way, and has no schema is refused."""
    small_package.write("data/more.txt", "x,,\n\n")
    resource = {"name": "more", "path": "data/more.txt", **declaration}
    line = small_package.edit(PACKAGE, "resources", 4, to=resource)
    small_package.assert_rejected("required_property_is_present", PACKAGE, line)


@pytest.mark.parametrize("name", ["scrdata:rules", "scrdata:discrepancies"])
@pytest.mark.parametrize("table", ["nothing", "Rules", "data/rules.csv", "branches"])
def test_declared_tables_exist(small_package: PackageFolder, name: str, table: str) -> None:
    """Rules and discrepancies that are declared and are no such table are a finding."""
    line = small_package.edit(PACKAGE, name, to=table)
    place = ("data/branches.csv", 1) if table == "branches" else (PACKAGE, line)
    small_package.assert_rejected("declared_table_exists", *place)


@pytest.mark.parametrize("name", ["scrdata:rules", "scrdata:discrepancies"])
def test_declared_tables_are_tables(small_package: PackageFolder, name: str) -> None:
    """A plain file that is declared to hold the rules or discrepancies is refused."""
    small_package.write("notes.txt", "rules\n")
    small_package.edit(PACKAGE, "resources", 4, to={"name": "notes", "path": "notes.txt"})
    line = small_package.edit(PACKAGE, name, to="notes")
    small_package.assert_rejected("declared_table_exists", PACKAGE, line)
