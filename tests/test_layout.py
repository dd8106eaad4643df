"""The order of the parts: who may import whom, who may touch what, and how large a part may grow."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import scrdata

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(scrdata.__file__).parent
# Lowest first: a part imports only parts that stand before it. `scrdata` is the public interface itself.
ORDER = [
    *("records", "errors", "limits", "findings", "strict_json", "storage", "members", "archive", "opening"),
    *("pattern_syntax", "patterns", "pattern_translation", "values", "fields", "forms", "shapes", "places"),
    *("table_schema", "descriptor"),
    *("delimited", "tidiness", "reading", "scanning", "keys"),
    *("references", "vocabulary", "totals", "rules", "numerals", "mentions", "figures", "register", "evidence"),
    "validation",
    *("contents", "catalogue", "outline"),
    *("network", "programming", "localisation", "tracing"),
    *("domains", "effects", "pairing", "guarding"),
    *("inference", "unknowns", "reasons", "inquiry", "deduction", "implications"),
    *("writing", "sealing", "drafts", "scaffolding", "suggestion", "comparison", "frames"),
    *("checksums", "snapshots"),
    *("formats", "metadata", "citation", "explorer", "release", "crosscheck", "package", "proofreading"),
    *("questions", "verdicts", "products", "scrdata", "cli", "__main__"),
]
# Libraries that are slow or not our own, and the only modules that may import each of them.
ENGINES = (
    *("duckdb_files", "engines", "engine_keys", "engine_totals", "files", "instances", "measures"),
    *("pyspark_schemas", "queries", "spans", "suspicions"),
)
OWNERS = {
    "frictionless": {"crosscheck"},
    "highspy": {"programming"},
    "jinja2": {"explorer.page"},
    "duckdb": {"frames.duckdb_files", "frames.kinds", "frames.queries"},
    "narwhals": {f"frames.{name}" for name in ENGINES},
    "numpy": {"frames.loading"},
    "pandas": {"findings", "frames.loading"},
    "pandera": {"crosscheck", "frames.schemas", "frames.polars_schemas", "frames.pyspark_schemas"},
    "polars": {"frames.columnar", "frames.kinds", "frames.polars_schemas"},
    "py4j": {"frames.spark_files"},
    "pyarrow": {"formats.parquet", "frames.columnar", "frames.kinds"},
    "pyspark": {"frames.pyspark_schemas", "frames.spark_files"},
    "vl_convert": {"explorer.drawing"},
    "xlsxwriter": {"formats.spreadsheet"},
}
# Only `reading` and `scanning` make rows of CSV text, by way of `delimited`. These write CSV with the standard module.
CSV_WRITERS = {"cli.diff_rows", "cli.suggest", "explorer.page_data", "formats.csv_text", "proofreading.rebuilding"}
LONGEST_FUNCTION = 40
LONGEST_MODULE = 400


class Import(NamedTuple):
    """One import: the module that is imported, the line, and whether only type checkers see it."""

    module: str
    line: int
    is_for_types: bool


def name_of(path: Path) -> str:
    """Return the name of a module within the package, such as `cli.show`; the package itself is `scrdata`."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "scrdata"


TREES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def part_of(module: str) -> str:
    """Return the part that a module belongs to: its folder, or the module itself."""
    return module.partition(".")[0]


