"""The page on errors: every class that is raised at callers stands there, and the codes with which commands exit."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import scrdata
from scrdata import cli, errors

SOURCE = Path(scrdata.__file__).parent
PAGE = (SOURCE.parent.parent / "docs" / "errors.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE, re.MULTILINE))


def raised() -> dict[str, tuple[str, set[str]]]:
    """Return the classes of errors at callers by name: the module that defines each, and its bases."""
    classes = {
        node.name: (path.relative_to(SOURCE).with_suffix("").as_posix(), {ast.unparse(base) for base in node.bases})
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    found = {"ScrdataError"}
    while True:
        more = {name for name, (_, bases) in classes.items() if bases & found} - found
        if not more:
            return {name: classes[name] for name in found}
        found |= more


def test_every_error_is_documented() -> None:
    """Each class of errors has a row that says when it is raised and what to do, and no other has one."""
    assert ROWS.keys() == raised().keys()
    assert [name for name, row in ROWS.items() if not re.fullmatch(r"[^|]{20,} \| [^|]{20,}", row)] == []


def test_page_says_what_else_an_error_is_and_where() -> None:
    """The page names the second base of a class, and the module of one that is not public."""
    for name, (module, bases) in raised().items():
        others = bases - raised().keys() - {"Exception"}
        assert re.findall(r"also a `(\w+)`", ROWS[name]) == sorted(others), name
        where = f"(`scrdata.{module.removesuffix('/__init__').replace('/', '.')}`)"
        assert (where in ROWS[name]) is (name not in scrdata.__all__), name


def test_tree_names_every_error_of_the_interface() -> None:
    """The tree in the docstring of `errors` has each class of the page but that of the command line."""
    tree = re.findall(r"(?:^    |── )(\w+Error)", errors.__doc__ or "", re.MULTILINE)
    assert {*tree} == ROWS.keys() - {"OutputError"}


def test_page_lists_the_exit_codes() -> None:
    """The codes with which commands exit stand on the page."""
    codes = [int(code) for code in re.findall(r"^\| (\d) \| ", PAGE, re.MULTILINE)]
    assert codes == [cli.VALID, cli.INVALID, cli.MISUSE, cli.BUG]


def test_links_lead_somewhere() -> None:
    """Each link of the page is a page beside it."""
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert links
    assert [link for link in links if not (SOURCE.parent.parent / "docs" / link).is_file()] == []
