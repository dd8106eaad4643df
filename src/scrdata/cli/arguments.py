"""The arguments that several commands share."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, HelpFormatter

from scrdata.cli import emit
from scrdata.findings import shown
from scrdata.limits import DEFAULT, UNITS, Limits, option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import NoReturn

PACKAGE_HELP = (
    "a folder, a datapackage.json or a .zip; without it, the datapackage.json of the current folder, "
    "else the package that ships with scrdata"
)

# What may follow a number: powers of 1000 (kB, MB) or, with an i, of 1024 (KiB, MiB); the B can be left out.
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


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


def add_limits(parser: ArgumentParser) -> None:
    """Add an option for each part of `Limits`."""
    group = parser.add_argument_group("limits", "a whole number each, which may end in k, M, G, or KiB, MiB, GiB")
    for name, (unit, what) in UNITS.items():
        words = f"{unit} {what}; default: {getattr(DEFAULT, name):,}"
        group.add_argument(option(name), type=read_amount, metavar="N", dest=name, help=words)


def limits_of(arguments: Namespace) -> Limits:
    """Return the limits that were asked for; the others are as usual.

    Raises:
        ScrdataError: one is outside of what it may be.
    """
    given = {name: getattr(arguments, name) for name in UNITS if getattr(arguments, name) is not None}
    return Limits(**given) if given else DEFAULT


def read_amount(text: str) -> int:
    """Read a whole number with or without a unit; raise what argparse turns into a message.

    >>> read_amount("500"), read_amount("2GB"), read_amount("16 MiB"), read_amount("5k")
    (500, 2000000000, 16777216, 5000)
    """
    digits = text.rstrip("kKmMgGtTiIbB ")
    unit = text[len(digits) :].strip().lower().removesuffix("b")
    base = 1024 if unit.endswith("i") else 1000
    power = _POWERS.get(unit.removesuffix("i"))
    if power is None or unit == "i" or not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise ArgumentTypeError(f"{text!r} is not a whole number such as 500, 20k, 2GB or 512MiB")
    factor: int = base**power
    return int(digits) * factor
