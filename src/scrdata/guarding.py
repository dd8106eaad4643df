"""How well the checks of a package guard its numbers: which cells could be changed unnoticed.

A cell is *guarded alone* if validation fails for every other number that it could hold, *partly* if
for some. It is *guarded in pairs* if moreover no other cell can be changed together with it, so that
the two changes cancel. Both are computed from the equations; `docs/coverage.md` defines the terms.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from scrdata.domains import Domain, intersection
from scrdata.effects import Effects
from scrdata.errors import UnknownNameError
from scrdata.fields import SUMMABLE
from scrdata.mentions import contradiction, read_printed
from scrdata.network import REGISTERED, mention_relations
from scrdata.numerals import readings
from scrdata.pairing import Pairing
from scrdata.reading import scalar
from scrdata.records import Record
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scrdata.domains import End, Span
    from scrdata.effects import ColumnName, Influence
    from scrdata.mentions import Mention
    from scrdata.network import Cell
    from scrdata.reading import Table
    from scrdata.validation import Contents

GUARDED, PARTLY, UNGUARDED = "guarded", "partly", "unguarded"
VALUE = "value"
WORDS_RULE = "printed_words_say_the_value"
COLUMN_RULE = "cell_fits_its_column"


class GuardedCell(Record):
    """One cell, and how it is guarded.

    Attributes:
        table, row, key, column: where it is; rows are counted from 1, `key` holds the primary key by column.
        value: as text.
        alone: `guarded` if every other value is noticed, `partly` if some are, `unguarded` if none.
        least, greatest: between which ends other values pass unnoticed, as texts; `None` where there is no end,
            and of a guarded cell. An end that is left out itself begins with `>` or `<`.
        in_pairs: the cell is guarded alone, and in pairs with any other.
        partner: a cell that can be changed together with it, as in `judgements.reviews row 3`; `None` of a cell
            that is guarded in pairs, of one that is not guarded alone, and where the pairs could not be told apart.
        guards: names of the checks that notice changes of the cell alone.
    """

    table: str
    row: int
    key: dict[str, object]
    column: str
    value: str
    alone: str
    least: str | None
    greatest: str | None
    in_pairs: bool
    partner: str | None
    guards: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the object that `coverage --format json` prints."""
        return {**dict(zip(self._names, self.parts(), strict=True)), "guards": list(self.guards)}


class TableCoverage(Record):
    """How many cells of a table are counted, guarded alone, and guarded in pairs."""

    name: str
    cells: int
    alone: int
    in_pairs: int

    def to_dict(self) -> dict[str, object]:
        """Return the object that `coverage --format json` prints."""
        return dict(zip(self._names, self.parts(), strict=True))


class Coverage(Record):
    """How well the checks of a package guard its numbers.

    Attributes:
        package: where it was read from.
        columns: those that were looked at, as `table.column`.
        tables: the numbers of cells, table by table.
        cells: the cells that are not guarded in pairs, among them those that are not guarded alone; or all.
    """

    package: str
    columns: tuple[str, ...]
    tables: tuple[TableCoverage, ...]
    cells: tuple[GuardedCell, ...]

    @property
    def share(self) -> Fraction:
        """The share of cells that are guarded alone, exactly; 1 where there is no cell."""
        cells = sum(table.cells for table in self.tables)
        return Fraction(sum(table.alone for table in self.tables), cells) if cells else Fraction(1)

    @property
    def unguarded(self) -> tuple[GuardedCell, ...]:
        """The cells of which some other value passes unnoticed."""
        return tuple(cell for cell in self.cells if cell.alone != GUARDED)

    @property
    def unpaired(self) -> tuple[GuardedCell, ...]:
        """The cells that are guarded alone, and not in pairs."""
        return tuple(cell for cell in self.cells if cell.alone == GUARDED and not cell.in_pairs)

    def to_dict(self) -> dict[str, object]:
        """Return the object that `coverage --format json` prints."""
        return {
            "package": self.package,
            "columns": list(self.columns),
            "share": str(self.share),
            "tables": [table.to_dict() for table in self.tables],
            "cells": [cell.to_dict() for cell in self.cells],
        }


class Verdict(Record):
    """What is found of one cell: how it is guarded alone, between which ends values pass, and by which checks."""

    alone: str
    least: str | None
    greatest: str | None
    guards: tuple[str, ...]


