"""What a validation has found already, as checks: cells, keys, and words against values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.localisation.doubts import Contradiction, contradictions
from scrdata.mentions import read_printed
from scrdata.network import Relation, mention_relations
from tests.localisation.packages import COUNT, INTEGER, REQUIRED, Sheet, check, diagnosis, refers, write

if TYPE_CHECKING:
    from pathlib import Path

    from scrdata.localisation.diagnosis import Diagnosis

CODES = {"categories": ["x", "y"]}


def said(found: Diagnosis, kind: str) -> list[tuple[str, str, int, str, str]]:
    """Return check, relations, row, column and sentence of what a validation found of a kind."""
    network = found.network
    return [
        (
            item.name,
            "; ".join(
                " ".join([*(f"{factor}*{network.nodes[node].reference}" for factor, node in relation.terms),
                          f"{relation.constant} {relation.operator} 0"])
                for relation in item.relations
            ),
            item.row,
            item.column,
            found.explainer.statements.sentence(position),
        )
        for position, item in enumerate(network.checks)
        if item.kind == kind
    ]  # fmt: skip


def test_cells_that_their_field_refuses(tmp_path: Path) -> None:
    """Each is a check of its own, however many findings speak of it, with the sentence of the first."""
    fields = {
        "n": {"type": "integer", "constraints": {"minimum": 0, "maximum": 9}},
        "c": {**CODES, "constraints": {"required": True}},
        "e": {"constraints": {"enum": ["p"], "pattern": "[a-z]"}},
        "l": {"constraints": {"maxLength": 1, "minLength": 1}},
        "o": {"constraints": {"pattern": "[a-z]"}},
    }
    sheets = {
        "t": Sheet("id,n,c,e,l,o a,x,q,p,a,a b,10,,P,bb,b ,1,x,p,a,A c,1,x,p,a,a", fields, "id"),
        "u": Sheet("n 1 x", {"n": INTEGER}),
    }
    found = diagnosis(write(tmp_path, sheets, {}))
    assert {(item[0], item[2], item[3]) for item in said(found, "cell")} == {
        ("cell_fits_type", 0, "n"),
        ("cell_is_within_bounds", 1, "n"),
        ("cell_is_a_category", 0, "c"),
        ("required_cell_is_present", 1, "c"),
        ("cell_is_in_enum", 1, "e"),
        ("cell_has_allowed_length", 1, "l"),
        ("primary_key_is_present", 2, "id"),
        ("cell_matches_pattern", 2, "o"),
        ("cell_fits_type", 1, "n"),
    }
    places = {cell: found.network.checks[position].row for cell, position in found.assessment.wrong.items()}
    assert places == {
        ("t", 0, "n"): 0, ("t", 1, "n"): 1, ("t", 0, "c"): 0, ("t", 1, "c"): 1, ("t", 1, "e"): 1, ("t", 1, "l"): 1,
        ("t", 2, "id"): 2, ("t", 2, "o"): 2, ("u", 1, "n"): 1,
    }  # fmt: skip
    first = {}
    for finding in found.contents.ledger.findings:
        first.setdefault((finding.row, finding.column, finding.file), finding.message)
    assert sorted(item[4] for item in said(found, "cell")) == sorted(first.values())


def test_a_cell_that_is_refused_twice(tmp_path: Path) -> None:
    """A cell of which two findings speak is one check, with the sentence of the first."""
    found = diagnosis(write(tmp_path, {"t": Sheet("id,n a,1 ,2", {"id": REQUIRED, "n": COUNT}, "id")}, {}))
    findings = [finding for finding in found.contents.ledger.findings if finding.row == 2]
    assert len(findings) == 2
    assert [(item[0], item[4]) for item in said(found, "cell")] == [(findings[0].rule, findings[0].message)]


def test_keys_without_a_text(tmp_path: Path) -> None:
    """A key that is an empty text cannot be asked for, as that means a missing one."""
    sheet = Sheet("id,n ,1 ,2", {"n": COUNT}, "id", {"missingValues": ["-"]})
    found = diagnosis(write(tmp_path, {"t": sheet}, {}))
    assert [finding.rule for finding in found.contents.ledger.findings] == ["primary_key_is_unique"]
    assert said(found, "key") == []


def test_cells_of_tables_that_were_not_read(tmp_path: Path) -> None:
    """Of a table that could not be read as a whole no cell can be changed; those of later tables can."""
    sheets = {"t": Sheet("id,n a,x b,1 b,1", {"n": INTEGER}, "id"), "u": Sheet("n x", {"n": INTEGER})}
    folder = write(tmp_path, sheets, {})
    (folder / "t.csv").write_bytes(b"id,n\na,x\nb\n")
    assert diagnosis(folder).assessment.wrong.keys() == {("u", 0, "n")}
    write(tmp_path, sheets, {})
    found = diagnosis(folder)
    assert found.assessment.wrong.keys() == {("t", 0, "n"), ("u", 0, "n")}
    assert [item[:4] for item in said(found, "key")] == [("primary_key_is_unique", "1*t[id=b] -1 <= 0", 2, "id")]


def test_keys_that_stand_twice(tmp_path: Path) -> None:
    """A key that stands twice is a count of at most one, told once however many rows have it."""
    sheets = {"t": Sheet("id,n a,1 a,2 a,3 b,4 b,5 c,6", key="id"), "u": Sheet("id,k a,p a,p b,p", key="id k")}
    assert [item[:4] for item in said(diagnosis(write(tmp_path, sheets, {})), "key")] == [
        ("primary_key_is_unique", "1*t[id=a] -1 <= 0", 1, "id"),
        ("primary_key_is_unique", "1*t[id=b] -1 <= 0", 4, "id"),
        ("primary_key_is_unique", "1*u[id=a,k=p] -1 <= 0", 1, ""),
    ]


def test_unique_keys_and_columns(tmp_path: Path) -> None:
    """Of several unique keys the one that stands twice is counted; a unique column counts by itself."""
    schema = {"uniqueKeys": [["a"], ["b", "c"]]}
    sheets = {
        "t": Sheet("id,a,b,c 1,p,x,x 2,s,x,x 3,q,y,x 4,q,z,x", key="id", schema=schema),
        "u": Sheet("id,s 1,x 2,y 3,y", {"s": {"constraints": {"unique": True}}}, "id"),
    }
    assert [item[:4] for item in said(diagnosis(write(tmp_path, sheets, {})), "key")] == [
        ("unique_key_is_unique", "1*t[a=q] -1 <= 0", 3, "a"),
        ("unique_key_is_unique", "1*t[b=x,c=x] -1 <= 0", 1, ""),
        ("cell_is_unique", "1*u[s=y] -1 <= 0", 2, "s"),
    ]


def test_keys_that_refer_to_no_row(tmp_path: Path) -> None:
    """Rows that refer to a row are no more than all rows times those that they mean; each such key is told once."""
    schema = {
        "foreignKeys": [
            {"fields": ["p"], "reference": {"resource": "u", "fields": ["p"]}},
            {"fields": ["q", "r"], "reference": {"resource": "u", "fields": ["p", "z"]}},
            {"fields": ["up"], "reference": {"resource": "", "fields": ["id"]}},
        ]
    }
    sheets = {
        "t": Sheet("id,p,q,r,up a,k1,k1,1, b,k9,k1,9,a c,k9,k1,1,z", schema=schema, key="id"),
        "u": Sheet("p,z k1,1", key="p", schema={"uniqueKeys": [["p", "z"]]}),
    }
    found = said(diagnosis(write(tmp_path, sheets, {})), "reference")
    assert [item[:4] for item in found] == [
        ("foreign_key_exists", "1*t[p=k9] -3*u[p=k9] 0 <= 0", 1, "p"),
        ("foreign_key_exists", "1*t[q=k1,r=9] -3*u[p=k1,z=9] 0 <= 0", 1, "q"),
        ("foreign_key_exists", "1*t[up=z] -3*t[id=z] 0 <= 0", 2, "up"),
    ]
    assert "k9" in found[0][4]


def test_keys_that_begin_with_the_same_column(tmp_path: Path) -> None:
    """Where a column begins several keys, each of them may be what refers to no row; a key without a part is none."""
    keys = [("u", ["p"], ["p"]), ("v", ["p"], ["q"]), ("w", ["p"], ["q"]), ("u", ["p", "o"], ["p", "z"])]
    schema = {
        "foreignKeys": [{"fields": own, "reference": {"resource": name, "fields": other}} for name, own, other in keys]
    }
    sheets = {
        "t": Sheet("p,o k1, k2,1", schema=schema),
        "u": Sheet("p,z k1,1 k2,1", key="p", schema={"uniqueKeys": [["p", "z"]]}),
        "v": Sheet("q k1", key="q"),
        "w": Sheet("q k1", key="q"),
    }
    folder = write(tmp_path, sheets, {})
    (folder / "w.csv").write_bytes(b"z\nk1\n")
    assert [item[1] for item in said(diagnosis(folder), "reference")] == [
        "1*t[p=k2] -2*u[p=k2] 0 <= 0",
        "1*t[p=k2] -2*v[q=k2] 0 <= 0",
        "1*t[p=k2,o=1] -2*u[p=k2,z=1] 0 <= 0",
        "1*t[p=k1] -2*u[p=k1] 0 <= 0",
        "1*t[p=k1] -2*v[q=k1] 0 <= 0",
    ]


def test_a_key_that_stands_twice_and_refers_to_no_row(tmp_path: Path) -> None:
    """A key may be wrong in both ways at once."""
    sheets = {"t": Sheet("p k9 k9", {}, "p", refers("p", "u", "p")), "u": Sheet("p k1", {}, "p")}
    found = diagnosis(write(tmp_path, sheets, {}))
    assert [item[1] for item in said(found, "key")] == ["1*t[p=k9] -1 <= 0"]
    assert [item[1] for item in said(found, "reference")] == ["1*t[p=k9] -2*u[p=k9] 0 <= 0"]


def test_keys_to_tables_that_were_not_read(tmp_path: Path) -> None:
    """A key that refers to a table which cannot be read is no check, as nothing is known of its rows."""
    sheets = {"t": Sheet("id,p a,k9", schema=refers("p", "u", "p")), "u": Sheet("p k1", {"p": REQUIRED}, "p")}
    folder = write(tmp_path, sheets, {})
    (folder / "u.csv").write_bytes(b"q\nk1\n")
    assert said(diagnosis(folder), "reference") == []


MENTIONS = (
    "p 1,statistic,three,3,=,t.n,,",
    "p 1,statistic,four,5,=,t.n,,",
    "p 1,statistic,a quarter,1/3,=,t[id=a].n,t.n,",
    "p 1,threshold,third,4,,,,",
    "p 1,statistic,eight,10,<,t.n,,",
    "p 1,statistic,eight,25%,=,t.n,,",
    "p 1,statistic,several,4,=,t.n,,",
    "p 1,statistic,25%,30%,!=,t[id=a].n,t.n,",
    "p 1,statistic,25%,30%,=,t[id=a].n,u.n,",
    "p 1,statistic,four,5,=,u.n,,",
    "p 1,statistic,40%,0.4,=,t[id=a].n,t.n,",
)


def test_words_against_values(tmp_path: Path) -> None:
    """A mention whose words say another value states one thing by its words, and another by its value, if any."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT}, "id"), "u": Sheet("n 1", {"n": COUNT})}
    sheets["v"] = Sheet("n x", {"n": COUNT})
    folder = write(tmp_path, sheets, {}, mentions=MENTIONS)
    (folder / "u.csv").write_bytes(b"m\n1\n")
    found = diagnosis(folder)
    told = {item.row: item for item in contradictions(found.contents, found.network)}
    network = found.network
    whole, part = (network.node(found.contents.totals.reference(text)) for text in ("t.n", "t[id=a].n"))

    def count(number: int, operator: str = "=") -> tuple[Relation, ...]:
        return (Relation(((1, whole),), -number, operator),)

    def share(text: str) -> tuple[Relation, ...]:
        printed = read_printed(text)
        assert printed is not None
        return mention_relations(printed, "=", part, whole)

    assert told[1] == Contradiction(1, "four", "5", ("4",), (count(4),), count(5))
    assert told[2] == Contradiction(2, "a quarter", "1/3", ("1/4",), (share("1/4"),), share("1/3"))
    assert told[3] == Contradiction(3, "third", "4", ("1/3", "3"), (None, None), None)
    assert told[4] == Contradiction(4, "eight", "10", ("8",), (count(8, "<"),), count(10, "<"))
    assert told[5] == Contradiction(5, "eight", "25%", ("8",), (count(8),), None)
    assert told[6] == Contradiction(6, "several", "4", (), (), count(4))
    assert told[7] == Contradiction(7, "25%", "30%", ("25%",), (None,), None)
    assert told[8] == Contradiction(8, "25%", "30%", ("25%",), (None,), None)
    assert told[9] == Contradiction(9, "four", "5", ("4",), (None,), None)
    assert told.keys() == set(range(1, 11))


