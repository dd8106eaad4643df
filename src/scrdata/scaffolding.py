"""A package made of a folder of CSV files: what is written, and that all of it or nothing is.

Only `.csv` and `.tsv` files are tables, the ones with commas and the others with tabs; nothing is
sniffed. Everything is made in memory first and judged by `validation`, so that what is written is valid.
"""

from __future__ import annotations

import hashlib
import json
import os
import re

from scrdata.drafts import draft_schema, draft_table
from scrdata.errors import ScrdataError
from scrdata.findings import shown
from scrdata.reading import read_undescribed
from scrdata.records import Record
from scrdata.references import is_name, name_from
from scrdata.storage import DESCRIPTOR, Folder, Refusal, components
from scrdata.validation import judge
from scrdata.writing import write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrdata.drafts import Draft

PROFILES = "https://datapackage.org/profiles/2.0/"
DELIMITERS = {".csv": ",", ".tsv": "\t"}
DEEPEST = 16
MOST_FILES = 1_000
RULES = "rules"
RULE_COLUMNS = ("rule_id", "equation", "statement", "basis", "locators")
_BASES = {
    "printed": "The source says so.",
    "definition": "Parts of a whole, or a group within a group.",
    "derived": "It follows from other figures.",
}


class NewTable(Record):
    """One table of a new package: its name, its file, its number of rows, and its columns with their types."""

    name: str
    file: str
    rows: int
    columns: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the object that `init --format json` prints."""
        return {"name": self.name, "file": self.file, "rows": self.rows, "columns": list(self.columns)}


class NewPackage(Record):
    """A package that was made.

    Attributes:
        folder: where.
        name: of the package.
        tables: one for each file of data, in the order of their paths.
        files: the files that were written, within the folder; the descriptor last.
        notes: what was passed over, and which names the notation of rules cannot write.
    """

    folder: str
    name: str
    tables: tuple[NewTable, ...]
    files: tuple[str, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the object that `init --format json` prints."""
        tables = [table.to_dict() for table in self.tables]
        return {
            "folder": self.folder,
            "name": self.name,
            "tables": tables,
            "files": list(self.files),
            "notes": list(self.notes),
        }


class _Planned(Folder):
    """The files of a package that is not written yet."""

    def __init__(self, folder: str, files: Mapping[str, bytes]) -> None:
        super().__init__(folder, folder, DESCRIPTOR)
        self.files = files

    def read(self, path: str) -> bytes:
        """Return the bytes that a file will have."""
        if path not in self.files:
            raise Refusal("file_exists", f"'{path}' cannot be read")
        return self.files[path]


def make_package(location: str | os.PathLike[str], name: str | None = None) -> NewPackage:
    """Make a package of the tables in a folder; see `scrdata.init_package`.

    Raises:
        ScrdataError: nothing was written; the text says why.
    """
    folder = os.fspath(location)
    if not os.path.isdir(folder):
        raise ScrdataError(f"{shown(folder)} is no folder")
    name = _package_name(folder, name)
    notes: list[str] = []
    paths = sorted(_find_tables(folder, notes))
    if not paths:
        raise ScrdataError(f"{shown(folder)} holds no .csv or .tsv file")
    rules = "data/rules.csv" if all(path.startswith("data/") for path in paths) else "rules.csv"
    names = _table_names(paths)
    _refuse_to_overwrite(folder, [DESCRIPTOR, rules, *(f"schemas/{item}.json" for item in (*names.values(), RULES))])
    data = _read_files(folder, paths)
    drafts = {path: draft_table(names[path], _cells(path, data[path])) for path in paths}
    files = _files(name, drafts, data, rules)
    _refuse_invalid(folder, {**data, **files})
    _write(folder, files)
    notes += _unwritable_names(drafts)
    tables = tuple(_new_table(path, draft) for path, draft in drafts.items())
    return NewPackage(folder, name, tables, tuple(files), tuple(notes))


def _new_table(path: str, draft: Draft) -> NewTable:
    return NewTable(draft.name, path, draft.rows, tuple(f"{column.name} ({column.type})" for column in draft.columns))


def _package_name(folder: str, name: str | None) -> str:
    if name is None:
        return name_from(os.path.basename(os.path.abspath(folder))) or "package"
    if not re.fullmatch("[a-z0-9][a-z0-9._-]*", name):
        raise ScrdataError(f"{shown(name)} is no name for a package: small letters, digits, '.', '_' and '-' are")
    return name


def _find_tables(folder: str, notes: list[str], below: str = "") -> Iterator[str]:
    """Yield the paths of the tables in a folder and below; links and hidden names are passed over."""
    try:
        with os.scandir(os.path.join(folder, below)) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise ScrdataError(f"{shown(os.path.join(folder, below))} cannot be read: {error.strerror or error}") from None
    for entry in entries:
        path = f"{below}{entry.name}"
        is_table = os.path.splitext(entry.name)[1].lower() in DELIMITERS
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            notes.append(f"passed over, a symbolic link: {shown(path)}")
        elif entry.is_dir(follow_symlinks=False):
            if path.count("/") >= DEEPEST:
                raise ScrdataError(f"{shown(path)} lies deeper than {DEEPEST} folders; name a folder below")
            yield from _find_tables(folder, notes, f"{path}/")
        elif is_table and not entry.is_file(follow_symlinks=False):
            notes.append(f"passed over, not a regular file: {shown(path)}")
        elif is_table:
            yield path


