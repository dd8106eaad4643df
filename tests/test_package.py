"""An opened package: what it answers, what it refuses to answer, and where it is found."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata import crosscheck, questions
from scrdata.package import Package, find_package, shipped_location
from scrdata.storage import Folder

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import PackageFolder

SHIPPED = Package()


def zipped(package: PackageFolder, place: Path, top: str = "") -> Path:
    """Write the files of a package into a zip archive."""
    with zipfile.ZipFile(place, "w") as archive:
        for path in sorted(package.folder.rglob("*.*")):
            archive.write(path, top + path.relative_to(package.folder).as_posix())
    return place


def test_tables_are_listed_in_order(small_package: PackageFolder) -> None:
    """Tables are listed in the order of the descriptor, each with title, description and number of rows."""
    small_package.edit("datapackage.json", "resources", 1, "title", to="Loans")
    small_package.edit("datapackage.json", "resources", 1, "description", to="Items lent.")
    tables = Package(small_package).tables()
    assert [table.name for table in tables] == ["branches", "loans", "rules", "discrepancies"]
    assert (tables[1].title, tables[1].description, tables[1].rows) == ("Loans", "Items lent.", 6)


def test_plain_files_are_no_tables(small_package: PackageFolder) -> None:
    """A resource that is not tabular is no table."""
    small_package.write("notes.txt", "nothing\n")
    small_package.edit("datapackage.json", "resources", 4, to={"name": "notes", "path": "notes.txt"})
    package = Package(small_package)
    assert package.validate().valid
    assert "notes" not in [table.name for table in package.tables()]


@pytest.mark.parametrize("form", ["folder", "descriptor", "zip", "zip with a top folder"])
def test_package_opens_from_every_form(small_package: PackageFolder, tmp_path: Path, form: str) -> None:
    """A folder, a descriptor, and a zip archive with or without a top folder hold the same package."""
    location = {
        "folder": lambda: small_package.folder,
        "descriptor": lambda: small_package.folder / "datapackage.json",
        "zip": lambda: zipped(small_package, tmp_path / "small.zip"),
        "zip with a top folder": lambda: zipped(small_package, tmp_path / "top.zip", "small-1.0/"),
    }[form]()
    package = scrdata.open_package(location)
    report = package.validate()
    assert report.valid
    assert report.checked == Package(small_package).validate().checked
    assert (package.location, report.package) == (str(location), str(location))
    assert package.version == "1.0.0"
    assert repr(package) == f"<scrdata.Package {location}>"
    assert package.load("loans").equals(Package(small_package).load("loans"))
    assert package.total("loans[kind=adult].loans") == 63


@pytest.mark.parametrize("name", ["nowhere", "empty", "text.csv", "nothing.zip"])
def test_what_is_no_package_cannot_be_opened(tmp_path: Path, name: str) -> None:
    """A place without a package is refused when it is opened, with its name in the text."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.csv").write_text("a,b\n", encoding="utf-8")
    (tmp_path / "nothing.zip").write_bytes(b"")
    with pytest.raises(scrdata.PackageError, match=name):
        Package(tmp_path / name)


@pytest.mark.parametrize(("given", "near"), [("loan", "loans"), ("Branches", "branches"), ("rule", "rules")])
def test_unknown_table_names_the_nearest(small_package: PackageFolder, given: str, near: str) -> None:
    """A table that does not exist is a `KeyError` whose text names the nearest one that does."""
    package = Package(small_package)
    for ask in (package.table, package.load, package.schema):
        with pytest.raises(scrdata.UnknownNameError, match=f"'{given}'; did you mean '{near}'") as caught:
            ask(given)
        assert isinstance(caught.value, KeyError)


def test_unknown_table_without_a_near_one(small_package: PackageFolder) -> None:
    """Where no name is near, the text names all tables."""
    with pytest.raises(scrdata.UnknownNameError, match="known: branches, loans, rules, discrepancies"):
        Package(small_package).table("xyz")


def test_unknown_table_is_unknown_in_an_invalid_package_too(small_package: PackageFolder) -> None:
    """A name that does not exist is called unknown, also where some other table of the package has findings."""
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,x")
    small_package.repair()
    with pytest.raises(scrdata.UnknownNameError, match="branches"):
        Package(small_package).table("branchs")


