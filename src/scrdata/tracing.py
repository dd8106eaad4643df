"""`Trace`: what a total is, where the report prints it, what binds it, and what is known to be wrong with it."""

from __future__ import annotations

from scrdata.errors import ScrdataError
from scrdata.figures import equal_figures, figure_of, figures_in, filled, outcomes, same_figures
from scrdata.findings import shown
from scrdata.mentions import evaluate_mention
from scrdata.records import Record
from scrdata.references import Condition, Reference
from scrdata.rules import reference_at
from scrdata.totals import NotSummableError
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrdata.figures import Figure
    from scrdata.mentions import Mention
    from scrdata.reading import Table
    from scrdata.register import AnyOutcome
    from scrdata.rules import Outcome
    from scrdata.totals import Amount, Totals
    from scrdata.validation import Contents

PRINTED, DERIVED, COUNTED, UNKNOWN = "printed", "derived", "counted", "unknown"
_STANDING = {
    PRINTED: "printed by the report",
    DERIVED: "not printed; follows from",
    COUNTED: "not printed; counted from the rows",
    UNKNOWN: "not printed, and does not follow from what is: a cell is missing",
}
AGREES, DIFFERS, REGISTERED, OPEN = "agrees", "differs", "registered discrepancy", "open"


class TracedMention(Record):
    """One place where the report prints the figure.

    Attributes:
        mention_id: of the mention.
        locator: the place in the report.
        printed: the words as printed.
        value: what they say.
        relation: between the total, or the share, and the value.
        total: the reference that the mention states.
        share_of: the base of a percentage or fraction, or `None`.
        stored: what the package holds, such as `147`, or `124 of 147`.
        verdict: `agrees`, `differs`, `registered discrepancy` or `open`.
    """

    mention_id: str
    locator: str
    printed: str
    value: str
    relation: str
    total: str
    share_of: str | None
    stored: str
    verdict: str

    def to_dict(self) -> dict[str, object]:
        """Return the object that `trace --format json` prints."""
        return dict(zip(self._names, self.parts(), strict=True))


class TracedRule(Record):
    """One rule, or one instance of a starred rule, that the figure takes part in.

    Attributes:
        rule_id: of the rule.
        instance: the starred values, such as `judgement=good`; empty without stars.
        equation: as the rule states it.
        filled: the same with numbers, each sum written out, such as `15 + 17 + 13 + 36 + 9 = 90`.
        verdict: `agrees`, `differs`, `registered discrepancy` or `open`.
        statement: the rule as a sentence.
    """

    rule_id: str
    instance: str
    equation: str
    filled: str
    verdict: str
    statement: str

    def to_dict(self) -> dict[str, object]:
        """Return the object that `trace --format json` prints."""
        return dict(zip(self._names, self.parts(), strict=True))


class Trace(Record):
    """Everything that the package knows about one total.

    Attributes:
        reference: the total, in canonical spelling.
        value: its value; `None` where a cell is missing.
        definition: which rows and which column it is made of.
        status: `printed` where the report prints the figure, `derived` where rules give it from others,
            `counted` where only the rows themselves do, `unknown` where a cell is missing.
        derivation: of a derived figure, the equations that give it, with numbers.
        same: other references that rules tie to the same figure.
        mentions: where the report prints it.
        rules: what it takes part in.
        discrepancies: rows of the register that touch it, as dictionaries of column to text.
    """

    reference: str
    value: Amount | None
    definition: str
    status: str
    derivation: tuple[str, ...]
    same: tuple[str, ...]
    mentions: tuple[TracedMention, ...]
    rules: tuple[TracedRule, ...]
    discrepancies: tuple[dict[str, str], ...]

    def standing(self) -> str:
        """Return in words whether the report prints the figure, and if not what gives it."""
        words = _STANDING[self.status]
        return f"{words} {self.derivation[0]}" if self.derivation else words

    def places(self) -> list[str]:
        """Return where the report prints the figure: one line for all places with the same words and verdict."""
        places: dict[str, list[str]] = {}
        for item in self.mentions:
            relation = "" if item.relation == "=" else f" ({item.relation} {item.value})"
            stored = "" if item.share_of is None else f" of {item.share_of}, here {item.stored}"
            verdict = "" if item.verdict == AGREES else f" [{item.verdict}]"
            places.setdefault(f"'{item.printed}'{relation}{stored}{verdict}", []).append(item.locator)
        return [f"{words}: {'; '.join(dict.fromkeys(locators))}" for words, locators in places.items()]

    def to_dict(self) -> dict[str, object]:
        """Return the object that `trace --format json` prints."""
        return {
            "reference": self.reference,
            "value": _plain(self.value),
            "definition": self.definition,
            "status": self.status,
            "derivation": list(self.derivation),
            "same": list(self.same),
            "mentions": [mention.to_dict() for mention in self.mentions],
            "rules": [rule.to_dict() for rule in self.rules],
            "discrepancies": [dict(item) for item in self.discrepancies],
        }


