"""A package of a folder: what is proposed of each column, what is written, and when nothing is."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scrdata
from scrdata import scaffolding
from scrdata.drafts import draft_schema, draft_table, proposed_type
from scrdata.errors import ScrdataError
from tests.memory import csv_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TOWN = {
    "data/branches.csv": "branch_id,name,opened,open\nnorth,North,1950-03-31,true\nquay,Quay,,false\n",
    "data/loans.csv": (
        "branch_id,kind,loans,share,note\n"
        "north,book,812,0.5,\nnorth,film,107,0.25,new\nquay,book,98,1,\nquay,film,31,0,=new\n"
    ),
}


def make(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder; return the folder."""
    for file, content in files.items():
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder and below."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def schema_of(text: str, *others: str) -> dict[str, Any]:
    """Return the schema that is proposed for a table of comma-separated text beside other tables."""
    drafts = []
    for number, item in enumerate((text, *others)):
        header, *rows = (line.split(",") for line in item.splitlines())
        drafts.append(draft_table(f"t{number}", {name: [row[at] for row in rows] for at, name in enumerate(header)}))
    return draft_schema(drafts[0], drafts)


def field(text: str, name: str, *others: str) -> dict[str, Any]:
    """Return one field of the schema that is proposed for a table."""
    fields: list[dict[str, Any]] = schema_of(text, *others)["fields"]
    return next(item for item in fields if item["name"] == name)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["0", "-7", "147"], "integer"),
        (["0", "007"], "string"),
        (["+5"], "string"),
        (["1_000"], "string"),
        (["\uff11\uff12"], "string"),
        ([" 5"], "string"),
        (["-0"], "number"),
        (["9" * 1001], "string"),
        (["1", "1.50"], "number"),
        (["1", ".5"], "string"),
        (["1e5"], "string"),
        (["1.0", "NaN"], "string"),
        (["INF"], "string"),
        (["true", "false"], "boolean"),
        (["True", "false"], "string"),
        (["1", "0"], "integer"),
        (["yes", "no"], "string"),
        (["2010-03-31", "1950-01-01"], "date"),
        (["2010-02-30"], "string"),
        (["20100331"], "integer"),
        (["2010-03"], "string"),
        (["31/03/2010"], "string"),
        (["1", "x"], "string"),
        ([], "string"),
    ],
)
def test_type_is_that_of_every_cell(texts: list[str], kind: str) -> None:
    """The narrowest type is proposed whose strict grammar reads every text, and text where none does."""
    assert proposed_type(texts) == kind


def test_required_is_what_is_never_empty() -> None:
    """A column without an empty cell is required, one with an empty cell is not, nor is one without any cell."""
    assert field("a,b\n1,\n2,x\n", "a")["constraints"]["required"] is True
    assert "constraints" not in field("a,b\n1,\n2,x\n", "b")
    assert "constraints" not in field("a,b\n", "a")
    assert field("a,b\n1,\n2,\n", "b") == {"name": "b", "type": "string"}


def test_counts_are_never_negative() -> None:
    """A column of integers none of which is below zero has the minimum 0, except in a key, and numbers have none."""
    text = "id,n,m,x\n1,5,-1,0.5\n2,5,3,0.5\n"
    assert field(text, "n")["constraints"] == {"required": True, "minimum": 0}
    for name in ("id", "m", "x"):
        assert "minimum" not in field(text, name)["constraints"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a,b\nx,1\ny,1\n", ["a"]),
        ("a,b,n\nx,p,1\nx,q,1\ny,p,1\n", ["a", "b"]),
        ("a,b,c,n\nx,p,u,1\nx,p,v,1\n", ["a", "b", "c"]),
        ("a,b,c,d\nx,p,u,k\nx,p,u,l\n", None),
        ("a,n\nx,1\nx,2\n", None),
        ("a,year\nx,2009\nx,2010\n", ["a", "year"]),
        ("n,a\n1,x\n2,x\n", ["n"]),
        ("n,a\n1.5,x\n2.5,x\n", None),
        ("a,b\nx,p\n,q\n", None),
        ("a,b\nx,p\nx,\n", None),
        ("a,b\nx,p\n", None),
        ("a,b\n", None),
    ],
)
def test_key_is_the_fewest_first_columns(text: str, key: list[str] | None) -> None:
    """The first columns that tell the rows apart are the key, unless one is empty somewhere or counts something."""
    assert schema_of(text).get("primaryKey") == key


