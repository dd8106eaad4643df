"""Large files of a package as tables of an engine: every cell is read as text, and then as its type, or not at all.

Nothing is sniffed: delimiter, quotation, line ends and columns are named. A text that is not the one
spelling of a value of its type is kept beside the column, where `fields` judges it as in any file.
"""

from __future__ import annotations

import os
import tempfile

import narwhals as nw

from scrdata.errors import ScrdataError
from scrdata.findings import Unsettled, shown
from scrdata.frames.engines import COUNT, PLACE, EngineTable, counted, rows_of, sortable
from scrdata.frames.suspicions import judge_cell
from scrdata.places import Place
from scrdata.scanning import scan_file
from scrdata.storage import Folder, Refusal
from scrdata.validation import check_bytes, check_rows, declared_hash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import duckdb

    from scrdata.descriptor import Descriptor, Resource
    from scrdata.fields import Field
    from scrdata.findings import Finding, Ledger
    from scrdata.frames.engines import Row
    from scrdata.scanning import Scan

# Smaller files are read by `reading`, which needs less time for them than an engine to plan a query.
LEAST_BYTES = 1 << 20
MEMORY = "1GB"
OPTIONS = (
    "auto_detect=false, header=true, quote='\"', escape='\"', null_padding=false, strict_mode=true, "
    "ignore_errors=false, nullstr='', allow_quoted_nulls=true, comment='', skip=0, encoding='utf-8'"
)
# A number of so many characters is the shortest decimal that rounds to its double.
LONGEST_NUMBER = 15


class DuckDB:
    """A database of its own for the time of one verdict; what does not fit its memory goes to a temporary folder."""

    def __init__(self) -> None:
        try:
            import duckdb
        except ModuleNotFoundError:
            raise ScrdataError("duckdb is not installed; `pip install scrdata[duckdb]` installs it") from None
        self.folder = tempfile.TemporaryDirectory(prefix="scrdata-")
        settings = {"memory_limit": MEMORY, "temp_directory": self.folder.name, "preserve_insertion_order": "false"}
        self.connection = duckdb.connect(config=settings)
        self.broken: type[Exception] = duckdb.Error

    def __enter__(self) -> DuckDB:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.folder.cleanup()

    def read(self, place: str, resource: Resource, scan: Scan) -> tuple[duckdb.DuckDBPyRelation | None, str]:
        """Read a file into the database: one column for each field, and one for texts that are no value of it.

        Returns:
            The table, if it could be read, and what is wrong: nothing, or why the engine refused it, or that
            it did not find as many rows as there are lines.
        """
        schema = resource.schema
        assert schema is not None
        columns = ", ".join(f"{literal(field.name)}: 'VARCHAR'" for field in schema.fields)
        line_end = {"\n": "\\n", "\r\n": "\\r\\n"}[scan.line_end]
        source = (
            f"read_csv({literal(place)}, columns={{{columns}}}, delim={literal(resource.delimiter)}, "
            f"new_line='{line_end}', {OPTIONS})"
        )
        parts = [part for position, field in enumerate(schema.fields) for part in _parts(field, position)]
        name = identifier(f"table {resource.name}")
        try:
            made = self.connection.execute(f"create table {name} as select {', '.join(parts)} from {source}")
        except self.broken as problem:
            return None, f"DuckDB does not read it: {shown(str(problem).splitlines()[0])}"
        rows = made.fetchall()[0][0]
        difference = "" if rows == scan.rows else f"DuckDB read {rows} rows of {scan.rows}"
        return self.connection.table(name), difference


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def _parts(field: Field, position: int) -> list[str]:
    """Return the SQL expressions of a field: its values, and its texts that are none where the type has such."""
    name = identifier(field.name)
    text = name if "" in field.missing_values else f"coalesce({name}, '')"
    missing = sorted(field.missing_values - {""})
    if missing:
        text = f"case when {text} not in ({', '.join(map(literal, missing))}) then {text} end"
    value = typed(field, text)
    if value is None:
        return [f"{text} as {name}"]
    ill = f"case when {text} is not null and ({value}) is null then {text} end"
    return [f"{value} as {name}", f"{ill} as {identifier(ill_name(position))}"]


def ill_name(position: int) -> str:
    """Return the name of the column of texts that are no value of a field."""
    return f"{PLACE}ill{position}"


