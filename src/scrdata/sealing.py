"""Refresh what a descriptor says about its files: `python -m scrdata.sealing [FOLDER]`.

After a value in `data/` was corrected, `bytes`, `hash` and `scrdata:rows` in `datapackage.json` no
longer fit. This sets them, for the resources that state them, and changes nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys

from scrdata.descriptor import read_descriptor
from scrdata.errors import ScrdataError
from scrdata.findings import Ledger, shown
from scrdata.reading import read_table
from scrdata.storage import DESCRIPTOR, Folder, Refusal
from scrdata.strict_json import JsonProblem, read_json
from scrdata.writing import write_file


def seal(folder: str) -> list[str]:
    """Set `bytes`, `hash` (sha256) and `scrdata:rows` of every resource that states them.

    Args:
        folder: that holds the `datapackage.json`.

    Returns:
        The paths of the files whose description changed.

    Raises:
        ScrdataError: the descriptor or a file cannot be read, or the descriptor not be written.
    """
    storage = Folder(folder, folder, DESCRIPTOR)
    try:
        descriptor = json.loads(read_json(storage.read(DESCRIPTOR)).text)
        ledger = Ledger()
        description = read_descriptor(storage, ledger)
        _refuse_unread(folder, ledger)
        changed = []
        for resource in description.resources.values():
            data = storage.read(resource.path)
            stated = {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
            if resource.schema is not None:
                table = read_table(resource, data, Ledger())
                if table is not None:
                    stated["scrdata:rows"] = len(table)
            properties = descriptor["resources"][resource.position]
            new = {name: value for name, value in stated.items() if properties.get(name, value) != value}
            if new:
                properties.update(new)
                changed.append(resource.path)
    except (Refusal, JsonProblem) as problem:
        raise ScrdataError(f"{shown(folder)} cannot be sealed: {problem}") from None
    if changed:
        text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
        try:
            write_file(os.path.join(folder, DESCRIPTOR), text.encode())
        except OSError as error:
            raise ScrdataError(f"{shown(folder)} cannot be sealed: {error.strerror or error}") from None
    return changed


def _refuse_unread(folder: str, ledger: Ledger) -> None:
    """Raise the first finding about a file that cannot be read: what it describes could not be counted."""
    unread = next((finding for finding in ledger.findings if finding.rule == "file_exists"), None)
    if unread is not None:
        raise ScrdataError(f"{shown(folder)} cannot be sealed: {unread.message}")


def main(given: list[str]) -> int:
    """Seal a folder, the current one if none is named; return 0, or 2 where it cannot be read or written."""
    try:
        for path in seal(given[0] if given else "."):
            print(f"described anew: {shown(path, len(path))}", flush=True)
    except (ScrdataError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