def test_unknown_backend_is_refused(small_package: PackageFolder) -> None:
    """A kind of DataFrame that does not exist is refused by name."""
    with pytest.raises(scrdata.UnknownNameError, match="did you mean 'polars'"):
        Package(small_package).load("loans", backend="polar")  # type: ignore[call-overload]


def test_altered_table_is_refused(small_package: PackageFolder) -> None:
    """A table whose bytes are not those that the descriptor describes is not handed out in any way."""
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    package = Package(small_package)
    for ask in (package.table, package.load, package.schema, lambda name: package.total(f"{name}.loans")):
        with pytest.raises(scrdata.InvalidPackageError, match=r"'loans' cannot be used.*data/loans\.csv"):
            ask("loans")


def test_spoilt_table_is_refused_and_the_others_are_not(small_package: PackageFolder) -> None:
    """A table with a wrong cell is refused with its place; the tables beside it can be used."""
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,x")
    small_package.repair()
    package = Package(small_package)
    with pytest.raises(scrdata.InvalidPackageError, match=r"data/loans\.csv, line 2, column loans"):
        package.load("loans")
    assert len(package.load("branches")) == len(package.table("branches"))
    assert package.total("branches") == 3
    with pytest.raises(scrdata.InvalidPackageError):
        package.tables()


def test_duplicate_key_is_refused(small_package: PackageFolder) -> None:
    """A table in which two rows share a key is not handed out."""
    small_package.spoil("data/branches.csv", "south,South", "north,South")
    small_package.repair()
    with pytest.raises(scrdata.InvalidPackageError, match="line 3"):
        Package(small_package).load("branches")


@pytest.mark.parametrize("cells", ["a  b", "x"], ids=["many warnings", "many errors"])
def test_cap_never_lets_a_spoilt_table_through(small_package: PackageFolder, cells: str) -> None:
    """A table with a finding that is no longer listed, since others came first, is refused all the same."""
    field = {"type": "integer" if cells == "x" else "string"}
    position = small_package.add_column(field, *[cells] * (scrdata.Limits().findings + 1))
    descriptor = small_package.json()
    descriptor["resources"].insert(0, descriptor["resources"].pop(position))
    small_package.write("datapackage.json", descriptor)
    small_package.spoil("data/branches.csv", "south,South", "north,South")
    small_package.repair()
    with pytest.raises(scrdata.InvalidPackageError, match="'branches' cannot be used"):
        Package(small_package).load("branches")


def test_failing_rules_leave_the_tables_usable(small_package: PackageFolder) -> None:
    """Rules speak about numbers, not about types: a table whose rules fail can still be loaded and totalled."""
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    small_package.repair()
    package = Package(small_package)
    assert not package.validate().valid
    assert package.load("loans")["loans"].sum() == package.total("loans.loans")


@pytest.mark.parametrize(
    ("reference", "total"),
    [
        ("loans", 6),
        ("loans.loans", 94),
        ("loans[branch_id=north,kind=adult].loans", 30),
        ("loans[kind=adult].visits", 785),
        ("loans.visits", None),
        ("loans[branch_id.parent_id=north]", 2),
        ("branches[opened>=1960-01-01]", 1),
        ('branches[opened=""]', 1),
        ("loans[kind=*].loans", {"adult": 63, "child": 31}),
        ("branches[branch_id=*]", {"north": 1, "quay": 1, "south": 1}),
        ("loans[kind=*].visits", {"adult": 785, "child": None}),
        (
            "loans[kind=*,branch_id=*].loans",
            {
                ("north", "adult"): 30,
                ("north", "child"): 12,
                ("quay", "adult"): 8,
                ("quay", "child"): 4,
                ("south", "adult"): 25,
                ("south", "child"): 15,
            },
        ),
    ],
)
def test_totals(small_package: PackageFolder, reference: str, total: object) -> None:
    """A total is a number, `None` where a cell is missing, or a sorted mapping where a column is starred."""
    answer = Package(small_package).total(reference)
    assert answer == total
    if isinstance(answer, dict):
        assert list(answer) == sorted(answer)


