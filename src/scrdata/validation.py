"""The order of the checks, from bytes to rules. Nothing here is specific to one package.

Later checks assume that earlier ones passed; what is therefore not evaluated is listed as
`not_checked`, and a package with anything not checked is not valid.
"""

from __future__ import annotations

import hashlib

from scrdata.descriptor import Descriptor, Resource, read_descriptor
from scrdata.evidence import (
    MENTION_COLUMNS,
    RULE_COLUMNS,
    check_mentions,
    check_references,
    check_rules,
    read_mentions,
    read_rules,
)
from scrdata.findings import NOTHING_CHECKED, Finding, Ledger, Report, Unsettled, quoted
from scrdata.keys import check_foreign_keys, check_keys
from scrdata.places import Place
from scrdata.reading import read_table
from scrdata.register import REGISTER_COLUMNS, Register, check_register
from scrdata.storage import Refusal
from scrdata.totals import Totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrdata.mentions import Mention
    from scrdata.opening import Storage
    from scrdata.reading import Table
    from scrdata.rules import Rule

HASHES = ("md5", "sha1", "sha256", "sha512")


class Contents:
    """What a package says: its tables, and what it declares to hold among them.

    Attributes:
        descriptor: what the descriptor says.
        tables: the tables that were accepted, by name.
        totals: evaluates references over them.
        rules: the rules that could be parsed.
        rule_table: the table that the rules stand in.
        mentions: the mentions that could be read.
        mention_table: the table that the mentions stand in.
        register: the registered discrepancies.
        ledger: what was found on the way.
    """

    def __init__(self, descriptor: Descriptor, tables: Mapping[str, Table], ledger: Ledger) -> None:
        self.descriptor = descriptor
        self.tables = tables
        self.totals = Totals(tables, {name: item.schema for name, item in descriptor.tables.items() if item.schema})
        self.ledger = ledger
        self.rules: list[Rule] = []
        self.rule_table: Table | None = None
        self.mentions: list[Mention] = []
        self.mention_table: Table | None = None
        self.register: Register | None = None


def judge(storage: Storage) -> Report:
    """Read a package and run every check that it declares."""
    return report_on(storage, examine(storage))


def examine(storage: Storage, *, doubtful: bool = False) -> Contents:
    """Read a package and run every check that it declares; return what it says, with a ledger of what is wrong.

    Args:
        storage: where the bytes come from.
        doubtful: keep tables in which single cells are wrong, for whoever looks for what is wrong with them.
    """
    ledger = Ledger(storage.limits.findings)
    descriptor = read_descriptor(storage, ledger)
    tables: dict[str, Table] = {}
    for resource in descriptor.resources.values():
        table = read_resource(descriptor, resource, ledger, doubtful=doubtful)
        if table is not None:
            tables[resource.name] = table
    contents = Contents(descriptor, tables, ledger)
    read_evidence(contents)
    for table in tables.values():
        _check_references_to_rows(table, tables, ledger)
        read_elsewhere = ("total", "share_of") if table is contents.mention_table else ()
        check_references(table, contents.totals, ledger, descriptor.unreadable, read_elsewhere)
    check_evidence(contents)
    return contents


def check_evidence(contents: Contents) -> None:
    """Evaluate rules and mentions, and hold those that fail against the register."""
    register, totals, ledger = contents.register, contents.totals, contents.ledger
    if register is None:
        return
    if contents.rule_table is not None:
        check_rules(contents.rules, register, totals, ledger, contents.rule_table)
    if contents.mention_table is not None:
        check_mentions(contents.mentions, register, totals, ledger, contents.mention_table)
    known = {rule.rule_id for rule in contents.rules} | {mention.mention_id for mention in contents.mentions}
    check_register(register, known, ledger)


def report_on(storage: Storage, contents: Contents) -> Report:
    """Return the verdict that the ledger amounts to; findings are in the order of the files, or tables, and lines."""
    ledger = contents.ledger
    order = {storage.descriptor: -1}
    for position, resource in enumerate(contents.descriptor.resources.values()):
        order[resource.path] = order[in_memory(resource.name)] = position
    findings = sorted(ledger.findings, key=lambda f: (order.get(f.file or "", -1), f.line or 0))
    return Report(
        package=storage.name,
        version=contents.descriptor.version,
        checked={**NOTHING_CHECKED, "tables": len(contents.tables), **ledger.checked},
        open=tuple(ledger.open),
        not_checked=tuple(ledger.not_checked),
        known_discrepancies=tuple(ledger.known_discrepancies),
        findings=tuple(findings),
        errors=ledger.errors,
        warnings=ledger.warnings,
    )


def in_memory(table: str) -> str:
    """Return what stands for the file of a table that is none."""
    return f"table {table}"


