"""Laws of the whole: the notation prints what it reads, and no package hides a wrong number."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import example, given
from hypothesis import strategies as st

from scrdata.errors import NotationError
from scrdata.references import Equation, Reference, parse_equation, parse_reference
from scrdata.validation import judge
from tests import areas, strategies
from tests.brute_force import World
from tests.memory import csv_text, package, register, report_on, rules
from tests.strategies import FEW, LAW, PartsAndWholes

if TYPE_CHECKING:
    from scrdata.findings import Report
    from tests.conftest import PackageFolder

    Tables = dict[str, tuple[dict[str, Any], str]]

_CODE = {"type": "string", "constraints": {"required": True}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "parts": {
        "fields": [{"name": "colour", **_CODE}, {"name": "period", **_CODE}, {"name": "n", "type": "integer"}],
        "primaryKey": ["colour", "period"],
        "foreignKeys": [{"fields": ["colour"], "reference": {"resource": "wholes", "fields": ["colour"]}}],
        "scrdata:text": "clean",
    },
    "wholes": {
        "fields": [{"name": "colour", **_CODE}, {"name": "n", "type": "integer"}],
        "primaryKey": ["colour"],
        "scrdata:text": "clean",
    },
}


# The notation ---------------------------------------------------------------------------------


@LAW
@given(strategies.star_names().flatmap(strategies.references))
def test_a_printed_reference_reads_as_itself(reference: Reference) -> None:
    """Parsing the text of any reference gives the reference back."""
    assert parse_reference(str(reference)) == reference


@LAW
@given(strategies.equations())
def test_a_printed_equation_reads_as_itself(equation: Equation) -> None:
    """Parsing the text of any equation gives the equation back, so printing canonical text changes nothing."""
    assert parse_equation(str(equation)) == equation
    assert str(parse_equation(str(equation))) == str(equation)


@LAW
@given(strategies.spaced_equations())
def test_free_white_space_means_nothing(case: tuple[Equation, str]) -> None:
    """White space around relations, signs and commas, and needless quotation marks, do not change the meaning."""
    equation, text = case
    assert parse_equation(text) == equation


@LAW
@given(strategies.notation_texts())
@example("")
@example("t[a=" + "(" * 1000)
@example("1" * 5000 + " = 1")
def test_any_text_is_read_or_refused_at_a_character(text: str) -> None:
    """Whatever is written, it has a meaning that prints and reads alike, or an error that points into the text."""
    for parse in (parse_reference, parse_equation):
        try:
            tree = parse(text)
        except NotationError as error:
            assert 0 <= error.position <= len(text)  # noqa: PT017
            assert str(error).startswith(error.problem)  # noqa: PT017
        else:
            assert parse(str(tree)) == tree


# Small packages ---------------------------------------------------------------------------------


def tables_of(case: PartsAndWholes) -> Tables:
    """Return the tables and rules of a case as files."""
    parts = [(colour, period, n) for (colour, period), n in case.parts.items()]
    return {
        "parts": (SCHEMAS["parts"], csv_text(("colour", "period", "n"), *parts)),
        "wholes": (SCHEMAS["wholes"], csv_text(("colour", "n"), *case.wholes.items())),
        "rules": rules(*case.equations),
    }


def rules_entered_by(case: PartsAndWholes, table: str, key: tuple[str, ...]) -> set[str]:
    """Return the ids of the rules that the count of one row enters, found by looking at each row."""
    rows = {
        "parts": [{"colour": a, "period": b, "n": n} for (a, b), n in case.parts.items()],
        "wholes": [{"colour": a, "n": n} for a, n in case.wholes.items()],
    }
    readers = {(name, field["name"]): str for name, schema in SCHEMAS.items() for field in schema["fields"]}
    world = World(rows, readers, {}, {})
    return {
        f"rule_{number}"
        for number, text in enumerate(case.equations, 1)
        for reference in parse_equation(text).references
        if reference.table == table and any(tuple(row.values())[:-1] == key for row in world.rows(reference))
    }


@LAW
@given(strategies.parts_and_wholes())
def test_a_consistent_package_is_valid(case: PartsAndWholes) -> None:
    """Tables whose parts add up, with rules that say so, have no finding."""
    report = report_on(tables_of(case))
    assert report.valid
    assert (report.findings, report.open, report.not_checked) == ((), (), ())
    assert report.checked["rules"] == len(case.equations)


@LAW
@given(strategies.parts_and_wholes(), st.integers(-100, 100).filter(bool), st.data())
def test_one_wrong_count_is_always_noticed(case: PartsAndWholes, change: int, data: st.DataObject) -> None:
    """With any one count changed by any amount and all checksums right, a rule that the count enters fails."""
    table = data.draw(st.sampled_from(["parts", "wholes"]))
    counts: dict[Any, int] = dict(case.parts if table == "parts" else case.wholes)
    key = data.draw(st.sampled_from(sorted(counts)))
    counts[key] += change
    spoilt = PartsAndWholes(
        counts if table == "parts" else case.parts, counts if table == "wholes" else case.wholes, case.equations
    )
    report = report_on(tables_of(spoilt))
    assert not report.valid
    broken = {finding.rule for finding in report.findings}
    assert broken <= rules_entered_by(case, table, key if isinstance(key, tuple) else (key,))
    assert broken


def verdict(report: Report) -> object:
    """Return what a report says, but for the lines on which it says it."""
    findings = [finding.changed(line=None, row=None) for finding in report.findings]
    lists = (report.open, report.not_checked, report.known_discrepancies, findings)
    return report.valid, report.errors, report.warnings, report.checked, [sorted(map(repr, items)) for items in lists]


def shuffled(tables: Tables, data: st.DataObject) -> Tables:
    """Return the same tables with the rows of each in another order."""
    result = {}
    for name, (schema, text) in tables.items():
        header, *rows = text.splitlines(keepends=True)
        result[name] = (schema, header + "".join(data.draw(st.permutations(rows))))
    return result


@FEW
@given(strategies.parts_and_wholes(), st.integers(-2, 2), st.data())
def test_the_order_of_rows_changes_no_verdict(case: PartsAndWholes, change: int, data: st.DataObject) -> None:
    """Right or wrong, a package in which the rows stand in another order gets the same verdict."""
    wholes = {colour: n + change for colour, n in case.wholes.items()}
    tables = tables_of(PartsAndWholes(case.parts, wholes, case.equations))
    tables["discrepancies"] = register(("rule_1", f"colour={min(wholes)}", 7, 7 + change))
    assert verdict(report_on(shuffled(tables, data))) == verdict(report_on(tables))


@FEW
@given(st.data())
def test_the_order_of_rows_changes_no_rule(data: st.DataObject) -> None:
    """With missing cells, dates and paths through keys, too, rules fail or stay open whatever the order of rows."""
    rows = data.draw(strategies.area_rows())
    equations = data.draw(st.lists(strategies.area_equations([str(row[0]) for row in rows["areas"]]), max_size=3))
    tables = {**areas.as_files(rows), "rules": rules(*map(str, equations))}
    assert verdict(report_on(shuffled(tables, data))) == verdict(report_on(tables))


@FEW
@given(strategies.parts_and_wholes(), st.integers(-2, 2))
def test_two_runs_give_the_same_report(case: PartsAndWholes, change: int) -> None:
    """The report on the same files is the same text, to the last character."""
    wholes = {colour: n + change for colour, n in case.wholes.items()}
    storage = package(tables_of(PartsAndWholes(case.parts, wholes, case.equations)))
    assert json.dumps(judge(storage).to_dict()) == json.dumps(judge(storage).to_dict())


PATTERN = "[ab]*a[ab]{12}"


def long_values(number: int) -> list[str]:
    """Return long values that match `PATTERN` and lead its engine through very many states."""
    random = Random(7)  # noqa: S311  (not for secrets)
    return ["".join(random.choices("ab", k=12_000)) + "a" * 13 for _ in range(number)]


def test_asking_again_gives_the_same_verdict() -> None:
    """What a pattern has cost before, in this package or another, does not count against it."""
    schema = {"fields": [{"name": "x", "constraints": {"pattern": PATTERN}}]}
    tables: Tables = {"t": (schema, csv_text(("x",), *((value,) for value in long_values(4))))}
    assert [report_on(tables).valid for _ in range(5)] == [True] * 5


def test_a_limit_is_reached_at_the_same_cell_in_every_process(small_package: PackageFolder) -> None:
    """Where a pattern costs too much, the findings do not depend on the hash seed."""
    values = long_values(16)
    small_package.add_column({"type": "string", "constraints": {"pattern": PATTERN}}, *values)
    command = [sys.executable, "-m", "scrdata", "validate", "--format", "json", str(small_package.folder)]
    outputs = [
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False).stdout
        for seed in "12"
    ]
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0])["checked"]["cells"] > len(values)
