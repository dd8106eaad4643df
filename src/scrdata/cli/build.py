"""`scrdata build FOLDER`: the release of a package."""

from __future__ import annotations

import json
import signal

from scrdata.cli import INVALID, VALID, complain, emit, show_progress
from scrdata.cli.arguments import PACKAGE_HELP, make_parser
from scrdata.cli.text import as_text as report_as_text
from scrdata.errors import InvalidPackageError
from scrdata.findings import shown
from scrdata.package import find_package
from scrdata.release.building import SmallVersionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrdata.findings import Report
    from scrdata.release.building import Release
    from scrdata.release.products import Product

DESCRIPTION = (
    "Build the release of a package: the package itself and as a zip archive, all tables as Parquet, SQLite and XLSX, "
    "a data dictionary, a citation, metadata by other standards, and checksums. The folder is written in one step; it "
    "must not exist, be empty, or hold an earlier release. Exit code: 0, 1 refused, 2 cannot be opened or written."
)
LONGEST = 2_000
KINDS = (
    ("descriptor", "descriptors"),
    ("table", "tables, as CSV and as Parquet"),
    ("package", "files with all tables"),
    ("metadata", "descriptions by other standards"),
    ("text", "texts"),
)


def run(given: list[str]) -> int:
    """Build a release, and print what was built."""
    parser = make_parser("build", DESCRIPTION, ("text", "json"))
    parser.add_argument("folder", metavar="FOLDER", help="to be written")
    parser.add_argument("--package", metavar="PACKAGE", help=PACKAGE_HELP)
    parser.add_argument("--base-url", metavar="URL", help="where the files will stand; default: a placeholder")
    parser.add_argument(
        "--previous", metavar="PACKAGE", help="the package as released before: a version number too small is refused"
    )
    arguments = parser.parse_args(given)
    package = find_package(arguments.package)
    # So that a stop from outside, as from the keyboard, leaves nothing half-made behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        release = package.build_release(
            arguments.folder, base_url=arguments.base_url, previous=arguments.previous, progress=with_bar
        )
    except SmallVersionError as error:
        complain(f"scrdata build: {shown(str(error), LONGEST)}")
        return INVALID
    except InvalidPackageError as error:
        if error.report is None:
            raise
        emit(refusal(error.report, arguments.format))  # type: ignore[arg-type]
        return INVALID
    emit(json.dumps(release.to_dict(), indent=2) if arguments.format == "json" else as_text(release))
    return VALID


def refusal(report: Report, wanted: str) -> str:
    """Return the report that forbids the release."""
    if wanted == "json":
        return json.dumps(report.to_dict(), indent=2)
    return f"{report_as_text(report)}\nnot built: only a valid package is released"


def with_bar(products: list[Product]) -> Iterable[Product]:
    """Yield each file in its turn, with a bar on a terminal once that takes longer than a second."""
    return show_progress(products, "building", "file")


def as_text(release: Release) -> str:
    """Return what was built, for a person."""
    lines = []
    for role, words in KINDS:
        count = sum(file.role == role for file in release.files)
        lines.append(f"{count:>5}  {words}")
    size = sum(file.size for file in release.files)
    name = f"{release.package} {release.version or ''}".rstrip()
    lines.append(f"built {release.folder}: {name}, {len(release.files)} files, {size:,} bytes, listed in SHA256SUMS")
    lines.append(f"content: sha256:{release.content_hash}")
    return "\n".join(shown(line, len(line)) for line in lines)