def test_codes_are_texts_that_recur() -> None:
    """Text of few values that recur is a list of codes, as categories and as enum, in the order of the file."""
    text = "id,kind,free\n1,film,a\n2,book,b\n3,film,\n4,book,c\n"
    kind = field(text, "kind")
    assert kind["constraints"] == {"required": True, "enum": ["film", "book"]}
    assert kind["categories"] == [{"value": "film", "label": "film"}, {"value": "book", "label": "book"}]
    assert field(text, "free") == {"name": "free", "type": "string"}
    assert "categories" not in field(text.replace("film", "book"), "kind")
    assert "categories" not in field(text.replace("film", "film" * 16), "kind")
    assert "categories" not in field(text.replace("film", "fi  lm"), "kind")
    many = "".join(f"{n},k{n % 21}\n" for n in range(63))
    assert "categories" not in field(f"id,kind\n{many}", "kind")
    assert len(field("id,kind\n" + many.replace("k20", "k0"), "kind")["categories"]) == 20


def test_unique_is_text_that_never_recurs() -> None:
    """Text outside the key that is never empty and never the same is unique, in ten rows or more."""
    rows = [f"{n},name {n},{n * 3}\n" for n in range(10)]
    assert field("id,name,n\n" + "".join(rows), "name")["constraints"] == {"required": True, "unique": True}
    assert "unique" not in field("id,name,n\n" + "".join(rows), "n")["constraints"]
    assert "unique" not in field("id,name,n\n" + "".join(rows), "id")["constraints"]
    assert "unique" not in field("id,name,n\n" + "".join(rows[:9]), "name")["constraints"]
    long = [row.replace("name", "n" * 60) for row in rows]
    assert "unique" not in field("id,name,n\n" + "".join(long), "name")["constraints"]


BRANCHES = "branch_id,name\nnorth,N\nsouth,S\nquay,Q\n"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("branch_id,n\nnorth,1\nnorth,2\n", "t1"),
        ("n,branch_id\n1,north\n2,\n", "t1"),
        ("n,branch_id\n1,north\n2,pier\n", None),
        ("n,branch\n1,north\n2,quay\n", None),
        ("n,branch_id\n1,\n2,\n", None),
        ("branch_id,n\nnorth,1\nquay,2\n", "t1"),
        ("branch_id,n\nnorth,1\nquay,2\nsouth,3\n", None),
    ],
)
def test_foreign_key_is_a_column_called_like_a_key(text: str, target: str | None) -> None:
    """A column that is called like the key of another table and has no other values refers to it."""
    keys = schema_of(text, BRANCHES).get("foreignKeys", [])
    assert [key["reference"] for key in keys] == ([{"resource": "t1", "fields": ["branch_id"]}] if target else [])


def test_of_two_tables_with_one_key_the_later_refers_to_the_first() -> None:
    """Where two tables have the same keys, no circle is made; and keys called `id` are not taken for each other."""
    same = "branch_id,n\nnorth,1\nquay,2\nsouth,3\n"
    drafts = [draft_table(name, {"branch_id": ["a", "b"], "n": ["1", "2"]}) for name in ("first", "second")]
    schemas = [draft_schema(draft, drafts) for draft in drafts]
    assert ["foreignKeys" in schema for schema in schemas] == [False, True]
    assert "foreignKeys" not in schema_of(same.replace("branch_id", "id"), BRANCHES.replace("branch_id", "id"))
    assert "foreignKeys" not in schema_of("id,n\nnorth,1\n" * 1 + "quay,2\n", BRANCHES.replace("branch_id", "id"))


def test_a_column_refers_to_the_first_table_that_it_fits() -> None:
    """Where the keys of two tables fit, the column refers to one of them, the first."""
    keys = schema_of("n,branch_id\n1,north\n2,\n", BRANCHES, BRANCHES)["foreignKeys"]
    assert [key["reference"]["resource"] for key in keys] == ["t1"]