def read_resource(
    descriptor: Descriptor, resource: Resource, ledger: Ledger, *, doubtful: bool = False
) -> Table | None:
    """Read one resource, and check everything that concerns it alone; return it if it is a table to rely on.

    With `doubtful` it is also returned where single cells are wrong.
    """
    if resource.tabular and resource.schema is None:
        message = "its description cannot be applied, for what the findings say"
        ledger.not_checked.append(Unsettled(f"table {resource.name}", message))
    if not resource.path:
        return None
    place = Place(descriptor.documents, ledger, descriptor.storage.descriptor, ("resources", resource.position))
    try:
        data = descriptor.storage.read(resource.path)
    except Refusal as refusal:
        place.report(refusal.rule, refusal.message, ("path",))
        return None
    check_bytes(resource, len(data), lambda name: hashlib.new(name, data, usedforsecurity=False).hexdigest(), place)
    if resource.schema is None:
        return None
    table = read_table(resource, data, ledger, descriptor.storage.limits, doubtful=doubtful)
    if table is None:
        return None
    check_rows(resource, len(table), place)
    check_keys(table, ledger)
    return table


def check_rows(resource: Resource, number: int, place: Place) -> None:
    """Hold the number of rows against the one that the descriptor states."""
    rows = resource.properties.get("scrdata:rows")
    if rows is not None and rows != number:
        message = f"'{resource.path}' has {number} rows, the descriptor says {rows}"
        place.report("row_count_is_as_declared", message, ("scrdata:rows",), found=number, expected=rows)


def declared_hash(resource: Resource) -> tuple[str, str]:
    """Return the algorithm and the hexadecimal digits of the hash that a descriptor states; empty where it does not."""
    declared = resource.properties.get("hash")
    if declared is None:
        return "", ""
    name, colon, digest = str(declared).rpartition(":")
    return name if colon else "md5", digest


def check_bytes(resource: Resource, found: int, digest_by: Callable[[str], str], place: Place) -> None:
    """Hold size and hash of a file against those that the descriptor states.

    Args:
        resource: the resource.
        found: the number of bytes of its file.
        digest_by: returns the hexadecimal digits of the hash of the file by an algorithm.
        place: of the resource in its descriptor.
    """
    size = resource.properties.get("bytes")
    if size is not None and size != found:
        message = f"'{resource.path}' has {found} bytes, the descriptor says {size}"
        place.report("byte_count_is_as_declared", message, ("bytes",), found=found, expected=size)
    if resource.properties.get("hash") is None:
        return
    name, digest = declared_hash(resource)
    if name not in HASHES:
        message = f"the hash algorithm {quoted(name)} is not implemented; {', '.join(HASHES)} are"
        place.report("property_is_implemented", message, ("hash",))
        return
    actual = digest_by(name)
    place.ledger.count("hashes")
    if digest.lower() != actual:
        message = f"'{resource.path}' is not the file that the descriptor describes: its {name} hash differs"
        place.report(
            "hash_is_as_declared",
            message,
            ("hash",),
            found=f"{name}:{actual}",
            expected=f"{resource.properties['hash']}",
        )


def _check_references_to_rows(table: Table, tables: Mapping[str, Table], ledger: Ledger) -> None:
    """Check the foreign keys of a table; those to a table that was not accepted are not checked."""
    for key in table.schema.foreign_keys:
        if (key.table or table.name) not in tables:
            check = f"foreign key {table.name}.{','.join(key.fields)}"
            ledger.not_checked.append(Unsettled(check, f"the table '{key.table}' was not accepted"))
    check_foreign_keys(table, tables, ledger)


def read_evidence(contents: Contents) -> None:
    """Find the tables of rules, mentions and discrepancies that a descriptor names; parse them into `contents`."""
    descriptor, ledger = contents.descriptor, contents.ledger
    unreadable = descriptor.unreadable
    rules = contents.rule_table = _evidence_table(contents, "scrdata:rules", RULE_COLUMNS)
    mentions = contents.mention_table = _evidence_table(contents, "scrdata:mentions", MENTION_COLUMNS)
    register = _evidence_table(contents, "scrdata:discrepancies", REGISTER_COLUMNS)
    if rules is not None:
        contents.rules = read_rules(rules, contents.totals, ledger, unreadable)
    if mentions is not None:
        taken = {rule.rule_id for rule in contents.rules}
        contents.mentions = read_mentions(mentions, contents.totals, ledger, unreadable, taken)
    found = {"scrdata:rules": rules, "scrdata:mentions": mentions, "scrdata:discrepancies": register}
    if all(table is not None for name, table in found.items() if name in descriptor.properties):
        contents.register = Register(register, ledger)


def _evidence_table(contents: Contents, declaration: str, columns: tuple[str, ...]) -> Table | None:
    """Return the table that a declaration names; report one that does not exist or lacks a column."""
    descriptor, ledger = contents.descriptor, contents.ledger
    name = descriptor.properties.get(declaration)
    if not isinstance(name, str):
        return None
    place = Place(descriptor.documents, ledger, descriptor.storage.descriptor)
    if name not in descriptor.resources or not descriptor.resources[name].tabular:
        place.report(
            "declared_table_exists", f"'{declaration}' names {quoted(name)}, which is no table", (declaration,)
        )
        return None
    table = contents.tables.get(name)
    if table is None:
        ledger.not_checked.append(Unsettled(declaration, f"the table {quoted(name)} was not accepted"))
        return None
    missing = [column for column in columns if column not in table.columns]
    if missing:
        message = f"the table has no column {quoted(missing[0])}, which '{declaration}' needs"
        ledger.add(Finding("declared_table_exists", message, file=table.file, line=1, expected=missing[0]))
        return None
    return table
