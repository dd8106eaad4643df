"""The command line: `scrdata COMMAND …`, one module per command.

Each command parses its arguments, calls the public interface, prints, and returns an exit code:
0 valid, 1 invalid, 2 cannot be opened or misuse, 3 a bug of ours.
"""

from __future__ import annotations

import gc
import os
import sys

from scrdata.errors import ScrdataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO, TypeVar

    Item = TypeVar("Item")

COMMANDS = {
    "validate": "check a package: is every number consistent?",
    "tables": "list the tables of a package",
    "show": "print one table",
    "total": "compute one total, such as 'reviews[judgement=good]'",
    "trace": "where the report prints a figure, which rules bind it, whether it can be trusted",
    "cite": "a citation of the package, or of one figure with its place in the report",
    "suspects": "checks fail: which number is wrong, and what should it be",
    "bounds": "between which values a figure lies that is not printed, and why",
    "suggest": "rules that the data of a package seem to obey, and that it does not state",
    "init": "make a package of a folder of CSV files",
    "coverage": "how well rules and mentions guard a package: which numbers could be changed unnoticed",
    "export": "tables in another format: CSV, JSON, Parquet, XLSX, SQLite",
    "build": "the release of a package: all formats, all metadata, checksums",
    "diff": "what changed between two versions, cell by cell, and which version number that calls for",
    "proofread": "hold a package against the text of the report",
}
VALID, INVALID, MISUSE, BUG = 0, 1, 2, 3


class OutputError(ScrdataError):
    """What a command has to say cannot be written."""


def usage() -> str:
    """Return the text of `scrdata --help`."""
    lines = [f"  {name:<11}{words}" for name, words in COMMANDS.items()]
    return "\n".join(
        [
            "usage: scrdata COMMAND [arguments]",
            "",
            "Open data on 147 serious case reviews, and a validator for any tabular Data Package.",
            "",
            *lines,
            "",
            "scrdata COMMAND --help explains a command; scrdata --version prints the version.",
        ],
    )


def program() -> int:
    """Run one command as a program of its own; return its exit code.

    A command makes hardly any cycles and ends soon: looking for them on the way, and once more in all
    that the interpreter drops at its end, would be a tenth of its time.
    """
    gc.disable()
    code = main()
    gc.freeze()
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(given)
    except KeyboardInterrupt:
        complain("scrdata: interrupted")
        return MISUSE
    except OutputError as error:
        complain(f"scrdata: {error}")
        return MISUSE
    except Exception:  # noqa: BLE001  (the one place where a bug of ours gets its own exit code)
        import traceback

        complain(f"{traceback.format_exc()}scrdata: this is a bug in scrdata, not a finding about the package")
        return BUG


def emit(text: str) -> None:
    """Print to standard output, if there is one; that the reader has gone away, as `head` does, is no failure.

    Raises:
        OutputError: the text cannot be written, as on a full disk.
    """
    if sys.stdout is not None:
        _write(lambda: print(text, flush=True))


def emit_bytes(data: bytes) -> None:
    """Write a file to standard output as it is; else as `emit`.

    Raises:
        OutputError: the file cannot be written, as on a full disk.
    """
    if sys.stdout is not None:
        sys.stdout.flush()
        stream = sys.stdout.buffer
        _write(lambda: (stream.write(data), stream.flush()))


def complain(text: str) -> None:
    """Print to standard error, if there is one; where it takes nothing, the exit code alone has to say it."""
    if sys.stderr is not None:
        try:
            print(text, file=sys.stderr, flush=True)
        except OSError:
            _discard(sys.stderr)


def show_progress(items: list[Item], words: str, unit: str) -> Iterable[Item]:
    """Yield each item in its turn, with a bar on a terminal once that takes longer than a second."""
    if sys.stderr is None or not sys.stderr.isatty():
        return items
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return items
    bar: Iterable[Item] = tqdm(items, desc=words, unit=unit, delay=1, leave=False)
    return bar


def _write(write: Callable[[], object]) -> None:
    try:
        write()
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        raise OutputError(f"the output cannot be written: {error.strerror}") from None


def _discard(stream: TextIO) -> None:
    """Send what a stream has still to write, now and at the end, to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(given: list[str]) -> int:
    name = given[0] if given else "--help"
    if name in ("-h", "--help"):
        emit(usage())
        return VALID if given else MISUSE
    if name == "--version":
        from scrdata import __version__

        emit(f"scrdata {__version__}")
        return VALID
    if name not in COMMANDS:
        complain(f"scrdata: {_unknown(name)}\n\n{usage()}")
        return MISUSE
    from importlib import import_module

    import scrdata

    command = import_module(f"scrdata.cli.{name}")
    try:
        result: int = command.run(given[1:])
    except SystemExit as stop:
        return int(stop.code or 0)
    except scrdata.InvalidPackageError as error:
        complain(f"scrdata {name}: {error}")
        return INVALID
    except scrdata.ScrdataError as error:
        complain(f"scrdata {name}: {error}")
        return MISUSE
    return result


def _unknown(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    shown = name if name.isprintable() else repr(name)
    return f"there is no command '{shown}'" + (f"; did you mean '{near[0]}'?" if near else "")