def typed(field: Field, text: str) -> str | None:
    """Return SQL for the value of a text, missing unless it is spelt just so; `None` where the text is the value."""
    if field.type == "integer":
        cast = f"try_cast({text} as bigint)"
        return f"case when cast({cast} as varchar) = {text} then {cast} end"
    if field.type == "date" and field.properties.get("format", "default") == "default":
        cast = f"try_cast({text} as date)"
        return f"case when length({text}) = 10 and cast({cast} as varchar) = {text} then {cast} end"
    if field.type == "year":
        return f"case when regexp_full_match({text}, '[0-9]{{4}}') then try_cast({text} as bigint) end"
    if field.type == "number":
        form = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?"
        fits = f"length({text}) <= {LONGEST_NUMBER} and regexp_full_match({text}, '{form}')"
        return f"case when {fits} then try_cast({text} as double) end"
    if field.type == "boolean":
        words = [field.properties.get("trueValues", ["true", "True", "TRUE", "1"])]
        words.append(field.properties.get("falseValues", ["false", "False", "FALSE", "0"]))
        true, false = (", ".join(literal(str(word)) for word in part) for part in words)  # type: ignore[attr-defined]
        return f"case when {text} in ({true}) then true when {text} in ({false}) then false end"
    return None


class FileTable(EngineTable):
    """A large file in an engine."""

    def __init__(self, resource: Resource, native: Any) -> None:  # noqa: ANN401  (a table of a library that need not be installed)
        assert resource.schema is not None
        super().__init__(resource.name, native, resource.schema, resource.path)
        fields = resource.schema.fields
        self.ill = {f.name: ill_name(i) for i, f in enumerate(fields) if ill_name(i) in self.names}
        self.names = [name for name in self.names if not str(name).startswith(PLACE)]

    def _kept(self) -> list[nw.Expr]:
        return [nw.col(name) for name in self.ill.values()]

    def _missing(self, field: Field) -> nw.Expr:
        missing = super()._missing(field)
        return missing & nw.col(self.ill[field.name]).is_null() if field.name in self.ill else missing

    def _further_counts(self) -> dict[str, nw.Expr]:
        return {name: counted(~nw.col(name).is_null()) for name in self.ill.values()}

    def _further_findings(self, answers: dict[str, Any], ledger: Ledger) -> list[tuple[Row, Finding]]:
        """Judge the texts that are no value of their column in the engine."""
        found = []
        for name, ill in self.ill.items():
            if answers[ill]:
                found += self._ill_findings(self.schema.columns[name], ill, ledger)
        return found

    def _ill_findings(self, field: Field, ill: str, ledger: Ledger) -> list[tuple[Row, Finding]]:
        groups = self.lazy().filter(~nw.col(ill).is_null()).group_by(ill).agg(nw.len().alias(COUNT))
        texts = self._bounded(rows_of(groups.sort(ill).head(self.judged + 1)), field.name, ledger)
        judged = {text: (judge_cell(field, text, clean=self.schema.clean)[1], number) for text, number in texts}
        wrong = {text: (problem, number) for text, (problem, number) in judged.items() if problem}
        if len(wrong) < len(judged):
            example = shown(next(text for text in judged if text not in wrong))
            reason = f"'{example}' has more digits than the engine holds exactly, or is spelt in a rare way"
            ledger.not_checked.append(Unsettled(f"{self.name}.{field.name}", reason))
        return self._listed(field, ill, wrong, ledger)


def read_large(
    descriptor: Descriptor, resource: Resource, engine: DuckDB, ledger: Ledger
) -> FileTable | None:
    """Read a large table of a package into an engine, after every byte of it was looked at.

    Returns:
        The table, or `None` with findings where its bytes are not what they should be.
    """
    storage = descriptor.storage
    schema = resource.schema
    assert isinstance(storage, Folder) and schema is not None  # noqa: PT018
    place = Place(descriptor.documents, ledger, storage.descriptor, ("resources", resource.position))
    try:
        with storage.open(resource.path) as file:
            before = _state(file.fileno())
            scan = scan_file(file, resource.path, resource.delimiter, schema, declared_hash(resource)[0])
            check_bytes(resource, scan.size, lambda _: scan.digest, place)
            if scan.problem is not None:
                ledger.add(scan.problem)
                return None
            name = os.path.join(storage.root, *resource.path.split("/"))
            native, reason = engine.read(name, resource, scan)
            if not before == _state(file.fileno()) == _state(name):
                reason = "the file was changed while it was read"
            elif reason:
                file.seek(0)
                again = scan_file(file, resource.path, resource.delimiter, schema, "", thorough=True)
                if again.problem is not None:
                    ledger.add(again.problem)
                    return None
    except Refusal as refusal:
        place.report(refusal.rule, refusal.message, ("path",))
        return None
    if native is None or reason:
        ledger.not_checked.append(Unsettled(f"table {resource.name}", reason))
        return None
    check_rows(resource, scan.rows, place)
    return FileTable(resource, native)


def _state(file: int | str) -> tuple[int, ...]:
    status = os.stat(file)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