def test_each_reading_once(tmp_path: Path) -> None:
    """Words that say a value twice say it once."""
    sheets = {"t": Sheet("id,n a,3 b,5", {"n": COUNT}, "id")}
    found = diagnosis(write(tmp_path, sheets, {}, mentions=("p 1,statistic,two or two,9,=,t.n,,",)))
    (item,) = contradictions(found.contents, found.network)
    assert len(item.readings) == len(set(item.readings)) == len(item.as_read)


def test_readings_stand_in_the_same_order_always(tmp_path: Path) -> None:
    """Words that can mean several values list them in the order of their texts, not in that of a hash."""
    sheets = {"t": Sheet("id,n a,3", {"n": COUNT}, "id")}
    mentions = tuple(f"p 1,threshold,{words},77,,,," for words in ("third", "fifth", "quarter", "sixth", "tenth"))
    found = diagnosis(write(tmp_path, sheets, {}, mentions=mentions))
    several = [item.readings for item in contradictions(found.contents, found.network) if len(item.readings) > 1]
    assert len(several) >= 4
    assert all(list(item) == sorted(item) for item in several)


def test_no_mentions_contradict_nothing(tmp_path: Path) -> None:
    """A package without mentions has no words against values."""
    found = diagnosis(write(tmp_path, {"t": Sheet("n 1", {"n": COUNT})}, {}))
    assert list(contradictions(found.contents, found.network)) == []


@pytest.mark.parametrize("rule", ["cell_fits_type", "primary_key_is_unique", "foreign_key_exists"])
def test_what_was_found_is_said(tmp_path: Path, rule: str) -> None:
    """What a check of this kind says is what the validation says."""
    sheets = {
        "t": Sheet("id,n,p a,x,k9 a,1,k1", {"n": COUNT}, "id", refers("p", "u", "p")),
        "u": Sheet("p k1", {"p": REQUIRED}, "p"),
    }
    found = diagnosis(write(tmp_path, sheets, {}))
    (message,) = [finding.message for finding in found.contents.ledger.findings if finding.rule == rule]
    assert found.explainer.statements.sentence(check(found, rule)) == message