def test_what_refers_to_another_table_has_its_constraints_there() -> None:
    """A foreign key is neither a list of codes nor unique nor a count, whatever its cells are."""
    link = "n,branch_id\n1,north\n2,north\n3,south\n4,south\n"
    assert "categories" in field(link, "branch_id")
    assert field(link, "branch_id", BRANCHES) == {
        "name": "branch_id", "type": "string", "constraints": {"required": True},
    }  # fmt: skip
    numbers = "n,number_of\na,1\nb,2\nc,1\n"
    assert field(numbers, "number_of")["constraints"]["minimum"] == 0
    assert "minimum" not in field(numbers, "number_of", "number_of,name\n1,a\n2,b\n")["constraints"]
    ten = "n,branch_id\n" + "".join(f"{n},b{n}\n" for n in range(10))
    assert field(ten, "branch_id")["constraints"]["unique"] is True
    others = "branch_id,name\n" + "".join(f"b{n},x\n" for n in range(12))
    assert "unique" not in field(ten, "branch_id", others)["constraints"]


def test_types_of_a_foreign_key_agree() -> None:
    """A column that holds the same digits as text, for one cell of it is no number, refers to nothing."""
    assert "foreignKeys" not in schema_of("n,code_id\nx,1\ny,2\n", "code_id,name\n1,a\n2,b\n007,c\n")


def test_clean_is_said_where_it_is_true() -> None:
    """A table promises clean text if every cell of it is clean."""
    assert schema_of("a\nx\ny\n")["scrdata:text"] == "clean"
    for cell in ("x ", "=x", "a\u00a0b", "e\u0301"):
        assert "scrdata:text" not in schema_of(f"a\nx\n{cell}\n")


def test_package_is_valid_and_complete(tmp_path: Path) -> None:
    """Descriptor, schemas and rule table are written, say of every file what it is, and are valid without a warning."""
    folder = make(tmp_path / "My Town", {**TOWN, "data/readme.txt": "x", ".hidden.csv": "broken", ".git/x.csv": '"'})
    made = scrdata.init_package(folder)
    report = scrdata.validate(folder)
    assert (report.valid, report.errors) == (True, 0)
    assert made.name == "my_town"
    assert made.files == (
        *("schemas/branches.json", "schemas/loans.json", "schemas/rules.json", "data/rules.csv", "datapackage.json"),
    )
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (descriptor["name"], descriptor["scrdata:rules"]) == ("my_town", "rules")
    data = TOWN["data/loans.csv"].encode()
    assert descriptor["resources"][1] == {
        "name": "loans",
        "type": "table",
        "path": "data/loans.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": "schemas/loans.json",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "scrdata:rows": 4,
    }
    assert (folder / "data/rules.csv").read_text(encoding="utf-8") == "rule_id,equation,statement,basis,locators\n"
    schema = json.loads((folder / "schemas/branches.json").read_text(encoding="utf-8"))
    assert [item["type"] for item in schema["fields"]] == ["string", "string", "date", "boolean"]
    assert schema["missingValues"] == [""]


def test_files_of_data_are_left_as_they_are(tmp_path: Path) -> None:
    """No file that was there changes, and nothing else than what is named appears."""
    folder = make(tmp_path, {**TOWN, "notes.txt": "x"})
    before = everything(folder)
    made = scrdata.init_package(folder)
    after = everything(folder)
    assert {file: after[file] for file in before} == before
    assert after.keys() - before.keys() == set(made.files)


def test_two_makings_are_alike(tmp_path: Path) -> None:
    """The same files in folders of the same name give the same package, byte for byte."""
    folders = [make(tmp_path / part / "town", TOWN) for part in ("one", "two")]
    for folder in folders:
        scrdata.init_package(folder)
    assert everything(folders[0]) == everything(folders[1])


def test_values_are_read_as_proposed(tmp_path: Path) -> None:
    """What the package holds is what the files say: dates, flags, numbers, texts, and missing cells."""
    folder = make(tmp_path, TOWN)
    scrdata.init_package(folder)
    package = scrdata.open_package(folder)
    assert package.total("loans[kind=book].loans") == 910
    assert package.total("loans[branch_id.open=true]") == 2
    assert package.total('branches[opened=""]') == 1