def count_columns(contents: Contents) -> list[ColumnName]:
    """Return the columns that are looked at by default.

    These are the columns of integers and numbers that are in no key and no foreign key and not unique, and the
    values of the table of mentions.
    """
    found = []
    for table in contents.tables.values():
        schema = table.schema
        keys = {name for key in (schema.primary_key, *schema.unique_keys) for name in key}
        keys.update(name for key in schema.foreign_keys for name in key.fields)
        for field in schema.fields:
            is_count = field.type in SUMMABLE and not field.unique and field.name not in keys
            if is_count or (table is contents.mention_table and field.name == VALUE):
                found.append((table.name, field.name))
    return found


def chosen_columns(contents: Contents, names: Sequence[str]) -> list[ColumnName]:
    """Return the columns that some texts such as `judgements.reviews` name.

    Raises:
        UnknownNameError: a text names no column of numbers.
    """
    of_numbers = {
        f"{table.name}.{field.name}": (table.name, field.name)
        for table in contents.tables.values()
        for field in table.schema.fields
        if field.type in SUMMABLE or (table is contents.mention_table and field.name == VALUE)
    }
    for name in names:
        if name not in of_numbers:
            raise UnknownNameError("column of numbers", name, list(of_numbers))
    return [column for name, column in of_numbers.items() if name in names]


def measure_coverage(contents: Contents, package: str, columns: Sequence[str] = (), *, every: bool = False) -> Coverage:
    """Return how well the checks guard the cells of some columns.

    Args:
        contents: the package, with rules, mentions and register read.
        package: where it was read from.
        columns: such as `judgements.reviews`; by default those of `count_columns`.
        every: list the cells that are guarded in pairs too.

    Raises:
        UnknownNameError: there is no such column of numbers.
    """
    chosen = chosen_columns(contents, columns) if columns else count_columns(contents)
    guard = Guard(contents)
    verdicts: dict[ColumnName, dict[int, Verdict]] = {}
    for name in chosen:
        verdicts[name] = dict(guard.column(name) if name in guard.domains else guard.mentions())
    pairing = Pairing(guard.effects, guard.alternatives)
    cells: list[GuardedCell] = []
    tables: dict[str, list[int]] = {}
    for (table, column), found in verdicts.items():
        numbers = tables.setdefault(table, [0, 0, 0])
        for row, verdict in found.items():
            is_guarded = verdict.alone == GUARDED
            in_pairs, partner = pairing.verdict((table, column, row)) if is_guarded else (False, None)
            numbers[:] = [numbers[0] + 1, numbers[1] + is_guarded, numbers[2] + in_pairs]
            if every or not in_pairs:
                cells.append(_cell(contents.tables[table], column, row, verdict, partner, in_pairs=in_pairs))
    return Coverage(
        package,
        tuple(f"{table}.{column}" for table, column in verdicts),
        tuple(TableCoverage(name, *numbers) for name, numbers in tables.items()),
        tuple(cells),
    )


def _cell(
    table: Table, column: str, row: int, verdict: Verdict, partner: Cell | None, *, in_pairs: bool
) -> GuardedCell:
    """Return what is known of a cell as the value that callers get."""
    key: dict[str, object] = {name: scalar(table.columns[name][row]) for name in table.schema.primary_key}
    other = None if partner is None else f"{partner[0]}.{partner[1]} row {partner[2] + 1}"
    place = (table.name, row + 1, key, column, to_text(table.columns[column][row]))
    return GuardedCell(*place, verdict.alone, verdict.least, verdict.greatest, in_pairs, other, verdict.guards)


def _end_text(end: End | None, mark: str) -> str | None:
    if end is None or end[0] in (inf, -inf):
        return None
    value = end[0]
    text = str(value)
    if isinstance(value, Fraction) and value.denominator != 1:
        text = str(float(value))
    return f"{mark}{text}" if end[1] else text


