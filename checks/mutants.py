"""The mutants of a module: copies of it, each with one small mistake that some test should notice.

The mistakes are those of mutmut (https://mutmut.readthedocs.io), and three more for regular
expressions. mutmut itself makes and runs mutants of undecorated functions alone; here, grammars,
tables of properties and lists of columns stand at module level, and are mutated with the rest.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider, WhitespaceInclusivePositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE = Path(__file__).resolve().parent.parent / "src" / "scrdata"
# Where a mistake changes nothing at run time, or would only be seen by a type checker.
_FOR_TYPES = m.If(test=m.Name("TYPE_CHECKING")) | m.Assign(targets=[m.AssignTarget(m.Name("TYPE_CHECKING"))])
_STRICT = m.Arg(keyword=m.Name("strict"))
_SKIPPED = _STRICT | m.Annotation() | m.Assert() | m.Import() | m.ImportFrom() | _FOR_TYPES
# Without their argument these raise at once, whatever the tests are worth.
_CERTAIN = m.Call(func=m.Name("len") | m.Name("isinstance") | m.Name("TypeVar"))
# A slip in a regular expression: a quantifier that says more or less, a dot that means any character.
_SLIPS = (
    (re.compile(r"(?<!\\)(?<=[\])}])\?"), ""),
    (re.compile(r"(?<!\\)(?<=[\]){}])\*"), "+"),
    (re.compile(r"(?<!\\)(?<=[\]){}])\+"), "*"),
    (re.compile(r"\\\."), "."),
)
_REPEATED = re.compile(r"\{([0-9]+,)?([0-9]+)\}")


class Mutant(NamedTuple):
    """One mistake in a module.

    Attributes:
        name: the same as long as the code around it stays: module, scope, what it was and what it became.
        lines: the lines of the statement, or of the head of the compound statement, from 1.
        text: the first line of that statement.
        source: the module with the mistake.
    """

    name: str
    lines: range
    text: str
    source: str


def module_file(module: str) -> Path:
    """Return the file of a module, named without `scrdata.`."""
    return SOURCE.joinpath(*module.split(".")).with_suffix(".py")


def list_mutants(module: str) -> list[Mutant]:
    """Return all mutants of a module, in the order of the code.

    Args:
        module: its name without `scrdata.`.
    """
    wrapper = MetadataWrapper(cst.parse_module(module_file(module).read_text(encoding="utf-8")))
    visitor = _Visitor(module, wrapper.module)
    wrapper.visit(visitor)
    return visitor.mutants


class _Visitor(cst.CSTVisitor):
    """Walks through a module and collects its mutants."""

    METADATA_DEPENDENCIES = (PositionProvider, WhitespaceInclusivePositionProvider)

    def __init__(self, module: str, tree: cst.Module) -> None:
        super().__init__()
        self.module, self.tree = module, tree
        self.code_lines = tree.code.splitlines()
        self.mutants: list[Mutant] = []
        self.names: dict[str, int] = {}
        self.scopes: list[str] = []
        self.statements: list[range] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if m.matches(node, _SKIPPED) or _is_docstring(node):
            return False
        if isinstance(node, (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.ExceptHandler)):
            self.statements.append(self._head(node))
        if not m.matches(node, _CERTAIN):
            for changed in _mistakes(node):
                self._add(node, changed)
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self.scopes.append(node.name.value)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if m.matches(original_node, _SKIPPED) or _is_docstring(original_node):
            return
        if isinstance(original_node, (cst.FunctionDef, cst.ClassDef)):
            self.scopes.pop()
        if isinstance(original_node, (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.ExceptHandler)):
            self.statements.pop()

    def _head(self, node: cst.CSTNode) -> range:
        where = self.get_metadata(PositionProvider, node)
        body = getattr(node, "body", None)
        last = self.get_metadata(PositionProvider, body).start.line - 1 if body is not None else where.end.line
        return range(where.start.line, max(where.start.line, last) + 1)

    def _add(self, node: cst.CSTNode, changed: cst.CSTNode) -> None:
        before, after = (" ".join(self.tree.code_for_node(part).split()) for part in (node, changed))
        name = f"{'.'.join([self.module, *self.scopes])}: {before} -> {after}"
        number = self.names[name] = self.names.get(name, 0) + 1
        lines = self.statements[-1]
        text = self.code_lines[lines[0] - 1].strip()
        source = self._spliced(node, self.tree.code_for_node(changed))
        self.mutants.append(Mutant(name if number == 1 else f"{name} ({number})", lines, text, source))

    def _spliced(self, node: cst.CSTNode, text: str) -> str:
        """Return the module with a text in the place of a node."""
        where = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        first, last = where.start.line - 1, where.end.line - 1
        before = [*self.code_lines[:first], self.code_lines[first][: where.start.column] + text]
        before[-1] += self.code_lines[last][where.end.column :]
        # Lines keep their numbers, so that a function that did not change has the same code as before.
        blank = [""] * (last - first - text.count("\n"))
        return "\n".join([*before, *blank, *self.code_lines[last + 1 :], ""])


def _is_docstring(node: cst.CSTNode) -> bool:
    return m.matches(node, m.Expr(value=m.SimpleString() | m.ConcatenatedString()))


def _mistakes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            changes: Iterable[cst.CSTNode] = operator(node)
            if isinstance(node, cst.BaseString):
                # One mistake for each text: those in its case are noticed by the same tests.
                changes = list(changes)[:1]
            if isinstance(node, cst.Call) and operator is operator_arg_removal:
                # An argument that is left out, or the only one made `None`.
                changes = list(changes)[-len(node.args) :]
                changes = [part for part in changes if m.findall(part, _STRICT) or not m.findall(node, _STRICT)]
            yield from changes
    if isinstance(node, cst.SimpleString):
        for value in _slips(node.value):
            yield node.with_changes(value=value)


def _slips(text: str) -> Iterator[str]:
    if "[" not in text:
        return
    places = [(match, f"{{{match[1] or ''}{int(match[2]) + 1}}}") for match in _REPEATED.finditer(text)]
    places += [(match, instead) for pattern, instead in _SLIPS for match in pattern.finditer(text)]
    for match, instead in places:
        yield text[: match.start()] + instead + text[match.end() :]
