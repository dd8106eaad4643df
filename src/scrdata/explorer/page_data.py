"""What the page shows, as plain values: figures with their traces, charts with their tables, and all tables.

Everything is read from the package; nothing on the page is written by hand but its headings.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from scrdata.figures import outcomes
from scrdata.records import Record
from scrdata.references import Condition, Reference
from scrdata.tracing import trace_total
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.fields import Field
    from scrdata.metadata.publication import Publication
    from scrdata.reading import Table
    from scrdata.rules import Outcome
    from scrdata.tracing import Trace
    from scrdata.validation import Contents


class Entry(Record):
    """One figure of the page: its anchor, its label in words, its value as text, and all that is known of it."""

    anchor: str
    label: str
    value: str
    trace: Trace


class Cell(Record):
    """One cell of a table: its text, the label if it is a code, and the anchor of its figure if it is one."""

    text: str
    label: str
    anchor: str


def anchor_of(reference: str) -> str:
    """Return the name of a figure on the page: `ref-` and the reference, with `_` and two digits for other characters.

    >>> anchor_of("reviews[judgement=good]")
    'ref-reviews_5Bjudgement_3Dgood_5D'
    """
    escaped = re.sub("_(?=[0-9A-F]{2})", "%5F", quote(reference, safe="").replace(".", "%2E").replace("~", "%7E"))
    return f"ref-{escaped.replace('%', '_')}"


class PageData:
    """Everything that the page shows of a publication."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.contents: Contents = publication.contents
        self.totals = self.contents.totals
        self.outcomes: list[Outcome] = list(outcomes(self.contents.rules, self.totals))
        self._summed = {(r.table, r.column) for r in self._stated() if r.column is not None}
        self.entries: dict[str, Entry] = {}
        for reference in (*self._stated(), *self._cells()):
            self.add(str(reference))

    def _stated(self) -> Iterator[Reference]:
        """Yield the totals that mentions and rules name."""
        for mention in self.contents.mentions:
            yield from mention.references
        for rule in self.contents.rules:
            yield from (reference for reference in rule.equation.references if not reference.stars)

    def _cells(self) -> Iterator[Reference]:
        """Yield a reference to every cell of the columns that the package adds up."""
        for table in self.contents.tables.values():
            for field in table.schema.fields:
                for row in range(len(table)):
                    reference = self.reference_to(table, row, field)
                    if reference is not None:
                        yield reference

    def reference_to(self, table: Table, row: int, field: Field) -> Reference | None:
        """Return the reference to a cell that totals are made of.

        Of a missing one it is worth asking why only in a table that states the status of its values.
        """
        keys = table.schema.primary_key
        if (table.name, field.name) not in self._summed or not keys or field.name in keys:
            return None
        if table.columns[field.name][row] is None and "value_status" not in table.columns:
            return None
        values = [to_text(table.columns[name][row]) for name in keys]
        conditions = tuple(Condition((name,), "=", (value,)) for name, value in zip(keys, values, strict=True))
        return Reference(table.name, conditions, field.name)

    def add(self, reference: str) -> Entry:
        """Return the entry of a figure, which is put on the page if it is not there yet."""
        canonical = self.totals.canonical(self.totals.reference(reference))
        anchor = anchor_of(str(canonical))
        if anchor not in self.entries:
            trace = trace_total(str(canonical), self.contents, self.outcomes)
            value = "not printed" if trace.value is None else to_text(trace.value)
            self.entries[anchor] = Entry(anchor, self._label(canonical), value, trace)
        return self.entries[anchor]

    def _label(self, reference: Reference) -> str:
        """Return a figure in words: what is counted, of which table, and what it is limited to."""
        table = self.contents.descriptor.resources[reference.table].title
        field = self.totals.schemas[reference.table].field(reference.column) if reference.column is not None else None
        limits = ", ".join(self._limit(reference.table, condition) for condition in reference.conditions)
        return ": ".join(filter(None, (table, limits, field.title if field is not None else "")))

    def _limit(self, table: str, condition: Condition) -> str:
        """Return a condition in words: the labels of codes, else the title of the column and the values."""
        field = self.totals.end_field(table, condition.path)
        labels = {to_text(code.value): code.label for code in field.categories}
        values = " or ".join(labels.get(value, value) or "missing" for value in condition.values)
        if condition.operator == "=" and labels.keys() >= set(condition.values):
            return values
        return f"{field.title} {'' if condition.operator == '=' else condition.operator + ' '}{values}"

    def has(self, *references: str) -> bool:
        """Say whether the package has all tables, columns and codes of some references."""
        from scrdata.errors import NotationError

        try:
            return all(self.totals.reference(reference) for reference in references)
        except NotationError:
            return False

    def rows(self, table: Table) -> list[list[Cell]]:
        """Return the rows of a table."""
        return [[self._cell(table, row, field) for field in table.schema.fields] for row in range(len(table))]

    def _cell(self, table: Table, row: int, field: Field) -> Cell:
        value = table.columns[field.name][row]
        text = to_text(value)
        label = next((code.label for code in field.categories if code.value == value), "")
        reference = self.reference_to(table, row, field)
        anchor = self.add(str(reference)).anchor if reference is not None else ""
        return Cell(text, label, anchor)
