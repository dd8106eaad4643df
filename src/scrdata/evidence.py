"""What a package says about its own numbers: rules, mentions, and wholes that parts belong to.

A package names its table of rules by `scrdata:rules` and its table of mentions by
`scrdata:mentions`, both names of resources. `register` holds what is known to fail.
"""

from __future__ import annotations

import re

from scrdata.errors import NotationError
from scrdata.fields import rank
from scrdata.findings import Unsettled, quoted, shown
from scrdata.mentions import Mention, contradiction, evaluate_mention, read_printed
from scrdata.register import settle
from scrdata.rules import HOLDS, Rule, evaluate, evaluate_exceptions
from scrdata.totals import NotSummableError
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from scrdata.findings import Ledger
    from scrdata.reading import Table
    from scrdata.references import Reference
    from scrdata.register import Register
    from scrdata.totals import Totals
    from scrdata.values import Value

    Cell = Value | None

RULE_COLUMNS = ("rule_id", "equation")
MENTION_COLUMNS = ("mention_id", "locator", "printed", "value", "relation", "total", "share_of")


def read_rules(table: Table, totals: Totals, ledger: Ledger, unreadable: set[str]) -> list[Rule]:
    """Parse the rules of a package, and report those that cannot be parsed.

    Args:
        table: the table of rules.
        totals: the tables that the rules speak about.
        ledger: takes the findings.
        unreadable: tables whose schema cannot be applied; rules about them are not checked.
    """
    rules = []
    _check_ids(table, "rule_id", (), ledger)
    statements = table.columns.get("statement", [None] * len(table))
    columns = zip(table.columns["rule_id"], table.columns["equation"], statements, strict=True)
    for row, (rule_id, text, statement) in enumerate(columns):
        name, written = to_text(rule_id), to_text(text)
        try:
            equation = totals.equation(written)
        except NotationError as error:
            _refuse(error, name, table, row, "equation", ledger, unreadable)
            continue
        rules.append(Rule(name, equation, to_text(statement) or f"{name}.", row))
    return rules


def _check_ids(table: Table, column: str, taken: Collection[str], ledger: Ledger) -> None:
    """Report checks without an id, and ids that several checks have, whether or not the schema forbids it."""
    seen: set[Cell] = set(taken)
    rule, what = f"{column}_is_unique", column.removesuffix("_id")
    for row, name in enumerate(table.columns[column]):
        if name is None:
            ledger.add(table.finding(rule, f"the {what} has no id", row, column))
        elif name in seen:
            message = f"{quoted(to_text(name))} is the id of an earlier check; each has its own"
            ledger.add(table.finding(rule, message, row, column, found=to_text(name)))
        seen.add(name)


def _refuse(
    error: NotationError, check: str, table: Table, row: int, column: str, ledger: Ledger, unreadable: set[str]
) -> None:
    """Report a text that cannot be read; what names a table without a schema is merely not checked."""
    name = re.match("[A-Za-z0-9_-]*", error.text[error.position :])
    if name and name.group() in unreadable:
        ledger.not_checked.append(Unsettled(check, f"the schema of '{name.group()}' cannot be applied"))
        return
    rule = "equation_can_be_read" if column == "equation" else "reference_can_be_read"
    message = f"{error.problem} at character {error.position + 1} of {quoted(error.text)}"
    ledger.add(table.finding(rule, message, row, column, found=shown(error.text)))


def read_mentions(
    table: Table, totals: Totals, ledger: Ledger, unreadable: set[str], taken: Collection[str]
) -> list[Mention]:
    """Read the mentions of a package, hold words against values, and report what states nothing that can be checked.

    Args:
        table: the table of mentions.
        totals: the tables that the mentions speak about.
        ledger: takes the findings.
        unreadable: tables whose schema cannot be applied; mentions of their totals are not checked.
        taken: identifiers of rules, which no mention may have.
    """
    _check_ids(table, "mention_id", taken, ledger)
    empty: list[Cell] = [None] * len(table)
    names = ("mention_id", "locator", "printed", "value", "kind", "relation", "note")
    columns = zip(*(map(to_text, table.columns.get(name, empty)) for name in names), strict=True)
    mentions = []
    wordings: dict[tuple[str, str, str], str | None] = {}
    for row, (name, locator, words, value, kind, relation, note) in enumerate(columns):
        ledger.count("mentions")
        before = ledger.errors, len(ledger.not_checked)
        total, base = (
            _stated(table, row, column, name, totals, ledger, unreadable) for column in ("total", "share_of")
        )
        mention = Mention(name, locator, words, value, kind, relation, total, base, read_printed(value), row)
        if (ledger.errors, len(ledger.not_checked)) != before:
            continue
        said = (words, value, relation)
        if said not in wordings:
            wordings[said] = contradiction(*said)
        wrong = next(_problems(mention, wordings[said], explained=bool(note)), None)
        if wrong is None:
            mentions.append(mention)
            continue
        column, rule, problem = wrong
        message = f"{locator} prints {quoted(words)}: {problem}"
        ledger.add(table.finding(rule, message, row, column, found=shown(to_text(table.columns[column][row]))))
    return mentions


def _stated(
    table: Table, row: int, column: str, check: str, totals: Totals, ledger: Ledger, unreadable: set[str]
) -> Reference | None:
    """Parse the reference in a cell of a mention, if there is one."""
    if table.columns[column][row] is None:
        return None
    return _reference(table, row, column, totals, ledger, unreadable, check)


