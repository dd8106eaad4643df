"""The arguments that several commands share."""

from __future__ import annotations

from argparse import ArgumentParser, HelpFormatter

from scrdata.cli import emit
from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

PACKAGE_HELP = (
    "a folder, a datapackage.json or a .zip; without it, the datapackage.json of the current folder, "
    "else the package that ships with scrdata"
)


class _Formatter(HelpFormatter):
    """Help in 100 columns: asking the terminal for its width imports modules that nothing else here needs."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


class _Parser(ArgumentParser):
    """A parser whose complaints repeat no control character."""

    def error(self, message: str) -> NoReturn:
        super().error(shown(message))

    def print_help(self, file: object = None) -> None:
        del file  # help goes to standard output, as everything that was asked for
        emit(self.format_help().rstrip())


def make_parser(
    command: str, description: str, formats: tuple[str, ...], *, has_default: bool = True
) -> ArgumentParser:
    """Return a parser with `--format`, whose first choice is the default if there is to be one."""
    parser = _Parser(prog=f"scrdata {command}", description=description, formatter_class=_Formatter)
    default = formats[0] if has_default else None
    words = f"default: {default}" if default else "default: what the name of the output file ends in"
    parser.add_argument("--format", choices=formats, default=default, help=words)
    return parser
