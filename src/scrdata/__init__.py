"""Ofsted's evaluation of 147 serious case reviews as data that prove themselves.

    >>> import scrdata
    >>> scrdata.total("reviews[judgement=good]")
    62

Every function here speaks about the package that ships inside the distribution, unless it is given
another one. `open_package` opens any tabular Data Package and offers the same as methods. Each name
is loaded from its module when it is first asked for, so that an import costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scrdata.citation import Citation
    from scrdata.comparison.changes import Diff
    from scrdata.deduction import Bounds
    from scrdata.errors import InvalidPackageError, NotationError, PackageError, ScrdataError, UnknownNameError
    from scrdata.findings import Finding, Report
    from scrdata.guarding import Coverage
    from scrdata.limits import Limits
    from scrdata.localisation.suspects import Suspects
    from scrdata.package import Package, TableInfo
    from scrdata.products import build_release, export, init_package
    from scrdata.questions import bounds, cite, implied, load, schema, tables, total, trace
    from scrdata.release.building import Release
    from scrdata.scaffolding import NewPackage
    from scrdata.suggestion.proposals import Suggestions
    from scrdata.tracing import Trace, ValueTrace
    from scrdata.verdicts import check, coverage, diff, open_package, suggest, suspects, validate

__version__ = "1.0.0"
__all__ = [
    "Bounds",
    "Citation",
    "Coverage",
    "Diff",
    "Finding",
    "InvalidPackageError",
    "Limits",
    "NewPackage",
    "NotationError",
    "Package",
    "PackageError",
    "Release",
    "Report",
    "ScrdataError",
    "Suggestions",
    "Suspects",
    "TableInfo",
    "Trace",
    "UnknownNameError",
    "ValueTrace",
    "bounds",
    "build_release",
    "check",
    "cite",
    "coverage",
    "diff",
    "export",
    "implied",
    "init_package",
    "load",
    "open_package",
    "schema",
    "suggest",
    "suspects",
    "tables",
    "total",
    "trace",
    "validate",
]

_HOMES = {
    "scrdata.citation": ("Citation",),
    "scrdata.comparison.changes": ("Diff",),
    "scrdata.deduction": ("Bounds",),
    "scrdata.errors": ("InvalidPackageError", "NotationError", "PackageError", "ScrdataError", "UnknownNameError"),
    "scrdata.findings": ("Finding", "Report"),
    "scrdata.guarding": ("Coverage",),
    "scrdata.limits": ("Limits",),
    "scrdata.localisation.suspects": ("Suspects",),
    "scrdata.package": ("Package", "TableInfo"),
    "scrdata.products": ("build_release", "export", "init_package"),
    "scrdata.questions": ("bounds", "cite", "implied", "load", "schema", "tables", "total", "trace"),
    "scrdata.release.building": ("Release",),
    "scrdata.scaffolding": ("NewPackage",),
    "scrdata.suggestion.proposals": ("Suggestions",),
    "scrdata.tracing": ("Trace", "ValueTrace"),
    "scrdata.verdicts": ("check", "coverage", "diff", "open_package", "suggest", "suspects", "validate"),
}


def __getattr__(name: str) -> object:
    """Import a name of the public interface from its module when it is first asked for."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
