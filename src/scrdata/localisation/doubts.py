"""What a validation has found already, in the form of checks that a change can mend."""

from __future__ import annotations

from scrdata.mentions import read_printed
from scrdata.network import Check, Network, Relation, mention_relations
from scrdata.numerals import readings
from scrdata.records import Record
from scrdata.references import Condition, Reference
from scrdata.rules import HOLDS
from scrdata.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrdata.findings import Finding
    from scrdata.reading import Table
    from scrdata.validation import Contents

KEY, REFERENCE, CELL_RULE = "key", "reference", "cell"
CONTRADICTION = "printed_words_say_the_value"
_UNIQUE, _REFERENCE = "unique_key_is_unique", "foreign_key_exists"
_KEYS = ("primary_key_is_unique", "cell_is_unique", _UNIQUE)
_CELLS = (
    *("cell_fits_type", "required_cell_is_present", "cell_is_in_enum", "cell_is_a_category"),
    *("cell_is_within_bounds", "cell_matches_pattern", "cell_has_allowed_length", "primary_key_is_present"),
)


class Contradiction(Record):
    """A mention whose printed words say another value than the one beside them.

    Attributes:
        row: in the table of mentions, from 0.
        words: as printed.
        value: that stands beside them.
        readings: values that the words say.
        as_read: for each reading, what the mention would then state, or `None` where it states nothing.
        as_valued: what the mention states if its value is right, or `None`.
    """

    row: int
    words: str
    value: str
    readings: tuple[str, ...]
    as_read: tuple[tuple[Relation, ...] | None, ...]
    as_valued: tuple[Relation, ...] | None


def wrong_cells(contents: Contents, network: Network, said: dict[int, str]) -> dict[tuple[str, int, str], int]:
    """Add a check to the network for each cell that its own field refuses; return it by table, row and column.

    Args:
        contents: the package.
        network: takes the checks.
        said: takes what the finding says, by check.
    """
    files: dict[str | None, Table] = {table.file: table for table in contents.tables.values()}
    wrong: dict[tuple[str, int, str], int] = {}
    for finding in contents.ledger.findings:
        table = files.get(finding.file)
        if finding.rule not in _CELLS or table is None:
            continue
        assert finding.row is not None
        assert finding.column is not None
        cell = (table.name, finding.row - 1, finding.column)
        if cell not in wrong:
            check = Check(finding.rule, finding.rule, CELL_RULE, (), finding.row - 1, finding.column)
            wrong[cell] = network.add(check)
            said[wrong[cell]] = finding.message
    return wrong


def add_keys(contents: Contents, network: Network, said: dict[int, str]) -> None:
    """Add a check to the network for each key that stands twice, and each that refers to no row.

    Args:
        contents: the package.
        network: takes the checks.
        said: takes what the finding says, by check.
    """
    files: dict[str | None, Table] = {table.file: table for table in contents.tables.values()}
    seen: set[tuple[str, tuple[Relation, ...]]] = set()
    for finding in contents.ledger.findings:
        if finding.rule not in (*_KEYS, _REFERENCE):
            continue
        kind = REFERENCE if finding.rule == _REFERENCE else KEY
        relate = _dangling if kind == REFERENCE else _doubles
        assert finding.row is not None
        for relation in relate(files[finding.file], finding, finding.row - 1, network):
            relations = (relation,)
            if (kind, relations) not in seen:
                check = Check(finding.rule, finding.rule, kind, relations, finding.row - 1, finding.column or "")
                said[network.add(check)] = finding.message
                seen.add((kind, relations))


def _doubles(table: Table, finding: Finding, row: int, network: Network) -> Iterator[Relation]:
    """Yield that the rows are one at most which share the key of a row that a finding is about."""
    names = [table.schema.primary_key]
    if finding.column is not None:
        names = [(finding.column,)]
    elif finding.rule == _UNIQUE:
        names = [key for key in table.schema.unique_keys if _count(table, key, row) > 1]
    for key in names:
        reference = _rows_like(table, key, row)
        if reference is not None:
            yield Relation(((1, network.node(reference)),), -1, "<=")


def _count(table: Table, names: tuple[str, ...], row: int) -> int:
    keys = list(zip(*(table.columns[name] for name in names), strict=True))
    return keys.count(keys[row])


def _rows_like(table: Table, names: tuple[str, ...], row: int) -> Reference | None:
    """Return the reference to all rows that have some cells in common with a row."""
    cells = [to_text(table.columns[name][row]) for name in names]
    if "" in cells:
        return None
    conditions = tuple(Condition((name,), "=", (cell,)) for name, cell in zip(names, cells, strict=True))
    return Reference(table.name, conditions)


def _dangling(table: Table, finding: Finding, row: int, network: Network) -> Iterator[Relation]:
    """Yield that a row exists to which a key refers: the rows with it are at most so many times the rows it names."""
    for key in table.schema.foreign_keys:
        target = network.totals.tables.get(key.table or table.name)
        referring = _rows_like(table, key.fields, row)
        if key.fields[0] != finding.column or target is None or referring is None:
            continue
        conditions = tuple(
            Condition((name,), "=", condition.values)
            for name, condition in zip(key.columns, referring.conditions, strict=True)
        )
        meant = network.node(Reference(target.name, conditions))
        yield Relation(((1, network.node(referring)), (-len(table), meant)), 0, "<=")


def contradictions(contents: Contents, network: Network) -> Iterator[Contradiction]:
    """Yield the mentions whose words and value do not agree."""
    table = contents.mention_table
    if table is None:
        return
    rows = {f.row - 1 for f in contents.ledger.findings if f.rule == CONTRADICTION and f.row}
    for row in sorted(rows):
        words, value = (to_text(table.columns[name][row]) for name in ("printed", "value"))
        said = tuple(dict.fromkeys(spelt for _, spelt in sorted(readings(words))))
        as_read = tuple(_stated(contents, network, row, text) for text in said)
        yield Contradiction(row, words, value, said, as_read, _stated(contents, network, row, value))


def _stated(contents: Contents, network: Network, row: int, value: str) -> tuple[Relation, ...] | None:
    """Return what a mention states about a total if it has a value; `None` if it states nothing that can be read."""
    table = contents.mention_table
    assert table is not None
    texts = {name: to_text(table.columns[name][row]) for name in ("total", "share_of", "relation")}
    printed = read_printed(value)
    if not texts["total"] or texts["relation"] not in HOLDS or printed is None:
        return None
    if printed.is_share != bool(texts["share_of"]):
        return None
    total = network.totals.reference(texts["total"])
    base = network.totals.reference(texts["share_of"]) if texts["share_of"] else None
    if not network.is_read([total, *([] if base is None else [base])]):
        return None
    node = None if base is None else network.node(base)
    return mention_relations(printed, texts["relation"], network.node(total), node)
