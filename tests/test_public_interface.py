"""The public interface: what it consists of, how it is documented, and how little an import costs."""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.util
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scrdata
from scrdata import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

SOURCE = Path(scrdata.__file__).parent
README = (SOURCE.parent.parent / "README.md").read_text(encoding="utf-8")
FUNCTIONS = [name for name in scrdata.__all__ if name.islower()]
INTERFACE = ("questions", "verdicts", "products")
CLASSES = [name for name in scrdata.__all__ if not name.islower()]
METHODS = [name for name, value in vars(scrdata.Package).items() if name[0] != "_" and inspect.isfunction(value)]
HEAVY = (
    *("pandas", "pandera", "frictionless", "pyarrow", "narwhals", "polars", "numpy", "highspy"),
    *("dataclasses", "typing", "inspect"),
)


def public_definitions(path: Path) -> list[ast.FunctionDef | ast.ClassDef]:
    """Return the public functions, classes and methods that a module defines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name[0] != "_"]
    return found


MODULES = sorted(SOURCE.rglob("*.py"))


def test_public_names_are_sorted_and_exist() -> None:
    """`__all__` is sorted, each name in it can be got, and `dir` shows exactly these."""
    assert sorted(scrdata.__all__) == scrdata.__all__ == dir(scrdata)
    assert [name for name in scrdata.__all__ if getattr(scrdata, name).__name__ != name] == []


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that is not public is an `AttributeError` with the usual text."""
    with pytest.raises(AttributeError, match="module 'scrdata' has no attribute 'vaildate'"):
        scrdata.vaildate  # noqa: B018  (asking for it is the test)


def test_public_functions_are_those_of_their_modules() -> None:
    """Every function that the modules of the interface define for others is in `__all__`, and no other is."""
    defined = [node.name for home in INTERFACE for node in public_definitions(SOURCE / f"{home}.py")]
    assert sorted(defined) == FUNCTIONS


def test_public_names_are_what_type_checkers_see() -> None:
    """The imports that only type checkers see name exactly the public names, each from the module it is loaded from."""
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module != "importlib"]
    seen = {node.module: tuple(alias.name for alias in node.names) for node in imports if node.module != "__future__"}
    assert seen == scrdata._HOMES
    assert sorted(name for names in scrdata._HOMES.values() for name in names) == scrdata.__all__


def test_public_functions_are_those_of_the_readme() -> None:
    """The README uses or explains exactly the functions of the public interface."""
    used = set(re.findall(r"\bscrdata\.([a-z_]+)\(", README))
    explained = set(re.findall(r"^`([a-z_]+)` returns", README, re.MULTILINE))
    assert used | explained == set(FUNCTIONS)


def test_public_errors_are_those_of_the_tree() -> None:
    """The docstring of `errors` shows exactly the public errors, and of others where they are."""
    leaves = dict(re.findall(r"[├└]── (\w+)\s+(.*)", errors.__doc__ or ""))
    elsewhere = {
        name: where[1] for name, words in leaves.items() if (where := re.search(r"in `(scrdata[\w.]+)`", words))
    }
    assert sorted({"ScrdataError", *leaves} - elsewhere.keys()) == [name for name in CLASSES if name.endswith("Error")]
    for name, words in leaves.items():
        error = getattr(importlib.import_module(elsewhere.get(name, "scrdata")), name)
        also = [getattr(builtins, other) for other in re.findall(r"also a `(\w+)`", words)]
        assert error.__bases__ == (scrdata.ScrdataError, *also)


