"""Names that a format or a file system allows: each as near as possible to the name that is asked for."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# With three bytes for each unit, an ending and the mark of an unfinished file: below the 255 bytes of most systems.
_FILE_NAME = 64
_SEPARATORS = re.compile(r'[<>:"/\\|?*~]')
# Windows has devices of these names in every folder, whatever the ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def name_files(names: Iterable[str]) -> list[str]:
    r"""Return the name of a file for each name, without ending: itself where every system takes it.

    None leads out of a folder, and no two are one where capital letters make no difference. A name that has
    to be changed gets `-` for what cannot stand in a file's name, and a number where that is taken.

    >>> name_files(["reviews", "Reviews", "../../reviews", "a/b", "con"])
    ['reviews', 'Reviews~2', '-..-reviews', 'a-b', 'con-']
    """

    def spell(name: str) -> str:
        name = _SEPARATORS.sub("-", "".join(c if c.isprintable() else "-" for c in name)).strip(". ") or "-"
        return f"{name}-" if _DEVICE.fullmatch(name) else name

    return distinct_names(names, spell, _FILE_NAME, "~")


def distinct_names(names: Iterable[str], spell: Callable[[str], str], limit: int, mark: str) -> list[str]:
    """Spell each name as is allowed; where two would be alike, the one that needs no change keeps its name.

    Args:
        names: that are asked for.
        spell: returns a name as it is allowed.
        limit: the length of a name, in units of UTF-16.
        mark: stands before the number of a name that would be like another.
    """
    asked = list(names)
    given: dict[int, str] = {}
    taken: set[str] = set()
    for may_change in (False, True):
        for position, name in enumerate(asked):
            spelt = wish = cut_text(spell(cut_text(name, limit)), limit)
            if position in given or (not may_change and (spelt != name or spelt.casefold() in taken)):
                continue
            number = 1
            while wish.casefold() in taken:
                number += 1
                wish = cut_text(spelt, limit - len(f"{mark}{number}")) + f"{mark}{number}"
            given[position] = wish
            taken.add(wish.casefold())
    return [given[position] for position in range(len(asked))]


def cut_text(text: str, length: int) -> str:
    """Return the beginning of a text, at most so long in units of UTF-16."""
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")
