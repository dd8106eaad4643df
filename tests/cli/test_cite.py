"""`scrdata cite [REFERENCE]`: a citation as text, BibTeX, CSL-JSON, CITATION.cff and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import scrdata
from tests.metadata.publications import describe_fully

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import PackageFolder

    Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("reference", [(), ("loans.loans",)], ids=["package", "figure"])
@pytest.mark.parametrize("form", ["text", "bibtex"])
def test_words(run: Run, small_package: PackageFolder, form: str, reference: tuple[str, ...]) -> None:
    """The command prints what `cite` returns, as text by default."""
    describe_fully(small_package)
    citation = scrdata.open_package(small_package).cite(*reference)
    options = ["--package", small_package.folder, *([] if form == "text" else ["--format", form])]
    assert run("cite", *reference, *options) == (0, f"{getattr(citation, form)}\n", "")


def test_csl(run: Run, small_package: PackageFolder) -> None:
    """CSL-JSON is a list of items and nothing else, as reference managers import it."""
    code, out, _ = run("cite", "loans.loans", "--package", small_package.folder, "--format", "csl-json")
    assert (code, json.loads(out)) == (0, list(scrdata.open_package(small_package).cite("loans.loans").csl))


def test_json(run: Run, small_package: PackageFolder) -> None:
    """JSON holds all forms, the figure as `trace` prints it, and the name of the package."""
    code, out, _ = run("cite", "loans.loans", "--package", small_package.folder, "--format", "json")
    found = json.loads(out)
    assert (code, found.pop("package")) == (0, str(small_package.folder))
    assert found == scrdata.open_package(small_package).cite("loans.loans").to_dict()
    assert found["figure"]["value"] == 94


def test_citation_file(run: Run) -> None:
    """The file of the repository can be written anew by the command."""
    assert run("cite", "--format", "cff") == (0, scrdata.cite().cff, "")


@pytest.mark.parametrize(
    "arguments", [("loans[kind=*].loans",), ("lones",), ("",), ("loans.loans", "--format", "cff"), ("a", "b")]
)
def test_misuse(run: Run, small_package: PackageFolder, arguments: tuple[str, ...]) -> None:
    """What is no figure cannot be cited, and a figure has no CITATION.cff: a message, exit code 2, no output."""
    code, out, errors = run("cite", "--package", small_package.folder, *arguments)
    assert (code, out) == (2, "")
    assert "scrdata cite: " in errors