@pytest.mark.parametrize(
    ("reference", "position"),
    [("loan", 0), ("loans[", 6), ("loans[kind=senior]", 11), ("loans.kind", 6), ("loans.loans = 94", 12)],
)
def test_unreadable_reference_points_at_the_character(
    small_package: PackageFolder, reference: str, position: int
) -> None:
    """A reference that cannot be read, or names what does not exist, is an error at its first wrong character."""
    with pytest.raises(scrdata.NotationError) as caught:
        Package(small_package).total(reference)
    assert caught.value.position == position


def test_total_without_a_number_is_an_error_of_ours(small_package: PackageFolder) -> None:
    """A total over a cell that is NaN has no number; that is said by an error which callers can expect."""
    small_package.add_column({"type": "number"}, "1.5", "NaN")
    with pytest.raises(scrdata.ScrdataError, match="NaN"):
        Package(small_package).total("cells.cell")


def test_opening_reads_no_table(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a package reads nothing; several questions are then answered from one reading."""
    reads: list[str] = []
    read = Folder.read
    monkeypatch.setattr(Folder, "read", lambda self, path: (reads.append(path), read(self, path))[1])
    package = Package(small_package)
    assert reads == []
    package.tables()
    package.load("loans")
    package.total("branches")
    assert len(reads) == len(set(reads)) == sum(1 for path in small_package.folder.rglob("*.*"))


def test_validate_judges_what_stands_there_now(small_package: PackageFolder) -> None:
    """A package that was read before is judged by its files of this moment."""
    package = Package(small_package)
    assert package.total("loans.loans") == 94
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    assert not package.validate().valid


def test_archive_can_be_judged_again_and_again(small_package: PackageFolder, tmp_path: Path) -> None:
    """The limit on what an archive may unpack to holds for one reading: a second one has the same verdict."""
    size = sum(path.stat().st_size for path in small_package.folder.rglob("*.*"))
    limits = scrdata.Limits(archive_size=2 * size)
    package = Package(zipped(small_package, tmp_path / "small.zip"), limits=limits)
    assert [package.validate().valid for _ in range(4)] == [True] * 4


def test_cross_check_is_asked_only_about_accepted_packages(
    small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other validators are asked when they are wanted and the package is valid, never about an invalid one."""
    asked: list[str] = []
    monkeypatch.setattr(crosscheck, "cross_check", lambda package, report: (asked.append(package.location), report)[1])
    package = Package(small_package)
    assert package.validate().valid
    assert asked == []
    assert package.validate(cross_check=True).valid
    assert asked == [str(small_package.folder)]
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    assert not package.validate(cross_check=True).valid
    assert len(asked) == 1


def test_shipped_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a location and without a `datapackage.json` in the current folder, the shipped package is meant."""
    monkeypatch.chdir(tmp_path)
    assert find_package().location == shipped_location() == SHIPPED.location
    assert SHIPPED.version == scrdata.__version__


def test_package_of_the_current_folder_is_found(small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a location, the `datapackage.json` of the current folder is meant, also one that cannot be read."""
    monkeypatch.chdir(small_package.folder)
    assert find_package().location == "datapackage.json"
    assert find_package().version == "1.0.0"
    (small_package.folder / "datapackage.json").unlink()
    (small_package.folder / "datapackage.json").symlink_to("nowhere.json")
    assert not find_package().validate().valid


def test_given_location_is_taken(small_package: PackageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A location that is given is taken, whatever the current folder holds."""
    other = tmp_path / "other"
    shutil.copytree(small_package.folder, other)
    monkeypatch.chdir(small_package.folder)
    assert find_package(str(other)).location == str(other)


def test_functions_and_methods_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions of `scrdata` answer as the methods of the shipped package do, and open it once."""
    opened: list[object] = []
    monkeypatch.setattr(questions, "_shipped", None)
    monkeypatch.setattr(questions, "Package", lambda: (opened.append(None), SHIPPED)[1])
    assert scrdata.tables() == SHIPPED.tables()
    assert scrdata.load("judgements").equals(SHIPPED.load("judgements"))
    assert scrdata.total("reviews") == SHIPPED.total("reviews")
    assert repr(scrdata.schema("judgements")) == repr(SHIPPED.schema("judgements"))
    assert opened == [None]
    assert scrdata.validate() == SHIPPED.validate()
