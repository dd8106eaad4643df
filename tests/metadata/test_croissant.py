"""Croissant: the library of its authors accepts the description and loads every record as `scrdata` reads it."""

from __future__ import annotations

import datetime
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlcroissant
import pytest
from mlcroissant._src.core.issues import GenerationError

import scrdata
from scrdata.metadata.croissant import describe_croissant
from scrdata.metadata.json_ld import encode_json
from scrdata.values import to_text
from tests.metadata.publications import add_kinds, describe_fully, publish, publish_tables

if TYPE_CHECKING:
    from conftest import PackageFolder

# rdflib warns of a class that it uses itself when it reads JSON-LD.
pytestmark = [
    pytest.mark.usefixtures("offline"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
    # mlcroissant uses a way of pandas that will go.
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index"),
]
ROOT = Path(__file__).parents[2]


def write_described(package: Path | PackageFolder, place: Path, *, parquet: bool = True) -> Path:
    """Write the files of a package with their description into a folder; return the description's path."""
    described = place / "croissant.json"
    described.write_bytes(encode_json(describe_croissant(publish_tables(package, place, parquet=parquet))))
    return described


def load(described: Path) -> mlcroissant.Dataset:
    """Load a description, of which nothing may be wrong or missing."""
    dataset = mlcroissant.Dataset(described)
    assert dataset.metadata.issues.report() == ""
    return dataset


def plain(value: object) -> object:
    """Return a loaded value in the types of Python."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime.datetime) and hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value


def as_loaded(value: object) -> object:
    """Return a value of the strict reader as the library loads it: dates are times, other types are texts."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time())
    if isinstance(value, (str, int, float, datetime.datetime, datetime.time)) or value is None:
        return value
    return to_text(value)  # type: ignore[arg-type]


def assert_same_records(dataset: mlcroissant.Dataset, package: Path | PackageFolder) -> None:
    """Assert that all tables are loaded with the values and types of the strict reader, each as often as one likes."""
    for name, table in scrdata.open_package(package).contents.tables.items():
        for _ in range(2):
            records = list(dataset.records(name))
            assert len(records) == len(table), name
        for field in table.schema.fields:
            cells = [plain(record[f"{name}/{field.name}"]) for record in records]
            expected = [as_loaded(value) for value in table.columns[field.name]]
            if field.type == "number":
                expected = [None if value is None else float(value) for value in expected]  # type: ignore[arg-type]
            assert cells == expected, f"{name}.{field.name}"
            assert list(map(type, cells)) == list(map(type, expected)) or field.type == "year", f"{name}.{field.name}"


def test_shipped_package_is_accepted_and_loaded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The library has no error and no warning, not even in its log, and loads every table of the package alike."""
    with caplog.at_level(logging.WARNING):
        dataset = load(write_described(ROOT, tmp_path))
    assert caplog.messages == []
    assert_same_records(dataset, ROOT)


def test_program_accepts_the_description(tmp_path: Path) -> None:
    """`mlcroissant validate` ends well."""
    program = str(Path(sys.executable).with_name("mlcroissant"))
    command = [program, "validate", "--jsonld", str(write_described(ROOT, tmp_path))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, "Done." in done.stderr, "W" in {line[:1] for line in done.stderr.splitlines()}) == (
        0,
        True,
        False,
    ), done.stderr


def test_library_can_object(tmp_path: Path) -> None:
    """The library is really asked: a key that is no field and a file with another checksum are objected to."""
    described = write_described(ROOT, tmp_path)
    document = json.loads(described.read_text(encoding="utf-8"))
    (tmp_path / "parquet" / "periods.parquet").write_bytes((tmp_path / "parquet" / "reviews.parquet").read_bytes())
    with pytest.raises(GenerationError, match=r"Download\(parquet/periods.parquet\)"):
        list(load(described).records("periods"))
    document["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "nowhere"
    described.write_bytes(encode_json(document))
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(described)


def test_any_types_are_loaded(small_package: PackageFolder, tmp_path: Path) -> None:
    """A package with columns of every type, and with texts that look like numbers or like nothing, is loaded alike."""
    add_kinds(small_package)
    describe_fully(small_package)
    assert_same_records(load(write_described(small_package, tmp_path)), small_package)


def test_codes_are_enumerations(tmp_path: Path) -> None:
    """Each code list is loaded with its labels and definitions, and its column refers to it."""
    described = write_described(ROOT, tmp_path)
    dataset = load(described)
    for name, table in scrdata.open_package(ROOT).contents.tables.items():
        for field in table.schema.fields:
            if field.categories:
                stem = f"{name}/{field.name}/codes"
                records = list(dataset.records(stem))
                assert [record[f"{stem}/code"] for record in records] == [item.value for item in field.categories]
                assert [record[f"{stem}/name"] for record in records] == [item.label for item in field.categories]
                definitions = [record.get(f"{stem}/description") for record in records]
                found = [text if isinstance(text, str) else None for text in definitions]
                assert found == [item.description for item in field.categories]
    (reviews,) = [item for item in json.loads(described.read_bytes())["recordSet"] if item["@id"] == "reviews"]
    references = {field["@id"]: field.get("dct:references") for field in reviews["field"]}
    assert references["reviews/board_id"] == [{"@id": "boards/board_id"}]
    assert references["reviews/judgement"] == [{"@id": "reviews/judgement/codes/code"}]


def test_without_parquet_the_csv_files_are_the_source(small_package: PackageFolder, tmp_path: Path) -> None:
    """A publication of CSV files alone is loaded from these; their texts are then read as the library guesses."""
    describe_fully(small_package)
    dataset = load(write_described(small_package, tmp_path, parquet=False))
    records = list(dataset.records("loans"))
    assert [record["loans/loans"] for record in records] == [30, 12, 25, 15, 8, 4]
    assert [record["loans/visits"] for record in records] == [400, None, 310, 90, 75, 20]
    assert records[1]["loans/population"] == b"loans[branch_id=north].loans"


def test_keys_of_several_columns_are_no_references(small_package: PackageFolder) -> None:
    """A foreign key of several columns is left out: column by column it would join rows that do not belong together."""
    columns = ["branch_id", "kind"]
    small_package.edit("schemas/loans.json", "foreignKeys", 1, to={
        "fields": columns, "reference": {"resource": "", "fields": columns}
    })  # fmt: skip
    found: Any = describe_croissant(publish(small_package))
    loans = found["recordSet"][1]
    assert loans["key"] == [{"@id": "loans/branch_id"}, {"@id": "loans/kind"}]
    assert [field.get("dct:references") for field in loans["field"][:2]] == [
        [{"@id": "branches/branch_id"}],
        [{"@id": "loans/kind/codes/code"}],
    ]


def test_tables_that_refer_to_each_other_are_loaded(small_package: PackageFolder, tmp_path: Path) -> None:
    """Two tables whose keys refer to each other, and one that refers to itself, are loaded."""
    describe_fully(small_package)
    key = {"fields": ["branch_id"], "reference": {"resource": "loans", "fields": ["branch_id"]}}
    small_package.edit("schemas/branches.json", "foreignKeys", 1, to=key)
    small_package.edit("schemas/loans.json", "primaryKey", to=["branch_id", "kind"])
    assert_same_records(load(write_described(small_package, tmp_path)), small_package)


def test_nothing_is_invented(small_package: PackageFolder, tmp_path: Path) -> None:
    """What a package does not state is left out, and the library only misses what it recommends."""
    described = write_described(small_package, tmp_path)
    document = json.loads(described.read_bytes())
    absent = {"description", "datePublished", "keywords", "creator", "isBasedOn", "inLanguage", "temporalCoverage"}
    assert absent.isdisjoint(document)
    assert document["@context"]["@language"] is None
    assert document["license"] == [{"@type": "CreativeWork", "name": "CC0-1.0"}]
    assert not any(name.startswith("rai:") for name in document)
    report = mlcroissant.Dataset(described).metadata.issues.report()
    assert "error" not in report
    assert "https://schema.org/datePublished" in report


def test_use_is_described_responsibly(tmp_path: Path) -> None:
    """What the shipped package says of persons and limits is said, and to which vocabulary it conforms."""
    metadata = load(write_described(ROOT, tmp_path)).metadata
    stated = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    assert metadata.personal_sensitive_information == [stated["scrdata:personalInformation"]]
    assert metadata.data_limitations == [stated["scrdata:limitations"]]
    assert metadata.conforms_to == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
