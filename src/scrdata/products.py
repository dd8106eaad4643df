"""What is made of a package, or into one.

These functions are the public interface `scrdata` itself, which loads them when they are first asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from scrdata.scaffolding import NewPackage


def init_package(folder: str | os.PathLike[str], name: str | None = None) -> NewPackage:
    """Make a package of a folder of CSV files: a descriptor, a schema for each file, and an empty table of rules.

    What a column is said to be, every cell of it is, by the grammars that `validate` reads with. No file is
    overwritten, and if anything is in the way nothing is written at all.

    Args:
        folder: that holds the `.csv` and `.tsv` files, itself or in folders below.
        name: of the package: small letters, digits, `.`, `_` and `-`; made of the folder's if omitted.

    Returns:
        A `NewPackage` with `name`, `files`, the files that were written, and `tables`; it is valid.

    Raises:
        ScrdataError: there is no such folder or no table in it, a file cannot be read strictly, a file
            would have to be overwritten, or the folder cannot be written to.

    >>> init_package("no/such/folder")
    Traceback (most recent call last):
    ...
    scrdata.errors.ScrdataError: no/such/folder is no folder
    """
    from scrdata.scaffolding import make_package

    return make_package(folder, name)
