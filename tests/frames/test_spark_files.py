"""Files that go through Spark are judged as the strict reader judges them: down to the last line."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import scrdata
from scrdata.frames import checking, spark_files
from scrdata.opening import open_storage
from tests.conftest import call, quoted
from tests.engine_frames import IN_A_HURRY

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import PackageFolder

    from scrdata import Report

BRANCHES, LOANS = "data/branches.csv", "data/loans.csv"
# What is done to the small package: as many faults at once as do not hide each other, since a query of Spark takes
# long even over a few rows.
FAULTS = (
    ((LOANS, "adult,30", "adult,3O"), (BRANCHES, "1962-11-05", "0000-11-05"), (BRANCHES, "South", '"So\nuth"')),
    ((LOANS, "north,adult,30", "north,adult,31"), (LOANS, "quay,child", "key,child")),
    ((LOANS, "north,child", "north,adult"), (BRANCHES, "south,So", "south-,So")),
    ((LOANS, "quay,child,4", 'quay,child,""'), (LOANS, "south,child", "south,teen")),
    ((LOANS, "400,loans.loans", "400"), (BRANCHES, "quay,", "quay\r,")),
)


def judge_files(package: PackageFolder) -> Report:
    """Judge a package whose files all go through Spark, however small they are."""
    return checking.judge_files(open_storage(str(package.folder)), list, 0, engine="spark")


def assert_judged_alike(package: PackageFolder) -> Report:
    """Assert that the whole report of Spark is that of the strict reader; return it."""
    strict = scrdata.validate(package)
    assert judge_files(package).to_dict() == strict.to_dict()
    return strict


@pytest.mark.slow
class TestSpark:
    """With one session for all."""

    @pytest.mark.parametrize("faults", FAULTS)
    def test_spark_judges_files_as_the_strict_reader(
        self,
        small_package: PackageFolder,
        spark: Any,  # noqa: ANN401, ARG002
        faults: tuple[tuple[str, str, str], ...],
    ) -> None:
        """Each fault in a file gives the same report whether or not the file goes through Spark."""
        for fault in faults:
            small_package.spoil(*fault)
        small_package.repair()
        assert not assert_judged_alike(small_package).valid

    def test_rows_are_numbered_across_parts(self, small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401
        """A file that Spark reads in several parts at once has its rows numbered through, and its lines known."""
        small_package.add_column({"type": "string"}, *(f"cell {row}" for row in range(1, 2_001)), "two  spaces")
        small_package.edit("datapackage.json", "resources", -1, "scrdata:text", to="clean")
        before = spark.conf.get("spark.sql.files.maxPartitionBytes")
        bytes_of_a_part = len(small_package.read("data/cells.csv")) // 5
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(spark_files.SETTINGS, "spark.sql.files.maxPartitionBytes", str(bytes_of_a_part))
            report = assert_judged_alike(small_package)
        assert [(finding.row, finding.line) for finding in report.findings] == [(2_001, 2_002)]
        assert spark.conf.get("spark.sql.files.maxPartitionBytes") == before

    def test_every_type_is_read(self, small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401, ARG002
        """Cells of every type, well spelt, oddly spelt and wrong, are what they are to the strict reader."""
        longest = max(map(len, CELLS.values()))
        fields = [{"name": kind, "type": kind.partition("-")[0], **OPTIONS.get(kind, {})} for kind in CELLS]
        columns = [[kind, *cells, *[""] * (longest - len(cells))] for kind, cells in CELLS.items()]
        text = "".join(",".join(map(quoted, row)) + "\n" for row in zip(*columns, strict=True))
        small_package.write("data/types.csv", text)
        resource = {"name": "types", "type": "table", "path": "data/types.csv"}
        schema = {"fields": fields, "missingValues": ["", "n/a"]}
        small_package.edit("datapackage.json", "resources", 4, to={**resource, "schema": schema})
        assert {finding.column for finding in assert_judged_alike(small_package).findings} >= CELLS.keys() - {"string"}

    def test_names_that_mean_something_to_spark(self, small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401, ARG002
        """Columns whose names differ by case, and files whose names hold wildcards, are called so and no more."""
        assert [finding.column for finding in self.judge_names(small_package, "o[d]{d}.csv", "ab", "aB").findings] == [
            "aB"
        ]
        for file, column, found in (("odd.csv", "a.b", "'a.b' holds a dot"), ("_odd.csv", "ab", "data/_odd.csv")):
            report = self.judge_names(small_package, file, column, "aB")
            assert [item.check for item in report.not_checked] == ["table odd"]
            assert found in report.not_checked[0].reason

    def judge_names(self, package: PackageFolder, file: str, first: str, second: str) -> Report:
        """Judge a package with a table of two columns, the second of which has a cell that is too large."""
        fields = [{"name": name, "type": "integer", "constraints": {"maximum": 4}} for name in (first, second)]
        resource = {"name": "odd", "type": "table", "path": f"data/{file}", "schema": {"fields": fields}}
        package.write(f"data/{file}", f"{first},{second}\n1,2\n3,5\n")
        resources = [*package.json()["resources"][:4], resource]
        package.edit("datapackage.json", "resources", to=resources)
        return judge_files(package)

    def test_ends_of_paths_are_found(self, small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401, ARG002
        """A rule whose condition stands in the table that is referred to holds in Spark as elsewhere."""
        rules = small_package.read("data/rules.csv").decode()
        stated = '"loans[branch_id.parent_id=south].loans = 12","The quay lends 12 items."'
        small_package.write("data/rules.csv", f"{rules}the_quay_lends_12,{stated}\n")
        small_package.repair()
        assert assert_judged_alike(small_package).valid

    def test_rows_of_white_space_are_rows(self, small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401, ARG002
        """A row of tabs alone has missing cells; Spark would leave it out, line by line."""
        fields = [{"name": name, "type": "string"} for name in ("left", "right")]
        resource = {"name": "tabs", "type": "table", "path": "data/tabs.csv", "schema": {"fields": fields}}
        small_package.write("data/tabs.csv", "left\tright\na\tb\n\t\nc\td\n")
        small_package.edit("datapackage.json", "resources", 4, to={**resource, "dialect": {"delimiter": "\t"}})
        assert assert_judged_alike(small_package).valid

    def test_session_of_the_caller_stays(self, small_package: PackageFolder, spark: Any) -> None:  # noqa: ANN401
        """An active session is used and neither stopped nor changed, and nothing of a verdict stays in its storage."""
        zone = spark.conf.get("spark.sql.session.timeZone")
        held = len(spark.sparkContext._jsc.getPersistentRDDs())
        assert judge_files(small_package).valid
        assert spark.range(3).count() == 3
        assert spark.conf.get("spark.sql.session.timeZone") == zone
        assert len(spark.sparkContext._jsc.getPersistentRDDs()) == held


CELLS = {
    "integer": ("7", "007", "+7", "-0", "n/a", "", "seven"),
    "number": ("1.5", "1.50", "1e3", "INF", "-INF", "NaN", ".5", "n/a", "1,5"),
    "boolean": ("true", "TRUE", "1", "0", "yes", "n/a"),
    "boolean-words": ("yes", "no", "true", "n/a"),
    "date": ("2010-03-31", "2010-3-31", "0000-01-01", "0001-01-01", "9999-12-31", "2010-02-30", "n/a", "1500-02-29"),
    "date-words": ("31.03.2010", "1.4.2010", "30.02.2010", "n/a"),
    "datetime": ("2010-03-31T10:00:00", "2010-03-31T24:00:00", "2010-03-31", "2010-03-31T10:00:00.5", "n/a"),
    "datetime-zone": ("2010-03-31T10:00:00Z", "2010-03-31T10:00:00+01:00", "2010-03-31T10:00:00+24:00"),
    "year": ("2010", "0000", "10000", "-5", "n/a"),
    "string": ("a", " a", "a\tb", '"', "n/a", "", "\u00e9", "e\u0301"),
    "time": ("10:00:00", "25:00:00", "n/a"),
}
OPTIONS: dict[str, dict[str, object]] = {
    "boolean-words": {"trueValues": ["yes"], "falseValues": ["no"]},
    "date-words": {"format": "%d.%m.%Y"},
}


def run_alone(program: str, package: PackageFolder, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with every file taken for a large one."""
    return subprocess.run(
        [sys.executable, "-c", program, "validate", "--engine", "spark", str(package.folder)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


ALL_LARGE = """\
import functools, sys
from scrdata.cli import main
from scrdata.frames import checking, files
checking.judge_files.__defaults__ = (0,)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_command_starts_spark_and_prints_only_the_report(small_package: PackageFolder, tmp_path: Path) -> None:
    """A session is started as `spark-defaults.conf` says, without its pages; neither stream holds a word of Spark."""
    pytest.importorskip("pyspark")
    settings = {
        **IN_A_HURRY,
        "spark.master": "local[1]",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": f"file://{tmp_path}/log",
    }
    (tmp_path / "log").mkdir()
    (tmp_path / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    small_package.spoil(LOANS, "north,adult,30", "north,adult,31")
    small_package.repair()
    done = run_alone(ALL_LARGE, small_package, SPARK_CONF_DIR=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == call("validate", str(small_package.folder))
    assert done.returncode == 1
    told = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "log").rglob("*") if file.is_file())
    assert '"spark.master":"local[1]"' in told
    assert '"spark.ui.enabled":"false"' in told


def test_command_without_java_says_what_to_install(small_package: PackageFolder, tmp_path: Path) -> None:
    """Without Java there is one sentence that says what is needed, and exit code 2."""
    pytest.importorskip("pyspark")
    for program in ("bash", "dirname", "ps", "env"):
        found = next(f"{part}/{program}" for part in ("/bin", "/usr/bin") if os.path.exists(f"{part}/{program}"))
        (tmp_path / program).symlink_to(found)
    done = run_alone(ALL_LARGE, small_package, PATH=str(tmp_path), JAVA_HOME="")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Spark did not start" in done.stderr
    assert "Java 17 or newer" in done.stderr


def test_command_without_pyspark_says_what_to_install(
    small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without pyspark there is one sentence that names what to install, and exit code 2."""
    for module in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert scrdata.cli.main(["validate", "--engine", "spark", str(small_package.folder)]) == 2
    what = "pyspark is not installed; `pip install scrdata[spark]` installs it"
    assert capsys.readouterr() == ("", f"scrdata validate: {what}\n")


def test_unknown_engine_is_refused(small_package: PackageFolder) -> None:
    """An engine that does not exist is named, with the nearest that does."""
    with pytest.raises(scrdata.UnknownNameError, match="did you mean 'spark'"):
        scrdata.validate(small_package, engine="sparc")
