"""The arguments that several commands share."""

from __future__ import annotations

from argparse import ArgumentParser, HelpFormatter

PACKAGE_HELP = (
    "a folder, a datapackage.json or a .zip; without it, the datapackage.json of the current folder, "
    "else the package that ships with scrdata"
)


class _Formatter(HelpFormatter):
    """Help in 100 columns: asking the terminal for its width imports modules that nothing else here needs."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


def make_parser(command: str, description: str, formats: tuple[str, ...]) -> ArgumentParser:
    """Return a parser with `--format`, whose first choice is the default."""
    parser = ArgumentParser(prog=f"scrdata {command}", description=description, formatter_class=_Formatter)
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")
    return parser