class Guard:
    """Finds how each cell is guarded alone.

    Args:
        contents: the package, with rules, mentions and register read.

    Attributes:
        domains: of all columns of numbers.
        effects: of these columns on the checks.
        alternatives: by row of the table of mentions, the other values that the printed words can say.
    """

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        tables = contents.tables
        self.domains: dict[ColumnName, Domain] = {
            (table.name, field.name): Domain(table, field.name, tables)
            for table in tables.values()
            for field in table.schema.fields
            if field.type in SUMMABLE
        }
        self.effects = Effects(contents, self.domains)
        self.alternatives = {
            mention.row: found for mention in contents.mentions if (found := list(self._readings(mention)))
        }

    def column(self, name: ColumnName) -> Iterator[tuple[int, Verdict]]:
        """Yield each row of a column of numbers with the verdict on its cell; empty cells have none."""
        domain = self.domains[name]
        regions: dict[int, list[Span]] = {}
        guards: dict[int, list[str]] = {}
        whole = [domain.span]
        for influence in self.effects.influences(name).values():
            check = influence.check.name
            for row in influence.rows(domain.cells):
                region = influence.region(row, domain)
                if region != whole and intersection(whole, region) != whole:
                    regions[row] = intersection(regions[row], region) if row in regions else region
                    guards.setdefault(row, []).append(check)
        for row, cell in enumerate(domain.cells):
            if cell is not None:
                yield row, _judged(domain, row, regions.get(row, whole), guards.get(row, ()))

    def mentions(self) -> Iterator[tuple[int, Verdict]]:
        """Yield each row of the table of mentions with the verdict on its value; empty values have none."""
        table = self.contents.mention_table
        assert table is not None
        influences = list(self.effects.influences((table.name, VALUE)).values())
        for mention in self.contents.mentions:
            if mention.value:
                yield mention.row, self._mention(mention, influences)

    def _readings(self, mention: Mention) -> Iterator[str]:
        """Yield the other values that a mention could have by its words, its column and what it states."""
        assert self.contents.mention_table is not None
        field = self.contents.mention_table.schema.columns[VALUE]
        register = self.contents.register
        if register is not None and (mention.mention_id, "") in register.rows:
            return  # it must fail with the very value that is registered
        for _, value in sorted(readings(mention.words)):
            if value == mention.value or field.parse(value)[1] or contradiction(mention.words, value, mention.relation):
                continue
            printed = read_printed(value)
            is_share = printed is not None and printed.is_share
            if mention.total is None or (printed is not None and is_share == (mention.share_of is not None)):
                yield value

    def _mention(self, mention: Mention, influences: Iterable[Influence]) -> Verdict:
        """Return the verdict on the value of a mention."""
        others = self.alternatives.get(mention.row, [])
        if not others:
            return Verdict(GUARDED, None, None, (WORDS_RULE,))
        guards: list[str] = []
        passing = []
        for value in others:
            noticed = list(self._notices(mention, value, influences))
            guards += noticed
            if not noticed:
                passing.append(value)
        names = tuple(dict.fromkeys((WORDS_RULE, *guards)))
        if not passing:
            return Verdict(GUARDED, None, None, names)
        return Verdict(PARTLY, passing[0], passing[-1], names)

    def _notices(self, mention: Mention, value: str, influences: Iterable[Influence]) -> Iterator[str]:
        """Yield the names of the checks that notice another value of a mention."""
        network = self.effects.network
        if mention.total is not None:
            base = None if mention.share_of is None else network.node(mention.share_of)
            printed = read_printed(value)
            assert printed is not None
            relations = mention_relations(printed, mention.relation, network.node(mention.total), base)
            amounts = [network.amount(relation) for relation in relations]
            if not all(a is None or r.holds(a) for r, a in zip(relations, amounts, strict=True)):
                yield mention.mention_id
        for influence in influences:
            if influence.touches(mention.row):
                amount = influence.after(mention.row, mention.value, value)
                holds = influence.check.kind != REGISTERED if amount is None else influence.relation.holds(amount)
                if not holds:
                    yield influence.check.name


def _judged(domain: Domain, row: int, region: Sequence[Span], guards: Iterable[str]) -> Verdict:
    """Return the verdict on a cell that may have the values of a region as far as the checks can see."""
    least = domain.least(row, region)
    names = tuple(dict.fromkeys(guards))
    if least is None:
        return Verdict(GUARDED, None, None, names or (COLUMN_RULE,))
    alone = PARTLY if names else UNGUARDED
    return Verdict(alone, _end_text(least, ">"), _end_text(domain.greatest(row, region), "<"), names)
