"""Statements that are doubted themselves: what they would have to say, and the sentences of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrdata.localisation.statements import ratio
from scrdata.localisation.suspects import Suspect
from tests.localisation.packages import COUNT, INTEGER, Sheet, check, diagnosis, suspects, write

if TYPE_CHECKING:
    from pathlib import Path

SHEET = Sheet("id,n a,3 b,5 c,12", {"n": COUNT}, "id")
PART, WHOLE = "A part is not more than its whole.", "part_does_not_exceed_whole"
# Every cell is as it is by definition, so that only statements can be wrong.
FIXED = {"a": "t[id=a].n = 3", "b": "t[id=b].n = 5", "c": "t[id=c].n = 12", "rows": "t <= 3", "whole": "t >= 3"}


def doubted(
    folder: Path, rules: dict[str, str], *mentions: str, sheet: Sheet = SHEET, registered: tuple[str, ...] = ()
) -> tuple[Suspect, ...]:
    """Return the suspects where no cell can be wrong."""
    write(folder, {"t": sheet}, {**FIXED, **rules}, mentions=mentions, registered=registered, definitions=tuple(FIXED))
    found = suspects(folder)
    assert found.alternatives == found.unresolved == ()
    return found.suspects


def test_a_rule_that_nothing_else_speaks_of(tmp_path: Path) -> None:
    """A rule is told with its place, what it should say, and its numbers; nothing confirms it."""
    assert doubted(tmp_path, {"r": "t.n = 21"}) == (
        Suspect(
            "rules", "change", 6, {"rule_id": "r"}, "equation", "t.n = 21", "t.n = 20", 0.5, ("r",),
            ("Rule r. It reads 3 + 5 + 12 = 21 (r)",), file="rules.csv", line=7,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "suggested"),
    [
        ("t.n = 18", "t.n = 20"),
        ("2 * t.n = 18", "2 * t.n = 40"),
        ("t.n - t[id=a].n = 18", "t.n - t[id=a].n = 17"),
        ("0 - t.n = 18", "0 - t.n = -20"),
        ("1 - 2 * t.n = 18", "1 - 2 * t.n = -39"),
        ("18 = t.n - t[id=a].n", None),
        ("18 = t.n", None),
        ('t[id=a|b|c|"x = y"].n = 18', 't[id=a|b|c|"x = y"].n = 20'),
        ("t.n = 10 + 8", None),
        ("t.n <= 18", None),
    ],
)
def test_what_a_rule_should_say(tmp_path: Path, rule: str, suggested: str | None) -> None:
    """The number at the end of a rule is put right; one that stands elsewhere is not told."""
    sheet = SHEET
    write(tmp_path, {"t": sheet}, {**FIXED, "r": rule}, definitions=tuple(FIXED))
    told = [(item.found, item.suggested) for item in suspects(tmp_path).suspects]
    assert told == ([] if "<" in rule else [(rule, suggested)])


def test_rules_for_each_code_are_not_rewritten(tmp_path: Path) -> None:
    """A rule with instances states one number for all of them, so that no other is told."""
    found = doubted(tmp_path, {"r": "t[id=*].n = 3"})
    assert [(item.suggested, item.explains, item.found) for item in found] == [(None, ("r",), "t[id=*].n = 3")] * 2
    assert [item.reasons[0] for item in found] == [
        "Rule r. It reads 5 = 3 (r[id=b])",
        "Rule r. It reads 12 = 3 (r[id=c])",
    ]


def test_decimals_in_a_rule(tmp_path: Path) -> None:
    """A rule over decimals states a whole number or has none that could be told."""
    sheet = Sheet("id,n a,3 b,5 c,12 d,0.5", {"n": {"type": "number"}}, "id")
    rules = {
        **FIXED,
        "rows": "t <= 4",
        "whole": "t >= 4",
        "d": "2 * t[id=d].n = 1",
        "r": "t.n = 21",
        "s": "2 * t.n = 40",
    }
    write(tmp_path, {"t": sheet}, rules, definitions=(*FIXED, "d"))
    told = {item.found: item.suggested for item in suspects(tmp_path).suspects}
    assert told == {"t.n = 21": "t.n = 20.5", "2 * t.n = 40": "2 * t.n = 41"}


@pytest.mark.parametrize(
    ("others", "confidence", "said"),
    [
        ({"u": "2 * t.n = 40"}, 0.5, "another check, which holds, has the same total as it stands"),
        ({"u": "2 * t.n = 40", "v": "t.n <= 99"}, 0.67, "2 other checks, which hold, have the same total as it stands"),
        (
            {"u": "2 * t.n = 40", "v": "t.n <= 99", "w": "t.n + t = 23"},
            0.75,
            "3 other checks, which hold, have the same total as it stands",
        ),
    ],
)
def test_what_confirms_a_total(tmp_path: Path, others: dict[str, str], confidence: float, said: str) -> None:
    """Each other check that holds and needs the same total speaks against the statement."""
    (suspect,) = doubted(tmp_path, {"r": "t.n = 21", **others})
    assert (suspect.confidence, suspect.reasons) == (confidence, ("Rule r. It reads 3 + 5 + 12 = 21 (r)", said))


@pytest.mark.parametrize(
    ("mention", "suggested"),
    [
        ("p 1,statistic,21,21,=,t.n,,", "20"),
        ("p 1,statistic,over 20,20,>,t.n,,", "less than 20"),
        ("p 1,statistic,at least 21,21,>=,t.n,,", "at most 20"),
        ("p 1,statistic,under 20,20,<,t.n,,", "more than 20"),
        ("p 1,statistic,at most 19,19,<=,t.n,,", "at least 20"),
        ("p 1,statistic,61%,61%,=,t[id=c].n,t.n,", "60%"),
        ("p 1,statistic,41%,41%,=,t[id=b].n,t[id=c].n,", "42%"),
        ("p 1,statistic,41.5%,41.5%,=,t[id=b].n,t[id=c].n,", "41.7%"),
        ("p 1,statistic,41.50%,41.50%,=,t[id=b].n,t[id=c].n,", "41.67%"),
        ("p 1,statistic,more than 60%,60%,>,t[id=c].n,t.n,", "60%"),
        ("p 1,statistic,half,1/2,=,t[id=c].n,t.n,", None),
        ("p 1,statistic,half,1/2,=,t[id=c].n,t[id=d].n,", None),
        ("p 1,statistic,50%,50%,=,t[id=c].n,t[id=d].n,", None),
    ],
)
def test_what_a_mention_should_print(tmp_path: Path, mention: str, suggested: str | None) -> None:
    """A count is told as it is, a bound by its converse, a percentage with as many decimals as are printed."""
    sheet = Sheet("id,n a,3 b,5 c,12 d,0", {"n": COUNT}, "id")
    rules = {**FIXED, "rows": "t <= 4", "whole": "t >= 4", "d": "t[id=d].n = 0"}
    write(tmp_path, {"t": sheet}, rules, mentions=(mention,), definitions=(*FIXED, "d"))
    (suspect,) = suspects(tmp_path).suspects
    assert (suspect.table, suspect.row, suspect.column, suspect.suggested) == ("mentions", 1, "value", suggested)
    assert (suspect.found, suspect.line) == (mention.split(",")[3], 2)


def test_a_mention_beside_what_confirms_its_total(tmp_path: Path) -> None:
    """A mention is told with its place in the report and the number of the tables."""
    (suspect,) = doubted(tmp_path, {}, "para 7,statistic,twenty-one,21,=,t.n,,")
    assert suspect.reasons == ("para 7 prints 'twenty-one' where the tables have 20",)
    assert (suspect.key, suspect.explains, suspect.confidence) == ({"mention_id": "m1"}, ("m1",), 0.5)


def test_what_repeats_a_mention_is_told_with_it(tmp_path: Path) -> None:
    """Mentions in one place about one total are doubted together, those elsewhere by themselves, and all are told."""
    numbers = ((1, 20), (1, 21), (1, 22), (2, 21))
    mentions = (f"p {place},statistic,{number},{number},=,t.n,," for place, number in numbers)
    confirmed = "another check, which holds, has the same total as it stands"
    found = doubted(tmp_path, {}, *mentions)
    assert [(item.row, item.suggested, item.confidence, item.explains) for item in found] == [
        (2, "20", 0.33, ("m2",)),
        (3, "20", 0.33, ("m3",)),
        (4, "20", 0.33, ("m4",)),
    ]
    assert found[0].reasons == ("p 1 prints '21' where the tables have 20", confirmed)


def test_registered_values(tmp_path: Path) -> None:
    """A registered value is told by its column, with the value that its side has."""
    (suspect,) = doubted(tmp_path, {"r": "t.n = t[id=a].n + 16"}, registered=("r,,21,19",))
    assert suspect == Suspect(
        "discrepancies", "change", 1, {"discrepancy_id": "d1"}, "left_value", "21", "20", 0.5, ("r",),
        ("r is registered with 21 in left_value",), file="discrepancies.csv", line=2,
    )  # fmt: skip
    (suspect,) = doubted(tmp_path, {"r": "t.n = t[id=a].n + 16"}, registered=("r,,20,18",))
    assert (suspect.column, suspect.found, suspect.suggested) == ("right_value", "18", "19")


def test_a_register_that_cannot_be_read(tmp_path: Path) -> None:
    """Where the register cannot be read, statements are doubted without it."""
    rules = {**FIXED, "r": "t.n = 21"}
    write(tmp_path, {"t": SHEET}, rules, registered=("a,,1,2",), definitions=tuple(FIXED))
    (tmp_path / "discrepancies.csv").write_bytes(b"nothing\n")
    assert [item.suggested for item in suspects(tmp_path).suspects] == ["t.n = 20"]


def test_a_mention_of_a_cell_that_is_filled(tmp_path: Path) -> None:
    """A mention is put right by the numbers as they are once an empty cell is filled."""
    sheet = Sheet("id,n a, b,5 c,12", {"n": COUNT}, "id")
    found = doubted(tmp_path, {}, "p 1,statistic,21,21,=,t.n,,", sheet=sheet)
    assert [(item.table, item.suggested) for item in found] == [("mentions", "20"), ("t", 3)]


def test_a_number_that_is_changed_against_statements(tmp_path: Path) -> None:
    """Statements that repeat a number which would have to change are told with it, and say so."""
    rules = {
        "cell": "t[id=a].n = 3",
        "sum": "t.n = 21",
        "b": "t[id=b].n = 5",
        "c": "t[id=c].n = 12",
        "u": "t[id=a].n <= 99",
        "v": "t[id=a].n >= 1",
    }
    mentions = ("p 1,statistic,three,3,=,t[id=a].n,,",)
    write(tmp_path, {"t": SHEET}, rules, mentions=mentions, definitions=("sum", "b", "c", "u", "v"))
    found = suspects(tmp_path)
    changed, _ = found.alternatives
    repeats = ("it repeats the number that would have to change",)
    assert [(item.table, item.suggested, item.confidence, item.explains, item.reasons) for item in changed] == [
        ("t", 4, 0.12, ("sum",), ("Rule sum. It reads 3 + 5 + 12 = 21 (sum): asks for 4",)),
        ("mentions", "4", 0.17, ("sum",), repeats),
        ("rules", "t[id=a].n = 4", 0.17, ("sum",), repeats),
    ]


def test_sentences(tmp_path: Path) -> None:
    """Each kind of check says what it demands, with its numbers; what is not known is called so."""
    fields = {"n": INTEGER, "w": {"scrdata:reference": True, "scrdata:wholeOf": "n"}}
    parts = Sheet("id,n,w a,3,t[id=b].n b,5,t.n c,12,t.n d,,u.n", fields, "id")
    sheets = {"t": parts, "u": Sheet("n 4", {"n": INTEGER})}
    rules = {"all": "t.n = 20", "each": "t[id=*].n <= 5", "rest": "2 * t[id=a].n + 1 = t", "none": "u.n = 5"}
    mentions = (
        "para 1,statistic,three,3,=,t[id=a].n,,",
        "para 2,statistic,nine,9,=,t.n,,",
        "p 3,statistic,50%,50%,=,u.n,t.n,",
    )
    found = diagnosis(write(tmp_path, sheets, rules, mentions=mentions, registered=("none,,5,5",)))
    sentence = found.explainer.statements.sentence
    told = {item.name: sentence(check(found, item.name)) for item in found.network.checks}
    assert told == {
        "all": "Rule all. It reads 3 + 5 + 12 + unknown = 20 (all)",
        "each[id=a]": "Rule each. It reads 3 <= 5 (each[id=a])",
        "each[id=b]": "Rule each. It reads 5 <= 5 (each[id=b])",
        "each[id=c]": "Rule each. It reads 12 <= 5 (each[id=c])",
        "each[id=d]": "Rule each. It reads unknown <= 5 (each[id=d])",
        "rest": "Rule rest. It reads 2 * 3 + 1 = 4 (rest)",
        "none": "none is registered with 5 in left_value",
        "m1": "para 1 prints 'three' where the tables have 3",
        "m2": "para 2 prints 'nine' where the tables have unknown",
        "m3": "p 3 prints '50%' where the tables have 4",
        f"t row 1: {WHOLE}": f"{PART} It reads 3 <= 5 (t row 1: {WHOLE})",
        f"t row 2: {WHOLE}": f"{PART} It reads 5 <= unknown (t row 2: {WHOLE})",
        f"t row 3: {WHOLE}": f"{PART} It reads 12 <= unknown (t row 3: {WHOLE})",
        f"t row 4: {WHOLE}": f"{PART} It reads unknown <= 4 (t row 4: {WHOLE})",
    }


def test_long_sentences_are_cut(tmp_path: Path) -> None:
    """Of a sentence 600 characters are told, and how many there are."""
    sheet = Sheet(" ".join(["id,n", *(f"row{number},{number + 1000}" for number in range(200))]), {"n": COUNT}, "id")
    found = diagnosis(
        write(tmp_path, {"t": sheet}, {"r": " + ".join(f"t[id=row{number}].n" for number in range(199)) + " = 1"})
    )
    sentence = found.explainer.statements.sentence(0)
    assert sentence[600:] == "… (1415 characters)"


@pytest.mark.parametrize(("speaking", "against", "share"), [(1, 1, 0.5), (2, 1, 0.67), (1, 2, 0.33), (5, 1, 0.83)])
def test_shares_of_what_speaks(speaking: int, against: int, share: float) -> None:
    """Confidence is told to two decimals."""
    assert ratio(speaking, against) == share
