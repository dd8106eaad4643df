"""What holds for every format of `scrdata validate`: one document, whatever the data hold, and one exit code."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scrdata
from scrdata.cli.github import as_github
from scrdata.cli.junit import as_junit
from scrdata.cli.sarif import as_sarif
from scrdata.cli.validate import FORMATS
from scrdata.findings import NOTHING_CHECKED, Finding, Unsettled, shown
from scrdata.outline import DeclaredCheck, Outline
from tests.strategies import LAW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]

READ = {"json": json.loads, "sarif": json.loads, "junit": ElementTree.fromstring}
DOCUMENTS = [form for form in FORMATS if form != "text"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("old", "code"), [("nothing", 0), ("quay,child,4", 1)])
def test_exit_code_is_that_of_the_text(run: Run, small_package: PackageFolder, form: str, old: str, code: int) -> None:
    """Every format says by its exit code what the text says, and prints to standard output alone, the same twice."""
    if code:
        small_package.spoil("data/loans.csv", old, "quay,child,9")
    answer = run("validate", "--format", form, small_package.folder)
    assert (answer[0], answer[2]) == (code, "")
    assert READ.get(form, str)(answer[1]) is not None
    assert run("validate", "--format", form, small_package.folder) == answer


@pytest.mark.parametrize("form", DOCUMENTS)
def test_unopenable_package_is_a_document(run: Run, tmp_path: Path, form: str) -> None:
    """Where there is no package, every format but the text is well formed all the same, and ends with 2."""
    place = tmp_path / "no where \x1b]]>"
    code, out, errors = run("validate", "--format", form, place)
    assert (code, errors) == (2, "")
    assert READ.get(form, str)(out) is not None
    assert "No such file or directory" in out
    assert out.isascii()


@pytest.mark.parametrize("form", DOCUMENTS)
def test_damaged_archive_is_a_document(run: Run, tmp_path: Path, form: str) -> None:
    """An archive that cannot be opened is no bug, in any format."""
    (tmp_path / "small.zip").write_bytes(b"PK\x03\x04")
    code, out, _ = run("validate", "--format", form, tmp_path / "small.zip")
    assert code == 2
    assert READ.get(form, str)(out) is not None


def text() -> st.SearchStrategy[str]:
    """Return texts with whatever a cell, a key or a path may hold, and what the formats give a meaning."""
    marks = ("]]>", "<![CDATA[", "&#0;", "%0A", "%", "\n::error::x", "::", "##[add-mask]", ",", "=", '"', "'", "`", "|")
    unseen = ("\r\n", "\x1b[31m", "\x00", "\ufffe", "\u2028", "\u202e", "\x85")
    pieces = st.sampled_from((*marks, *unseen, "[a](http://x)", "{0}", "é", "本"))
    characters = st.text(max_size=4) | st.just("\ud800")
    return st.lists(pieces | characters, max_size=6).map("".join)


def paths() -> st.SearchStrategy[str]:
    """Return paths that an operating system can have; a byte that is not UTF-8 is a surrogate in them."""
    return text().map(lambda path: path.replace("\0", "").replace("\ud800", "\udcff"))


@st.composite
def reports(draw: st.DrawFn) -> tuple[scrdata.Report, Outline]:
    """Return reports and outlines full of such texts."""
    names = draw(st.lists(text(), min_size=1, max_size=3, unique=True))
    checks = {
        name: DeclaredCheck(name, draw(st.sampled_from(("rule", "mention"))), draw(text()), draw(text()), "r.csv", 2)
        for name in names
    }
    rules = st.sampled_from([*names, "cell_fits_type", "hash_is_as_declared", "reference_can_be_read"])
    findings = draw(
        st.lists(
            st.builds(
                Finding,
                rules,
                text(),
                severity=st.sampled_from(("error", "warning")),
                file=st.none() | paths() | st.just("t.csv"),
                line=st.none() | st.integers(1, 9),
                key=st.dictionaries(text(), text() | st.integers() | st.none(), max_size=2),
                column=st.none() | text(),
                found=st.none() | text(),
                expected=st.none() | text() | st.integers(),
            ),
            max_size=5,
        ),
    )
    unsettled = st.lists(st.builds(Unsettled, rules | text(), text()), max_size=2).map(tuple)
    discrepancy = dict.fromkeys(("check", "left", "right", "explanation"), text())
    known = st.lists(st.fixed_dictionaries(discrepancy), max_size=1)
    errors = sum(finding.severity == "error" for finding in findings)
    report = scrdata.Report(
        draw(st.sampled_from(("p", "p.zip", "datapackage.json")) | paths()),
        draw(st.none() | text()),
        dict(NOTHING_CHECKED),
        draw(unsettled),
        draw(unsettled),
        draw(known.map(tuple)),
        tuple(findings),
        errors,
        len(findings) - errors + draw(st.sampled_from((0, 7))),
    )
    return report, Outline(draw(text()), "datapackage.json", (("t", "t.csv", 0), ("r", "r.csv", 1)), checks)


@LAW
@given(reports())
def test_junit_is_well_formed_whatever_the_data_hold(drawn: tuple[scrdata.Report, Outline]) -> None:
    """Every finding of a report can be read back from the XML, with what XML or a terminal cannot hold escaped."""
    report, outline = drawn
    root = ElementTree.fromstring(as_junit(report, outline))  # noqa: S314  (made here)
    written = "\n".join(root.itertext())
    for finding in report.findings:
        message = finding.message.removesuffix(".")
        assert shown(message, len(message)) in written
    assert all(line.isprintable() for line in written.split("\n"))


@LAW
@given(reports())
def test_sarif_is_well_formed_whatever_the_data_hold(drawn: tuple[scrdata.Report, Outline]) -> None:
    """Every finding is a result in ASCII; what would be a link is none, control characters are escaped."""
    report, outline = drawn
    out = as_sarif(report, outline, 1)
    assert out.isascii()
    (ran,) = json.loads(out)["runs"]
    assert len(ran["results"]) == len(report.findings) + len(report.not_checked)
    for finding, result in zip(report.findings, ran["results"], strict=False):
        message = finding.message.removesuffix(".")
        written = result["message"]["text"]
        assert written.replace("\\[", "[").startswith(shown(message, len(message)).replace("\\[", "["))
        assert written.isprintable()
        assert "[a](" not in written.replace("\\[", "")
        assert ran["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def run_commands(line: str) -> tuple[str, dict[str, str], str] | None:
    """Return name, properties and message of a command, as the runner of GitHub Actions reads a line of output."""
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        assert "##[" not in line, "the older form of a command stands anywhere in a line"
        return None
    head, _, message = line[2:].partition("::")
    name, _, given_properties = head.partition(" ")
    pairs = [part.split("=", 1) for part in given_properties.split(",") if part]
    assert all(len(pair) == 2 for pair in pairs), line
    return name, {key: unescaped(value, ":,") for key, value in pairs}, unescaped(message)


def unescaped(value: str, further: str = "") -> str:
    """Undo the escapes of a command."""
    for character in "\r\n" + further + "%":
        value = value.replace(f"%{ord(character):02X}", character)
    return value


@LAW
@given(reports())
def test_commands_are_read_back_whatever_the_data_hold(drawn: tuple[scrdata.Report, Outline]) -> None:
    """The runner reads one command for each finding and each check that was not run, and no other but notices."""
    report, _ = drawn
    commands = [command for line in as_github(report).split("\n") if (command := run_commands(line))]
    wanted = [finding.severity for finding in report.findings] + ["error"] * len(report.not_checked)
    assert [name for name, _, _ in commands if name != "notice"] == wanted
    for finding, (_, properties, message) in zip(report.findings, commands, strict=False):
        assert properties["title"] == shown(finding.rule, len(finding.rule))
        text_of = finding.message.removesuffix(".")
        assert shown(text_of, len(text_of)) in message


def test_hostile_names_in_every_format(run: Run, small_package: PackageFolder) -> None:
    """A package whose own texts hold markup and commands is reported in every format without a control character."""
    hostile = "a]]>&\x1b[31m%0A::error::<b>"
    small_package.edit("datapackage.json", "name", to=hostile)
    small_package.add_column({"type": "integer"}, hostile, "##[stop-commands]x", "\n::set-output name=a::b")
    for form in DOCUMENTS:
        code, out, _ = run("validate", "--format", form, small_package.folder)
        assert code == 1
        assert all(line.isprintable() for line in out.splitlines())
        if form in READ:
            READ[form](out)
        else:
            assert {run_commands(line)[0] for line in out.splitlines() if run_commands(line)} == {"error"}  # type: ignore[index]


def test_places_in_a_folder_below(run: Run, small_package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as seen from the current folder, whether the folder, its descriptor or an archive is given."""
    small_package.spoil("data/loans.csv", "quay,child,4", "quay,child,x")
    place = small_package.folder.parent
    monkeypatch.chdir(place)
    with zipfile.ZipFile(place / "small.zip", "w") as archive:
        for path in sorted(small_package.folder.rglob("*.*")):
            archive.write(path, path.relative_to(small_package.folder))
    for given_place in ("small", "small/", "./small", "small/datapackage.json", str(small_package.folder)):
        out = run("validate", "--format", "github", given_place)[1]
        assert "::error file=small/data/loans.csv,line=7,title=cell_fits_type::'loans' is 'x'" in out
        (ran,) = json.loads(run("validate", "--format", "sarif", given_place)[1])["runs"]
        places = [result["locations"][0]["physicalLocation"] for result in ran["results"]]
        artifact = {"uri": "small/data/loans.csv", "uriBaseId": "%SRCROOT%"}
        assert {"artifactLocation": artifact, "region": {"startLine": 7}} in places
    out = run("validate", "--format", "github", "small.zip")[1]
    assert "::error file=small.zip,title=cell_fits_type::data/loans.csv, line 7, column loans: 'loans' is 'x'" in out
    monkeypatch.chdir(small_package.folder / "data")
    assert f"file={small_package.folder}/data/loans.csv," not in run("validate", "--format", "github", "..")[1]
    assert f"file={small_package.folder}/datapackage.json," in run("validate", "--format", "github", "..")[1]