def test_tabs_are_declared(tmp_path: Path) -> None:
    """A `.tsv` file is read with tabs, and its descriptor says so; commas in it are text."""
    folder = make(tmp_path, {"kinds.tsv": "kind\tnote\nbook\ta, b\nfilm\tc\n"})
    scrdata.init_package(folder)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["resources"][0]["dialect"] == {"delimiter": "\t"}
    assert scrdata.open_package(folder).total('kinds[note="a, b"]') == 1
    assert scrdata.validate(folder).valid


def test_other_delimiters_are_not_guessed(tmp_path: Path) -> None:
    """A `.csv` file with semicolons is one column, as it says; nothing is sniffed."""
    folder = make(tmp_path, {"kinds.csv": "kind;n\nbook;1\nfilm;2\n"})
    assert scrdata.init_package(folder).tables[0].columns == ("kind;n (string)",)


def test_names_of_files_become_names_of_tables(tmp_path: Path) -> None:
    """File names are made into names that the notation can write, no two alike; `rules` is kept for the rules."""
    paths = ("A b.csv", "a/a-b.csv", "a/a_b.CSV", "é.csv", "本.csv", "x/rules.csv", "2010.csv")
    folder = make(tmp_path, dict.fromkeys(paths, "a\n1\n2\n"))
    made = scrdata.init_package(folder)
    names = {table.file: table.name for table in made.tables}
    assert names == {
        "A b.csv": "a_b", "a/a-b.csv": "a-b", "a/a_b.CSV": "a_b_2", "x/rules.csv": "rules_2", "é.csv": "e",
        "本.csv": "table", "2010.csv": "table_2010",
    }  # fmt: skip
    assert scrdata.validate(folder).valid


@pytest.mark.parametrize(
    ("folder", "given_name", "name"),
    [("My Town", None, "my_town"), ("本", None, "package"), ("x", "town-1.0", "town-1.0"), (".", None, None)],
)
def test_name_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, given_name: str | None, name: str | None
) -> None:
    """The package is called like its folder, or as is said."""
    make(tmp_path / folder, TOWN)
    monkeypatch.chdir(tmp_path)
    made = scrdata.init_package(folder, given_name)
    assert made.name == (name or scaffolding.name_from(tmp_path.name))


