"""`Dossiers`: what the page tells of each figure, and the links by which every number on the page leads to it.

All that is said comes of `trace_total`. Rules, places and discrepancies are many figures' in common, so each is
kept once and named by its position.
"""

from __future__ import annotations

from contextlib import suppress

from scrdata.errors import NotationError
from scrdata.figures import figure_of
from scrdata.reasons import label_conditions
from scrdata.totals import NotSummableError
from scrdata.tracing import AGREES, Survey, list_references, trace_total
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.figures import Figure
    from scrdata.references import Reference
    from scrdata.tracing import Trace, TracedMention
    from scrdata.validation import Contents

NO_VALUE = "not printed"


class Dossiers:
    """The figures of a package: those that it names itself, and those that the page asks for.

    Args:
        contents: the package, with rules, mentions and register read.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._survey = Survey(contents)
        self._positions: dict[Figure | str, int] = {}
        self._traces: list[Trace] = []
        self._aliases: dict[str, int] = {}
        self._anchors = _name_anchors(contents)
        for reference in list_references(contents):
            # A rule over two tables has instances whose code only one of them knows.
            with suppress(NotationError, NotSummableError):
                self._find(reference)

    def trace(self, text: str) -> Trace:
        """Return what is known of a figure, which is on the page from now on."""
        return self._traces[self._position(text)]

    def value(self, text: str) -> str:
        """Return the value of a figure as the page shows it."""
        return to_text(self.trace(text).value) or NO_VALUE

    def label(self, text: str) -> str:
        """Return a figure by titles and labels, such as `Children: Born to teenage parents`."""
        return _label(self._contents.totals.reference(text), self._contents)

    def places(self, *texts: str) -> list[str]:
        """Return where the report prints figures as numbers of their own, each place once, in reading order."""
        mentions = [item for text in texts for item in self.trace(text).mentions]
        own = {item.locator for item in mentions if item.relation == "=" and item.share_of is None}
        return [place for place in dict.fromkeys(item.locator for item in self._contents.mentions) if place in own]

    def anchor(self, text: str) -> str:
        """Return where on the page a figure is read about without a program: a mention, a rule, or the table."""
        trace = self.trace(text)
        if trace.mentions:
            return self.row_anchor(trace.mentions[0].mention_id)
        if trace.rules:
            return self.row_anchor(trace.rules[0].rule_id)
        return self.table_anchor(self._contents.totals.reference(text).table)

    def row_anchor(self, check_id: str) -> str:
        """Return the identifier of the row of a rule or a mention."""
        return self._anchors["row", check_id]

    def table_anchor(self, name: str) -> str:
        """Return the identifier of the part of the page that shows a table."""
        return self._anchors["table", name]

    def _context(self, text: str) -> str:
        """Return the title of the table that a figure is of."""
        return self._contents.descriptor.tables[self._contents.totals.reference(text).table].title

    def _position(self, text: str) -> int:
        if text not in self._aliases:
            self._aliases[text] = self._find(self._contents.totals.reference(text))
        return self._aliases[text]

    def _find(self, reference: Reference) -> int:
        """Return the position of a figure, which is traced if it is new."""
        totals = self._contents.totals
        canonical = totals.canonical(reference)
        text = str(canonical)
        if text not in self._aliases:
            figure = figure_of(canonical, totals)
            name = figure if figure.rows else text
            if name not in self._positions:
                self._traces.append(trace_total(text, self._contents, self._survey))
                self._positions[name] = len(self._traces) - 1
            self._aliases[text] = self._positions[name]
        return self._aliases[text]

    def to_dict(self) -> dict[str, object]:
        """Return all figures for the page's program; rules and discrepancies are named by position."""
        rules: dict[tuple[str, str], int] = {}
        discrepancies: dict[str, dict[str, str]] = {}
        figures = []
        for trace in self._traces:
            for rule in trace.rules:
                rules.setdefault((rule.rule_id, rule.statement), len(rules))
            for item in trace.discrepancies:
                discrepancies.setdefault(item["discrepancy_id"], item)
            figures.append(
                {
                    "reference": trace.reference,
                    "value": to_text(trace.value) or NO_VALUE,
                    "label": self.label(trace.reference),
                    "context": self._context(trace.reference),
                    "definition": trace.definition,
                    "standing": trace.standing(),
                    "status": trace.status,
                    "same": list(trace.same),
                    "mentions": [_mention(item) for item in trace.mentions],
                    "rules": [
                        [rules[rule.rule_id, rule.statement], rule.instance, rule.filled, _verdict(rule.verdict)]
                        for rule in trace.rules
                    ],
                    "discrepancies": [
                        list(discrepancies).index(item["discrepancy_id"]) for item in trace.discrepancies
                    ],
                    "cited": trace.places(),
                }
            )
        return {
            "figures": figures,
            "aliases": dict(sorted(self._aliases.items())),
            "rules": [list(rule) for rule in rules],
            "discrepancies": list(discrepancies.values()),
        }


def _mention(mention: TracedMention) -> list[str]:
    """Return place, printed words, what else is to be said, and the verdict if it is not that all agree."""
    said = "" if mention.relation == "=" else f"{mention.relation} {mention.value}"
    if mention.share_of is not None:
        said = f"{said} as a share of {mention.share_of}: {mention.stored}".strip()
    return [mention.locator, mention.printed, said, _verdict(mention.verdict)]


def _verdict(verdict: str) -> str:
    return "" if verdict == AGREES else verdict


def _label(reference: Reference, contents: Contents) -> str:
    totals = contents.totals
    title = contents.descriptor.tables[reference.table].title
    field = None if reference.column is None else totals.schemas[reference.table].field(reference.column)
    what = title if field is None else field.title
    labels = ", ".join(label_conditions(reference, totals))
    return f"{what}: {labels}" if labels else what


def _name_anchors(contents: Contents) -> dict[tuple[str, str], str]:
    """Return a short identifier for the row of each rule and mention, and one for each table."""
    kinds = {
        "r": ("row", [rule.rule_id for rule in contents.rules]),
        "m": ("row", [mention.mention_id for mention in contents.mentions]),
        "t": ("table", list(contents.descriptor.tables)),
    }
    return {
        (kind, name): f"{letter}{number}"
        for letter, (kind, names) in kinds.items()
        for number, name in enumerate(names, 1)
    }