class ValueTrace(Record):
    """All totals and mentions that have one value.

    Attributes:
        value: the value.
        totals: references to totals that have it, one for each figure.
        mentions: pairs of locator and printed words that say it.
    """

    value: int
    totals: tuple[str, ...]
    mentions: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, object]:
        """Return the object that `trace --format json` prints."""
        mentions = [{"locator": locator, "printed": printed} for locator, printed in self.mentions]
        return {"value": self.value, "totals": list(self.totals), "mentions": mentions}


def _plain(value: Amount | None) -> int | str | None:
    return value if value is None or isinstance(value, int) else to_text(value)


class Bound(Record):
    """The outcome of a rule, and the figures of its totals."""

    outcome: Outcome
    figures: tuple[Figure, ...]


class Survey:
    """What a package says of its figures, looked up once for whoever traces many of them.

    Args:
        contents: the package, with rules, mentions and register read.
    """

    def __init__(self, contents: Contents) -> None:
        found = list(outcomes(contents.rules, contents.totals))
        self.bound = [Bound(outcome, tuple(figures_in(outcome, contents.totals))) for outcome in found]
        self.links = equal_figures(found, contents.totals)
        self.register = contents.register.table if contents.register is not None else None
        self.named = named_totals(self.register, contents) if self.register is not None else {}


def trace_total(text: str, contents: Contents, survey: Survey | None = None) -> Trace:
    """Return everything that a package knows about the total that a reference stands for.

    Args:
        text: a reference without stars.
        contents: the package, with rules, mentions and register read.
        survey: of the package, for whoever traces many totals.

    Raises:
        NotationError: the reference cannot be read, or names something that does not exist.
        ScrdataError: the reference is starred.
    """
    totals = contents.totals
    reference = totals.canonical(totals.reference(text))
    if reference.stars:
        raise ScrdataError(f"{shown(text)} stands for several totals; name one of them")
    figure = figure_of(reference, totals)
    survey = survey or Survey(contents)
    names = same_figures(figure, survey.links)
    figures = list(dict.fromkeys([figure, *names]))
    mentions = tuple(_traced_mentions(figures, reference, contents))
    bound = sorted(
        (item for item in survey.bound if any(_holding(item, figures))), key=lambda item: _distance(item, figures)
    )
    rules = tuple(_traced_rule(item, figures, contents) for item in bound)
    names.pop(figure, None)
    value = totals.value(reference)
    status, derivation = _status(value, mentions, bound, figures, totals)
    own = [item.outcome.check_id for item in bound if any(named in figures for named in item.figures)]
    checks = {mention.mention_id for mention in mentions}.union(own)
    return Trace(
        reference=str(reference),
        value=value,
        definition=_definition(reference, figure, contents),
        status=status,
        derivation=derivation,
        same=tuple(sorted(str(totals.canonical(other)) for other in names.values())),
        mentions=mentions,
        rules=rules,
        discrepancies=tuple(_discrepancies(figures, checks, survey)),
    )


def _definition(reference: Reference, figure: Figure, contents: Contents) -> str:
    table = contents.tables[reference.table]
    number = f"all {len(table)}" if len(figure.rows) == len(table) else f"{len(figure.rows)} of {len(table)}"
    rows = f"{number} rows of '{reference.table}'"
    if reference.conditions:
        rows += f" with {', '.join(map(str, reference.conditions))}"
    if reference.column is None:
        return f"the number of rows: {rows}"
    return f"the sum of '{reference.column}' over {rows}"


def _verdict(outcome: AnyOutcome, contents: Contents) -> str:
    if outcome.holds is None:
        return OPEN
    if outcome.holds:
        return AGREES
    register = contents.register
    return REGISTERED if register is not None and register.accepts(outcome) else DIFFERS


def _traced_mentions(figures: Sequence[Figure], reference: Reference, contents: Contents) -> Iterator[TracedMention]:
    totals = contents.totals
    for mention in contents.mentions:
        if mention.total is None or not _is_among(mention.total, reference, figures, totals):
            continue
        try:
            outcome = evaluate_mention(mention, totals)
        except NotSummableError:
            continue
        yield TracedMention(
            mention.mention_id,
            mention.locator,
            mention.words,
            mention.value,
            mention.relation,
            str(mention.total),
            str(mention.share_of) if mention.share_of is not None else None,
            outcome.sides[0],
            _verdict(outcome, contents),
        )


def _is_among(total: Reference, reference: Reference, figures: Sequence[Figure], totals: Totals) -> bool:
    """Say whether a total is one of the figures; those without rows are known by their spelling alone."""
    figure = figure_of(total, totals)
    return figure in figures if figure.rows else totals.canonical(total) == reference


def _distance(bound: Bound, figures: Sequence[Figure]) -> tuple[bool, int, bool]:
    """Order rules for a reader: about the figure itself, its equals, what it is part of; equations first, open last."""
    about = 0 if figures[0] in bound.figures else 1 if any(figure in bound.figures for figure in figures) else 2
    return bound.outcome.holds is None, about, bound.outcome.rule.equation.relation != "="