def _table_names(paths: list[str]) -> dict[str, str]:
    """Return a name for each table: of its file, as the notation can write it, and no two alike."""
    if len(paths) > MOST_FILES:
        raise ScrdataError(f"there are {len(paths):,} files, more than {MOST_FILES:,}; name a folder with fewer")
    names: dict[str, str] = {}
    taken = {RULES}
    for path in paths:
        stem = name_from(os.path.splitext(os.path.basename(path))[0]) or "table"
        # In an equation, digits alone are a number.
        stem = f"table_{stem}" if stem.isdigit() else stem
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        names[path] = name
    return names


def _refuse_to_overwrite(folder: str, paths: list[str]) -> None:
    for path in paths:
        parent = os.path.join(folder, os.path.dirname(path))
        if os.path.lexists(parent) and (not os.path.isdir(parent) or (parent != folder and os.path.islink(parent))):
            raise ScrdataError(f"{shown(parent)} is no folder, or a link to one; nothing was written")
        if os.path.lexists(os.path.join(folder, path)):
            raise ScrdataError(f"{shown(os.path.join(folder, path))} exists already; nothing was written")


def _read_files(folder: str, paths: list[str]) -> dict[str, bytes]:
    storage = Folder(folder, folder, DESCRIPTOR)
    try:
        return {"/".join(components(path)): storage.read(path) for path in paths}
    except Refusal as refusal:
        raise ScrdataError(f"{shown(refusal.message)}; nothing was written") from None


def _delimiter(path: str) -> str:
    return DELIMITERS[os.path.splitext(path)[1].lower()]


def _cells(path: str, data: bytes) -> dict[str, list[str]]:
    return read_undescribed(path, data, _delimiter(path))


def _files(name: str, drafts: Mapping[str, Draft], data: Mapping[str, bytes], rules: str) -> dict[str, bytes]:
    """Return the files to be written, in that order."""
    files = {
        f"schemas/{draft.name}.json": _json(draft_schema(draft, list(drafts.values()))) for draft in drafts.values()
    }
    files[f"schemas/{RULES}.json"] = _json(_rule_schema())
    files[rules] = (",".join(RULE_COLUMNS) + "\n").encode()
    resources = [_resource(draft.name, path, data[path], draft.rows) for path, draft in drafts.items()]
    descriptor = {
        "$schema": f"{PROFILES}datapackage.json",
        "name": name,
        "scrdata:rules": RULES,
        "resources": [*resources, _resource(RULES, rules, files[rules], 0)],
    }
    files[DESCRIPTOR] = _json(descriptor)
    return files


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(name: str, path: str, data: bytes, rows: int) -> dict[str, object]:
    delimiter = _delimiter(path)
    return {
        "name": name,
        "type": "table",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({} if delimiter == "," else {"dialect": {"delimiter": delimiter}}),
        "schema": f"schemas/{name}.json",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "scrdata:rows": rows,
    }


def _rule_schema() -> dict[str, object]:
    """Return the schema of an empty table of rules."""
    titles = ("Rule", "Equation", "Statement", "Basis", "Places in the source")
    fields: list[dict[str, object]] = [
        {"name": name, "type": "string", "title": title, "constraints": {"required": name != "locators"}}
        for name, title in zip(RULE_COLUMNS, titles, strict=True)
    ]
    fields[0]["constraints"] = {"required": True, "pattern": "[a-z0-9_]+"}
    fields[3]["categories"] = [
        {"value": basis, "label": basis, "description": words} for basis, words in _BASES.items()
    ]
    fields[3]["constraints"] = {"required": True, "enum": list(_BASES)}
    return {
        "$schema": f"{PROFILES}tableschema.json",
        "fields": fields,
        "missingValues": [""],
        "primaryKey": [RULE_COLUMNS[0]],
        "scrdata:text": "clean",
    }


def _refuse_invalid(folder: str, files: Mapping[str, bytes]) -> None:
    """Raise the first finding about a package that is still to be written."""
    report = judge(_Planned(folder, files))
    if not report.valid:
        first = next((f"{item.place}: {item.message}" for item in report.findings if item.severity == "error"), None)
        first = first or f"{report.not_checked[0].check}: {report.not_checked[0].reason}"
        raise ScrdataError(f"{first}; nothing was written")


def _write(folder: str, files: Mapping[str, bytes]) -> None:
    """Write all files, or none."""
    written: list[str] = []
    made: list[str] = []
    try:
        for path, data in files.items():
            place = os.path.join(folder, path)
            parent = os.path.dirname(place)
            if not os.path.isdir(parent):
                os.mkdir(parent)
                made.append(parent)
            write_file(place, data)
            written.append(place)
    except BaseException as error:
        for place in written:
            os.unlink(place)
        for place in reversed(made):
            os.rmdir(place)
        if isinstance(error, OSError):
            raise ScrdataError(f"{shown(folder)} cannot be written to: {error.strerror or error}") from None
        raise


def _unwritable_names(drafts: Mapping[str, Draft]) -> list[str]:
    return [
        f"rules cannot name the column {shown(column.name)} of {draft.name}: letters, digits, '_' and '-' are written"
        for draft in drafts.values()
        for column in draft.columns
        if not is_name(column.name)
    ]