def read_imports(node: ast.AST, *, is_for_types: bool = False) -> Iterator[Import]:
    """Yield every import of a tree, those inside functions included."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, is_for_types) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports name the whole path"
            for alias in child.names:
                inner = f"{child.module}.{alias.name}"
                is_module = inner.removeprefix("scrdata.") in TREES
                yield Import(inner if is_module else str(child.module), child.lineno, is_for_types)
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            yield from read_imports(ast.Module(child.body, []), is_for_types=True)
            yield from read_imports(ast.Module(child.orelse, []), is_for_types=is_for_types)
        else:
            yield from read_imports(child, is_for_types=is_for_types)


IMPORTS = {name: list(read_imports(tree)) for name, tree in TREES.items()}


def own_imports(name: str) -> set[str]:
    """Return the modules of this project that a module imports when it runs, at the top or inside functions."""
    modules = {item.module for item in IMPORTS[name] if not item.is_for_types}
    return {module.removeprefix("scrdata.") for module in modules if module.partition(".")[0] == "scrdata"}


def test_every_part_has_its_place() -> None:
    """The order names exactly the parts that exist, each once."""
    parts = {part_of(name) for name in TREES}
    assert sorted(ORDER) == sorted(parts)


@pytest.mark.parametrize("name", TREES)
def test_imports_point_downwards(name: str) -> None:
    """A module imports only modules of its own part and of parts that stand before it; those for types aside."""
    allowed = ORDER[: ORDER.index(part_of(name)) + 1]
    assert [module for module in sorted(own_imports(name)) if part_of(module) not in allowed] == []


def test_public_interface_is_for_those_above_it() -> None:
    """Nothing below the command line imports `scrdata` itself, which would be a circle."""
    users = {part_of(name) for name in TREES if "scrdata" in own_imports(name)}
    assert users <= {"cli"}


def reached_from(name: str) -> set[str]:
    """Return every module that a module imports, itself or by way of others."""
    reached: set[str] = set()
    waiting = own_imports(name)
    while waiting:
        reached |= waiting
        waiting = {further for module in waiting & TREES.keys() for further in own_imports(module)} - reached
    return reached


@pytest.mark.parametrize("name", TREES)
def test_no_circles(name: str) -> None:
    """No module imports itself by way of others, not even inside functions."""
    assert name not in reached_from(name)


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_has_its_owner(library: str) -> None:
    """A library is imported only where its one user is; nobody else depends on it."""
    users = {
        name
        for name, items in IMPORTS.items()
        for item in items
        if item.module.partition(".")[0] == library and not item.is_for_types
    }
    assert users == OWNERS[library]


SCOPES = (ast.FunctionDef, ast.ClassDef)


def test_heavy_libraries_are_imported_when_needed() -> None:
    """Outside of `frames`, a heavy library is imported inside the function that needs it, never at the top."""
    top = {
        (name, item.module)
        for name, tree in TREES.items()
        if part_of(name) != "frames"
        for item in read_imports(ast.Module([node for node in tree.body if not isinstance(node, SCOPES)], []))
        if not item.is_for_types
        if item.module.partition(".")[0] in OWNERS or item.module.startswith("scrdata.frames")
    }
    assert top == set()


def attributes_of(name: str, module: str) -> set[str]:
    """Return what a module of this project uses of an imported module."""
    return {
        node.attr
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module
    }


def test_nobody_else_reads_csv() -> None:
    """Only `reading`, and `scanning` for engines, make rows of CSV text; the module csv is used for writing alone."""
    users = {name for name, items in IMPORTS.items() for item in items if item.module.partition(".")[0] == "csv"}
    assert users == CSV_WRITERS
    assert {attribute for name in users for attribute in attributes_of(name, "csv")} == {"writer"}
    assert {name for name in TREES if "delimited" in own_imports(name)} == {"reading", "scanning"}
    libraries = ("pd", "pandas", "pl", "polars", "pa", "csv")
    assert [name for name in TREES for library in libraries if "read_csv" in attributes_of(name, library)] == []


def test_frames_open_no_file() -> None:
    """DataFrames are made of tables that were read strictly: nothing in `frames` opens a file."""
    opened = {
        name
        for name, tree in TREES.items()
        if part_of(name) in ("frames", "rules", "totals", "references", "fields", "values", "evidence", "reading")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "open"
    }
    assert opened == set()


def code_lines(function: ast.FunctionDef) -> int:
    """Return the number of lines of a function without its docstring."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


@pytest.mark.parametrize("name", TREES)
def test_functions_are_short(name: str) -> None:
    """No function has more than 40 lines, its docstring aside."""
    functions = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.FunctionDef)]
    assert [function.name for function in functions if code_lines(function) > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("name", TREES)
def test_modules_are_short(name: str) -> None:
    """No module has more than 400 lines."""
    assert max((node.end_lineno or 0 for node in TREES[name].body), default=0) <= LONGEST_MODULE


def public_functions(name: str) -> set[str]:
    """Return the functions that a module defines for others."""
    tree = TREES[name]
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {function for function in defined if function[0] != "_"}


@pytest.mark.parametrize("name", TREES)
def test_no_function_is_called_like_a_module(name: str) -> None:
    """No public function shares the name of its module or of one beside it: importing the one would hide the other."""
    folder = name if any(other.startswith(f"{name}.") for other in TREES) else name.rpartition(".")[0]
    folder = "" if folder == "scrdata" else folder
    beside = {other.removeprefix(f"{folder}.") for other in TREES if other.startswith(folder)}
    modules = {other for other in beside if "." not in other} | {part_of(other) for other in beside}
    assert public_functions(name) & (modules - {"scrdata"}) == set()


VAGUE = ("utils", "helpers", "common", "base", "core", "manager", "misc", "tools")


def test_names_say_something() -> None:
    """No module is named after nothing in particular."""
    assert [name for name in TREES if set(name.split(".")).intersection(VAGUE)] == []