def test_public_values_are_what_the_functions_return() -> None:
    """Each further public class is the type of something that a public function returns or takes."""
    returned = " ".join(str(inspect.signature(getattr(scrdata, name))) for name in FUNCTIONS)
    held = " ".join(map(str, inspect.get_annotations(scrdata.Report).values()))
    values = [name for name in CLASSES if not name.endswith("Error")]
    assert [name for name in values if not re.search(rf"\b{name}\b", f"{returned} {held}")] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_everything_public_has_a_docstring(path: Path) -> None:
    """Each module says what it owns, and each public function, class and method what it does."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert [node.name for node in public_definitions(path) if not ast.get_docstring(node)] == []


def sections(docstring: str) -> dict[str, str]:
    """Return the sections of a docstring by their headings; the text before them has none."""
    parts = re.split(r"^(Args|Returns|Raises|Attributes):$", inspect.cleandoc(docstring), flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring_explains_arguments_and_result(name: str) -> None:
    """The docstring of each public function explains every argument, what is returned, and shows it in use."""
    signature = inspect.signature(getattr(scrdata, name))
    parts = sections(getattr(scrdata, name).__doc__ or "")
    named = re.findall(r"^    (\w+): ", parts.get("Args", ""), re.MULTILINE)
    assert named == list(signature.parameters)
    assert "Returns" in parts or parts[""].startswith("Return ")
    assert ">>> " in (getattr(scrdata, name).__doc__ or "")


@pytest.mark.parametrize("name", [name for name in METHODS if name in FUNCTIONS])
def test_methods_of_a_package_are_the_functions(name: str) -> None:
    """A method of `Package` takes what the function of the same name takes, and refers to it for the explanation."""
    method = getattr(scrdata.Package, name)
    parameters = inspect.signature(getattr(scrdata, name)).parameters
    of_the_function = [part for part in parameters if part not in ("location", "package", "limits", "old")]
    assert list(inspect.signature(method).parameters)[1:] == of_the_function
    assert not of_the_function or f"see `scrdata.{name}`" in (method.__doc__ or "")


def test_package_has_all_that_the_module_has() -> None:
    """Every function of `scrdata` is a method of a package, but those that open one or make one."""
    assert {*FUNCTIONS} - {*METHODS} == {"open_package", "init_package"}


RAISED = [
    ("open_package", "PackageError", lambda _, nowhere: scrdata.open_package(nowhere)),
    ("validate", "PackageError", lambda _, nowhere: scrdata.validate(nowhere)),
    ("load", "UnknownNameError", lambda sound, _: sound.load("nothing")),
    ("schema", "UnknownNameError", lambda sound, _: sound.schema("nothing")),
    ("total", "NotationError", lambda sound, _: sound.total("nothing")),
    ("cite", "NotationError", lambda sound, _: sound.cite("nothing")),
    ("cite", "ScrdataError", lambda sound, _: sound.cite("loans[kind=*]")),
    ("suggest", "PackageError", lambda _, nowhere: scrdata.suggest(nowhere)),
    ("suggest", "ScrdataError", lambda sound, _: sound.suggest(at_least=float("nan"))),
    ("init_package", "ScrdataError", lambda _, nowhere: scrdata.init_package(nowhere)),
    ("suspects", "PackageError", lambda _, nowhere: scrdata.suspects(nowhere)),
    ("diff", "PackageError", scrdata.diff),
    ("coverage", "PackageError", lambda _, nowhere: scrdata.coverage(nowhere)),
    ("coverage", "UnknownNameError", lambda sound, _: sound.coverage(columns=["nothing"])),
]


@pytest.mark.parametrize(("name", "error", "ask"), RAISED)
def test_documented_errors_are_raised(
    small_package: PackageFolder, tmp_path: Path, name: str, error: str, ask: Callable[..., object]
) -> None:
    """What the docstring of a function says it raises is raised."""
    assert f"{error}: " in sections(getattr(scrdata, name).__doc__ or "")["Raises"]
    with pytest.raises(getattr(scrdata, error)):
        ask(scrdata.open_package(small_package), tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *[("tables", ()), ("load", ("loans",)), ("schema", ("loans",)), ("total", ("loans.loans",))],
        *[("suggest", ()), ("coverage", ()), ("cite", ("loans.loans",)), ("diff", (scrdata.open_package(),))],
    ],
)
def test_altered_files_are_documented(small_package: PackageFolder, name: str, arguments: tuple[str, ...]) -> None:
    """Every function that needs a table raises `InvalidPackageError` where its file was altered, and documents it."""
    small_package.spoil("data/loans.csv", "north,adult,30", "north,adult,31")
    with pytest.raises(scrdata.InvalidPackageError):
        getattr(scrdata.open_package(small_package), name)(*arguments)
    assert "InvalidPackageError: " in sections(getattr(scrdata, name).__doc__ or "").get("Raises", "")


def test_return_types_of_total_are_documented(small_package: PackageFolder) -> None:
    """`total` returns each of the types that its docstring names."""
    small_package.add_column({"type": "number"}, "0.5")
    package = scrdata.open_package(small_package)
    kinds = {type(package.total(text)).__name__ for text in ("loans", "cells.cell", "loans.visits", "loans[kind=*]")}
    assert kinds == {"int", "Decimal", "NoneType", "dict"}
    text = sections(scrdata.total.__doc__ or "")["Returns"]
    assert [word for word in ("`int`", "`decimal.Decimal`", "`None`", "dictionary") if word not in text] == []


def modules_after(code: str, place: Path) -> set[str]:
    """Return the modules that a bare interpreter has loaded after running some code, without site-packages."""
    program = (
        f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r})\n{code}\n"
        "import json; print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=place, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_probe_sees_what_is_loaded(tmp_path: Path) -> None:
    """The probe of the following tests does see a module that a statement loads."""
    assert "dataclasses" not in modules_after("", tmp_path)
    assert {"dataclasses", "typing"} <= modules_after("import dataclasses, typing", tmp_path)


@pytest.mark.parametrize(
    "code",
    [
        "import scrdata",
        "import scrdata; scrdata.Report, scrdata.Finding, scrdata.Package, scrdata.InvalidPackageError",
        "import scrdata; assert scrdata.validate().valid",
        "import scrdata; scrdata.total('reviews'); scrdata.tables(); scrdata.suggest()",
        "from scrdata.cli import main; assert main(['validate']) == 0",
        "from scrdata.cli import main; assert main(['validate', '--format', 'json']) == 0",
        "from scrdata.cli import main; assert main(['validate', '--format', 'junit']) == 0",
        "from scrdata.cli import main; assert main(['validate', '--format', 'sarif']) == 0",
        "from scrdata.cli import main; assert main(['validate', '--format', 'github']) == 0",
        "from scrdata.cli import main; assert main(['tables']) == main(['total', 'reviews']) == 0",
        "from scrdata.cli import main; assert main(['show', 'boards']) == 0",
        "from scrdata.cli import main; assert main(['coverage']) == main(['cite', 'reviews']) == 0",
        "import scrdata; shipped = scrdata.open_package(); assert scrdata.diff(shipped, shipped).level == 'none'",
    ],
)
def test_nothing_heavy_is_loaded(code: str, tmp_path: Path) -> None:
    """Importing, validating and totalling need the standard library alone, and none of its slow modules."""
    loaded = modules_after(code, tmp_path)
    assert "scrdata" in loaded
    assert loaded.intersection(HEAVY) == set()
    top = {name.partition(".")[0] for name in loaded}
    assert top - set(sys.stdlib_module_names) - {"scrdata", "__main__"} == set()


def test_formats_are_loaded_when_asked_for(tmp_path: Path) -> None:
    """The text report loads no module of another format, nor what only reports need."""
    loaded = modules_after("from scrdata.cli import main; assert main(['validate']) == 0", tmp_path)
    others = {f"scrdata.{name}" for name in ("cli.github", "cli.junit", "cli.sarif", "catalogue", "outline")}
    assert "scrdata.cli.validate" in loaded
    assert loaded & {*others, "xml.etree.ElementTree", "urllib.parse"} == set()


def test_import_loads_one_module(tmp_path: Path) -> None:
    """`import scrdata` loads nothing but its own `__init__`."""
    assert modules_after("import scrdata", tmp_path) - modules_after("", tmp_path) == {"scrdata", "__future__"}


def test_heavy_modules_exist() -> None:
    """The heavy modules that are looked for are installed under these names, so that their absence says something."""
    assert [name for name in HEAVY if not importlib.util.find_spec(name)] == []