def _holding(bound: Bound, figures: Sequence[Figure]) -> Iterator[Figure]:
    """Yield the figures that a term of the outcome is, or has as a part, in their order."""
    yield from (figure for figure in figures if any(part.contains(figure) for part in bound.figures))


def _traced_rule(bound: Bound, figures: Sequence[Figure], contents: Contents) -> TracedRule:
    figure = next(_holding(bound, figures))
    outcome = bound.outcome
    rule = outcome.rule
    numbers = filled(outcome, figure, contents.totals)
    return TracedRule(
        rule.rule_id, outcome.instance, str(rule.equation), numbers, _verdict(outcome, contents), rule.statement
    )


def _status(
    value: Amount | None,
    mentions: Sequence[TracedMention],
    bound: Sequence[Bound],
    figures: Sequence[Figure],
    totals: Totals,
) -> tuple[str, tuple[str, ...]]:
    """Return whether the figure is printed or derived, and from what."""
    if value is None:
        return UNKNOWN, ()
    if any(item.relation == "=" and item.share_of is None and item.verdict == AGREES for item in mentions):
        return PRINTED, ()
    equations = [
        filled(item.outcome, next(_holding(item, figures)), totals)
        for item in bound
        if item.outcome.rule.equation.relation == "=" and item.outcome.holds and _says_more(item, figures)
    ]
    return (DERIVED, tuple(dict.fromkeys(equations))) if equations else (COUNTED, ())


def _says_more(bound: Bound, figures: Sequence[Figure]) -> bool:
    """Say whether an equation names a number other than those of the figure itself."""
    return any(figure not in figures for figure in bound.figures)


def _discrepancies(figures: Sequence[Figure], checks: set[str], survey: Survey) -> Iterator[dict[str, str]]:
    """Yield the rows of the register whose check is among those traced, or for which a traced figure is named."""
    table = survey.register
    if table is None:
        return
    for row, check in enumerate(table.columns["check_id"]):
        own = survey.named.get(to_text(table.columns["discrepancy_id"][row]), [])
        if to_text(check) in checks or any(figure in figures for figure in own):
            yield {name: to_text(cells[row]) for name, cells in table.columns.items()}


def named_totals(register: Table, contents: Contents) -> dict[str, list[Figure]]:
    """Return the figures that other tables name for a discrepancy: rows with a foreign key to it and a reference."""
    named: dict[str, list[Figure]] = {}
    for table in contents.tables.values():
        columns = [field.name for field in table.schema.fields if field.properties.get("scrdata:reference") is True]
        for key in table.schema.foreign_keys:
            if key.table != register.name or key.columns != ("discrepancy_id",):
                continue
            for row, discrepancy in enumerate(table.columns[key.fields[0]]):
                cells = [table.columns[column][row] for column in columns]
                figures = [figure_of(contents.totals.reference(str(cell)), contents.totals) for cell in cells if cell]
                named.setdefault(to_text(discrepancy), []).extend(figures)
    return named


def trace_value(value: int, contents: Contents) -> ValueTrace:
    """Return all totals and mentions that have a value: first what rules and mentions name, then single cells."""
    totals = contents.totals
    found: dict[Figure, str] = {}
    for reference in list_references(contents):
        try:
            is_it = totals.value(reference) == value
        except NotSummableError:
            continue
        figure = figure_of(reference, totals)
        if is_it and figure.rows:
            found.setdefault(figure, str(totals.canonical(reference)))
    mentions = tuple((item.locator, item.words) for item in contents.mentions if _says(item, value))
    return ValueTrace(value, tuple(found.values()), mentions)


def list_references(contents: Contents) -> Iterator[Reference]:
    """Yield every total that a mention or a rule names, instance by instance, and then every count of a table."""
    yield from _references(contents)
    yield from _cells(contents.tables)


def _says(mention: Mention, value: int) -> bool:
    printed = mention.printed
    return printed is not None and not printed.is_share and printed.numerator == value


def _references(contents: Contents) -> Iterator[Reference]:
    """Yield every total that a mention or a rule names, instance by instance."""
    for mention in contents.mentions:
        yield from mention.references
    for outcome in outcomes(contents.rules, contents.totals):
        for reference in outcome.references:
            yield reference_at(reference, outcome.values)


def _cells(tables: Mapping[str, Table]) -> Iterator[Reference]:
    """Yield a reference to each count of a table with a primary key."""
    for table in tables.values():
        counts = [field.name for field in table.schema.fields if field.type == "integer" and not field.unique]
        keys = table.schema.primary_key
        for column in counts if keys else []:
            for row in range(len(table)):
                values = [to_text(table.columns[name][row]) for name in keys]
                conditions = tuple(Condition((name,), "=", (cell,)) for name, cell in zip(keys, values, strict=True))
                yield Reference(table.name, conditions, column)
