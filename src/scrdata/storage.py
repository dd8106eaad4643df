"""Where a package's bytes come from: its own folder, and nothing outside it. For archives see `archive`.

There is no network code here and no switch that widens what may be read. Containment is checked on
the file system, component by component, not on the text of the path alone.
"""

from __future__ import annotations

import os
import stat

from scrdata.findings import shown
from scrdata.limits import DEFAULT, Limits, reached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

DESCRIPTOR = "datapackage.json"
LONGEST_PATH = 1000


class Refusal(Exception):
    """Why a file of a package is not read: rule, sentence, and the file if it is a member of an archive."""

    def __init__(self, rule: str, message: str, file: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.file = file


def components(path: str) -> list[str]:
    """Split a path of the descriptor; raise `Refusal` unless it is relative, plain and downward."""
    shape = "path_stays_in_package"
    if not path:
        raise Refusal(shape, "the path is empty")
    if not path.isprintable() or "\\" in path or len(path) > LONGEST_PATH:
        message = f"holds a character that no portable path has, or more than {LONGEST_PATH:,} of them"
        raise Refusal(shape, f"the path '{shown(path)}' {message}")
    if ":" in path:
        raise Refusal(shape, f"'{shown(path)}' is a URL or a drive; only files of the package are read")
    parts = path.split("/")
    if path.startswith(("/", "~")) or any(part in ("", ".", "..") for part in parts):
        raise Refusal(shape, f"'{shown(path)}' is not a plain path below the package's folder")
    return parts


class Folder:
    """A package in a folder."""

    def __init__(self, name: str, root: str, descriptor: str, limits: Limits = DEFAULT) -> None:
        self.name = name
        self.limits = limits
        self.root = root
        self.descriptor = descriptor
        self.problems: list[Refusal] = []

    def read(self, path: str) -> bytes:
        """Return the bytes of a regular file that is reached without any symbolic link."""
        try:
            with self.open(path) as file:
                if os.fstat(file.fileno()).st_size > self.limits.file_size:
                    message = f"'{path}' has {reached(self.limits, 'file_size')}, or read it with --engine duckdb"
                    raise Refusal("file_size_is_allowed", message)
                return file.read()
        except OSError as error:
            message = f"'{shown(path)}' cannot be read: {error.strerror or error}"
            raise Refusal("file_exists", message) from None

    def open(self, path: str) -> BinaryIO:
        """Open a regular file that is reached without any symbolic link, of any size.

        Raises:
            Refusal: there is no such file.
        """
        place = self.root
        mode = 0
        try:
            for part in components(path):
                place = os.path.join(place, part)
                mode = os.lstat(place).st_mode
                if stat.S_ISLNK(mode):
                    raise Refusal("path_stays_in_package", f"'{path}' leads through a symbolic link")
            if not stat.S_ISREG(mode):
                raise Refusal("file_exists", f"'{path}' is not a regular file")
            return self._opened(place, path)
        except OSError as error:
            message = f"'{shown(path)}' cannot be read: {error.strerror or error}"
            raise Refusal("file_exists", message) from None

    @staticmethod
    def _opened(place: str, path: str) -> BinaryIO:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(place, flags | getattr(os, "O_BINARY", 0))
        file = open(descriptor, "rb")  # noqa: SIM115  (whoever asked for it closes it)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            file.close()
            raise Refusal("file_exists", f"'{path}' is not a regular file")
        return file