@pytest.mark.parametrize("name", ["", "Town", "a b", "-x", "a/b", "é", "a\n"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """A name that a Data Package cannot have is an error, and nothing is written."""
    folder = make(tmp_path, TOWN)
    before = everything(folder)
    with pytest.raises(ScrdataError, match="is no name for a package"):
        scrdata.init_package(folder, name)
    assert everything(folder) == before


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "t.csv, line 1: the file is empty"),
    "byte order mark": (b"\xef\xbb\xbfa\n1\n", "t.csv, line 1: the file starts with a UTF-8 byte order mark"),
    "not UTF-8": (b"a\n1\n\xff\n", "t.csv, line 3: the byte 0xff is not UTF-8"),
    "ragged": ("a,b\n1,2\n3\n", "t.csv, line 3: the row has 1 cells, the header 2"),
    "blank line": ("a\n1\n\n2\n", "t.csv, line 3: the line is blank"),
    "mixed ends": ("a\r\n1\n", "t.csv, line 2: this line does not end as the first one, or with CR alone"),
    "NUL": ("a\n\0\n", "t.csv, line 2: the file holds a NUL character"),
    "quote": ('a\n"1\n', "t.csv, line 2: a quotation mark opens this cell, and none closes it"),
    "header twice": ("a,b,a\n1,2,3\n", "t.csv, line 1: the header names 'a' twice"),
    "nameless": ("a,,b\n1,2,3\n", "t.csv, line 1: the header names a column ''"),
    "control": ("a,\x1b[2J\n1,2\n", "t.csv, line 1: the header names a column '\\x1b[2J'"),
    "huge header": (",".join(map(str, range(100_000))) + "\n", "t.csv, line 1: the header has more than 16,384"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_read_strictly_stops_everything(tmp_path: Path, case: str) -> None:
    """A broken file is named with its line and what is wrong, and nothing is written."""
    content, message = BROKEN[case]
    folder = make(tmp_path, {**TOWN, "t.csv": content})
    before = everything(folder)
    with pytest.raises(ScrdataError) as caught:
        scrdata.init_package(folder)
    assert str(caught.value).startswith(message)
    assert everything(folder) == before


def test_a_header_alone_is_a_table(tmp_path: Path) -> None:
    """A file with a header and no row makes a valid table of text columns, without key."""
    folder = make(tmp_path, {"t.csv": "a,b\n"})
    made = scrdata.init_package(folder)
    assert (made.tables[0].rows, made.tables[0].columns) == (0, ("a (string)", "b (string)"))
    assert scrdata.validate(folder).valid


def test_a_huge_header_is_a_table(tmp_path: Path) -> None:
    """A header of ten thousand columns ends in a valid package."""
    folder = make(tmp_path, {"t.csv": ",".join(f"c{n}" for n in range(10_000)) + "\n"})
    assert len(scrdata.init_package(folder).tables[0].columns) == 10_000
    assert scrdata.validate(folder).valid


@pytest.mark.parametrize("file", ["datapackage.json", "data/rules.csv", "schemas/loans.json", "schemas/rules.json"])
def test_nothing_is_overwritten(tmp_path: Path, file: str) -> None:
    """A file that is in the way is named, and nothing is written."""
    folder = make(tmp_path, {**TOWN, file: "mine\n"})
    before = everything(folder)
    with pytest.raises(ScrdataError, match="exists already; nothing was written"):
        scrdata.init_package(folder)
    assert everything(folder) == before


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    """Neither a dangling link of the name of a file nor a link of the name of the folder of schemas is written to."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name, target in (("datapackage.json", tmp_path / "nothing"), ("schemas", elsewhere)):
        folder = make(tmp_path / f"town {name}", TOWN)
        (folder / name).symlink_to(target)
        with pytest.raises(ScrdataError, match="nothing was written"):
            scrdata.init_package(folder)
    assert os.listdir(elsewhere) == []
    assert not (tmp_path / "nothing").exists()


def test_links_are_passed_over(tmp_path: Path) -> None:
    """Symbolic links to files and folders are no tables, and are named."""
    outside = make(tmp_path / "outside", {"secret.csv": "a\n1\n"})
    folder = make(tmp_path / "town", TOWN)
    (folder / "link.csv").symlink_to(outside / "secret.csv")
    (folder / "more").symlink_to(outside)
    made = scrdata.init_package(folder)
    assert [table.name for table in made.tables] == ["branches", "loans"]
    assert made.notes == ("passed over, a symbolic link: link.csv", "passed over, a symbolic link: more")


def test_what_is_no_regular_file_is_passed_over(tmp_path: Path) -> None:
    """A pipe of the name of a table is never opened, and is named."""
    folder = make(tmp_path, TOWN)
    os.mkfifo(folder / "pipe.csv")
    assert scrdata.init_package(folder).notes == ("passed over, not a regular file: pipe.csv",)


def test_a_file_in_the_place_of_a_folder_is_in_the_way(tmp_path: Path) -> None:
    """A file called like the folder of the schemas is named, and nothing is written."""
    folder = make(tmp_path, {**TOWN, "schemas": "mine\n"})
    before = everything(folder)
    with pytest.raises(ScrdataError, match="schemas is no folder, or a link to one; nothing was written"):
        scrdata.init_package(folder)
    assert everything(folder) == before


@pytest.mark.parametrize("name", ["a\\b.csv", "a:b.csv", "a\x07b.csv"])
def test_names_that_no_portable_path_has_are_refused(tmp_path: Path, name: str) -> None:
    """A file whose path a descriptor cannot state is named with its characters escaped; nothing is written."""
    folder = make(tmp_path, {**TOWN, name: "a\n1\n"})
    before = everything(folder)
    with pytest.raises(ScrdataError, match="nothing was written") as caught:
        scrdata.init_package(folder)
    assert str(caught.value).isprintable()
    assert everything(folder) == before


@pytest.mark.parametrize("kind", ["nothing", "file", "nul"])
def test_what_is_no_folder_is_refused(tmp_path: Path, kind: str) -> None:
    """A place that does not exist, is a file or cannot be a path is an error of the caller."""
    make(tmp_path, {"file": "x"})
    place = str(tmp_path / kind) + ("\0" if kind == "nul" else "")
    with pytest.raises(ScrdataError, match="is no folder"):
        scrdata.init_package(place)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """Where there is no table, there is no package."""
    make(tmp_path, {"notes.txt": "x", ".hidden.csv": "a\n"})
    with pytest.raises(ScrdataError, match=r"holds no \.csv or \.tsv file"):
        scrdata.init_package(tmp_path)


def test_a_folder_that_cannot_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without permission to read is an error that says so."""

    def refuse(_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(ScrdataError, match="cannot be read: Permission denied"):
        scrdata.init_package(tmp_path)


@pytest.mark.parametrize("position", range(5))
def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, position: int) -> None:
    """On a read-only folder or a full disk, whichever file fails, everything is as before."""
    folder = make(tmp_path, TOWN)
    before, folders = everything(folder), sorted(path for path in folder.rglob("*") if path.is_dir())
    write: Callable[[str, bytes], None] = scaffolding.write_file
    written: list[str] = []

    def fail(path: str, data: bytes) -> None:
        if len(written) == position:
            raise OSError(30, "Read-only file system")
        write(path, data)
        written.append(path)

    monkeypatch.setattr(scaffolding, "write_file", fail)
    with pytest.raises(ScrdataError, match="cannot be written to: Read-only file system"):
        scrdata.init_package(folder)
    assert len(written) == position
    assert everything(folder) == before
    assert sorted(path for path in folder.rglob("*") if path.is_dir()) == folders


def test_descriptor_is_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever finds a descriptor finds all that it names."""
    folder = make(tmp_path, TOWN)
    write: Callable[[str, bytes], None] = scaffolding.write_file
    there: list[bool] = []

    def watch(path: str, data: bytes) -> None:
        write(path, data)
        there.append((folder / "datapackage.json").exists())

    monkeypatch.setattr(scaffolding, "write_file", watch)
    scrdata.init_package(folder)
    assert there == [False] * 4 + [True]


def test_too_deep_and_too_many_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders within folders, and files, are searched up to a limit."""
    make(tmp_path / "deep", {"/".join(["d"] * 20) + "/t.csv": "a\n1\n"})
    with pytest.raises(ScrdataError, match="lies deeper than 16 folders"):
        scrdata.init_package(tmp_path / "deep")
    monkeypatch.setattr(scaffolding, "MOST_FILES", 1)
    with pytest.raises(ScrdataError, match="there are 2 files, more than 1"):
        scrdata.init_package(make(tmp_path / "many", TOWN))


NUMBERS = ("0", "007", "-3", "1.5", "1e5", "NaN")
CELLS = st.sampled_from(["", "x", "y", *NUMBERS, "true", "2010-03-31", "2010-02-30", " x", "=1+1", 'say "a, b"', "é"])


@given(data=st.data())
def test_whatever_is_read_strictly_becomes_a_valid_package(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any tables of texts make a package that is valid at once, in which every cell is found again."""
    folder = tmp_path_factory.mktemp("any")
    for name in data.draw(st.sets(st.sampled_from(["a", "b", "B c"]), min_size=1)):
        header = data.draw(st.lists(st.sampled_from(["id", "a_id", "n", "no. of", "é"]), min_size=1, unique=True))
        row = st.tuples(*(CELLS for _ in header))
        rows = data.draw(st.lists(row, max_size=12))
        make(folder, {f"{name}.csv": csv_text(tuple(header), *rows)})
    scrdata.init_package(folder)
    report = scrdata.validate(folder)
    assert report.errors == 0, report.findings
    assert report.valid


def test_an_unforeseen_proposal_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a proposal ever be wrong of the data, the validator says so before anything is written."""
    folder = make(tmp_path, TOWN)
    before = everything(folder)
    wrong = {"fields": [{"name": name, "type": "integer"} for name in ("branch_id", "name", "opened", "open")]}
    monkeypatch.setattr(scaffolding, "draft_schema", lambda *_: wrong)
    with pytest.raises(ScrdataError, match=r"data/branches\.csv, line 2.*nothing was written"):
        scrdata.init_package(folder)
    assert everything(folder) == before
