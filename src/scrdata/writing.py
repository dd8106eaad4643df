"""Files written whole or not at all."""

from __future__ import annotations

import os


def write_file(path: str, data: bytes) -> None:
    """Write a file atomically: whatever fails, the old file or the new one stands there.

    The bytes go to a temporary file in the same folder, reach the disk, and then take the name.
    """
    folder, name = os.path.split(os.path.abspath(path))
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