def _problems(mention: Mention, wording: str | None, *, explained: bool) -> Iterator[tuple[str, str, str]]:
    """Yield column, rule and sentence for each thing that keeps a mention from being a check."""
    if wording:
        yield "value", "printed_words_say_the_value", wording
    if mention.total is None:
        if mention.relation or mention.share_of is not None:
            yield "total", "mention_states_a_total", "there is a relation or a base, and no total"
        if mention.kind == "statistic" and not explained:
            yield "total", "statistic_has_total_or_note", "a statistic needs a total, or a note why no table holds it"
    elif mention.relation not in HOLDS:
        yield "relation", "mention_has_a_relation", f"a total needs one of {' '.join(HOLDS)}"
    elif mention.printed is None:
        yield "value", "mention_has_a_number", f"{quoted(mention.value)} is no number that a total can be compared with"
    elif mention.printed.is_share != (mention.share_of is not None):
        yield "share_of", "share_has_a_base", "percentages and fractions need a base, other numbers have none"


def check_mentions(mentions: list[Mention], register: Register, totals: Totals, ledger: Ledger, table: Table) -> None:
    """Hold every total that a mention states against what is printed; `table` is that of the mentions."""
    for mention in mentions:
        if mention.total is None or _unread(mention.mention_id, mention.references, totals, ledger):
            continue
        ledger.count("printed_totals")
        try:
            settle(evaluate_mention(mention, totals), register, totals, ledger, table)
        except NotSummableError as problem:
            message = f"{mention.locator} prints {quoted(mention.words)}, which cannot be checked: {problem}"
            ledger.add(table.finding(mention.mention_id, message, mention.row, "total"))


def check_rules(rules: list[Rule], register: Register, totals: Totals, ledger: Ledger, table: Table) -> None:
    """Evaluate every rule, and hold the failing ones against the register; `table` is that of the rules."""
    for rule in rules:
        if _unread(rule.rule_id, rule.equation.references, totals, ledger):
            continue
        ledger.count("rules")
        try:
            if rule.rule_id in register.checks:
                holding, outcomes = 0, list(evaluate(rule, totals))
            else:
                holding, outcomes = evaluate_exceptions(rule, totals)
            ledger.count("equations", holding + len(outcomes))
            for outcome in outcomes:
                settle(outcome, register, totals, ledger, table)
            _count_left_out(rule, totals, ledger)
        except NotSummableError as problem:
            ledger.add(table.finding(rule.rule_id, f"the rule cannot be evaluated: {problem}", rule.row, "equation"))


def _count_left_out(rule: Rule, totals: Totals, ledger: Ledger) -> None:
    """Count the instances of a rule that were not looked at one by one."""
    holding, failing, unsettled = totals.left_out(rule.equation)
    ledger.count("equations", holding + failing + unsettled)
    ledger.add_unlisted(failing)
    if unsettled:
        ledger.open.append(Unsettled(rule.rule_id, f"cells are missing in {unsettled} further instances"))


def _unread(check: str, references: Iterable[Reference], totals: Totals, ledger: Ledger) -> bool:
    """Say whether a check needs a table that was not accepted, say; it is then listed as not checked."""
    reason = totals.refusal(references)
    if reason is not None:
        ledger.not_checked.append(Unsettled(check, reason))
    return reason is not None


def check_references(
    table: Table, totals: Totals, ledger: Ledger, unreadable: set[str], but: Collection[str] = ()
) -> None:
    """Check every column that holds references: each can be read, and no part exceeds its whole.

    Columns named in `but` are read elsewhere.
    """
    for field in table.schema.fields:
        if field.properties.get("scrdata:reference") is not True or field.name in but:
            continue
        part = field.properties.get("scrdata:wholeOf")
        read: dict[str, Reference | None] = {}
        for row, cell in enumerate(table.columns[field.name]):
            if cell is None:
                continue
            text = str(cell)
            if text not in read:
                read[text] = _whole(table, row, field.name, totals, ledger, unreadable)
            reference = read[text]
            if reference is not None and part is not None:
                _check_part(table, row, str(part), reference, totals, ledger)


def _whole(
    table: Table, row: int, column: str, totals: Totals, ledger: Ledger, unreadable: set[str]
) -> Reference | None:
    """Parse a cell that holds a reference whose tables were read, once for all rows that hold the same."""
    check = f"{table.name}.{column} {table.columns[column][row]}"
    reference = _reference(table, row, column, totals, ledger, unreadable, check)
    if reference is None or _unread(check, [reference], totals, ledger):
        return None
    ledger.count("references")
    return reference


def _reference(
    table: Table, row: int, column: str, totals: Totals, ledger: Ledger, unreadable: set[str], check: str
) -> Reference | None:
    """Parse a cell that holds a reference to one total; report a text that is none."""
    text = str(table.columns[column][row])
    try:
        reference = totals.reference(text)
    except NotationError as error:
        _refuse(error, check, table, row, column, ledger, unreadable)
        return None
    if reference.stars:
        message = f"{quoted(text)} stands for several totals, where one is needed"
        ledger.add(table.finding("reference_can_be_read", message, row, column, found=text))
        return None
    return reference


def _check_part(table: Table, row: int, column: str, whole: Reference, totals: Totals, ledger: Ledger) -> None:
    part = table.columns[column][row]
    if part is None:
        return
    check = "part_does_not_exceed_whole"
    try:
        total = totals.value(whole)
    except NotSummableError as problem:
        ledger.add(table.finding(check, f"{whole} has no value: {problem}", row, column))
        return
    if total is None:
        ledger.open.append(Unsettled(f"{table.name} row {row + 1}: {check}", f"a cell is missing in {whole}"))
        return
    ledger.count("wholes")
    if (rank(part, total) or 0) > 0:
        message = f"'{column}' is {to_text(part)}, more than the whole it belongs to: {whole} is {to_text(total)}"
        ledger.add(
            table.finding(check, message, row, column, found=to_text(part), expected=f"at most {to_text(total)}")
        )
