"""The zip archive of a package: the same bytes for the same files, whenever and wherever it is made."""

from __future__ import annotations

import io
import zipfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# The earliest time that the format can state; a true one would differ from build to build.
EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files, in order of path, deflated."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(path, EARLIEST)
            member.create_system = _UNIX
            member.external_attr = _READABLE
            archive.writestr(member, files[path], zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()
