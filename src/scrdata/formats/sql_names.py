"""Names in a database, where capitals make no difference and some names are the system's own."""

from __future__ import annotations

from scrdata.errors import ScrdataError
from scrdata.findings import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrdata.reading import Table


def quoted_name(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def column_list(names: Iterable[str]) -> str:
    """Return names with commas between them."""
    return ", ".join(map(quoted_name, names))


def check_names(tables: Mapping[str, Table]) -> None:
    """Refuse tables and columns that a database cannot hold under their own names.

    Raises:
        ScrdataError: two names differ in capitals alone, or one is reserved.
    """
    _check_apart("tables", tables)
    for name, table in tables.items():
        if name.casefold().startswith("sqlite_") or "\0" in name:
            raise ScrdataError(f"a database cannot hold a table called '{shown(name)}'; rename it")
        _check_apart(f"columns of '{shown(name)}'", table.columns)


def _check_apart(what: str, names: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other is not name:
            raise ScrdataError(
                f"the {what} '{shown(other)}' and '{shown(name)}' differ in capitals alone, which a database "
                "takes for one name; rename one"
            )


class FreeNames:
    """Finds names for what is added to the tables of a package, without taking theirs."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.casefold() for name in taken}

    def take(self, name: str) -> str:
        """Return the name, with as many `_` behind it as it takes to be free."""
        while name.casefold() in self._taken:
            name += "_"
        self._taken.add(name.casefold())
        return name
