"""Version numbers by Semantic Versioning 2.0.0: which one a level of change calls for, and which are enough."""

from __future__ import annotations

import re

from scrdata.comparison.levels import MAJOR, MINOR, NONE, PATCH
from scrdata.findings import quoted
from scrdata.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = "(0|[1-9][0-9]{0,8})"
_IDENTIFIER = "(?:0|[1-9][0-9]{0,8}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
)


class Version(Record):
    """A version: its three numbers, and what marks it as a pre-release. Build metadata has no precedence."""

    core: tuple[int, int, int]
    prerelease: tuple[str, ...] = ()

    @property
    def precedence(self) -> tuple[object, ...]:
        """What orders versions: the numbers, then pre-releases before the release, their numbers before words."""
        marks = tuple((0, int(mark), "") if mark.isdigit() else (1, 0, mark) for mark in self.prerelease)
        return self.core, not self.prerelease, marks


def parse_version(text: str | None) -> Version | None:
    """Return a text as the version that it is; `None` if it is none by Semantic Versioning."""
    match = _VERSION.fullmatch(text or "")
    if match is None:
        return None
    major, minor, patch, marks = match.groups()
    return Version((int(major), int(minor), int(patch)), tuple(marks.split(".")) if marks else ())


def required_version(old: str | None, level: str) -> str | None:
    """Return the smallest release that may follow a version after changes of a level.

    There is no exception for versions below 1.0.0: a major change of 0.2.0 makes 1.0.0. After a pre-release the
    release that it prepares is enough, since nobody was promised anything yet.

    Args:
        old: the version before the changes.
        level: `none`, `patch`, `minor` or `major`.

    Returns:
        The version, for example `1.0.0`; `None` if `old` is no version by Semantic Versioning.

    >>> required_version("0.2.0", "major"), required_version("1.4.2", "minor"), required_version("1.4.2", "patch")
    ('1.0.0', '1.5.0', '1.4.3')
    """
    before = parse_version(old)
    if before is None:
        return None
    major, minor, patch = before.core
    if before.prerelease:
        level = NONE
    following = {
        NONE: (major, minor, patch),
        PATCH: (major, minor, patch + 1),
        MINOR: (major, minor + 1, 0),
        MAJOR: (major + 1, 0, 0),
    }
    return ".".join(map(str, following[level]))


def is_sufficient(old: str | None, new: str | None, level: str) -> bool | None:
    """Say whether a version is large enough after changes of a level; `None` if one of the two is no version.

    A pre-release of the required release is enough.
    """
    before, after, required = parse_version(old), parse_version(new), parse_version(required_version(old, level))
    if before is None or after is None or required is None:
        return None
    if level == NONE:
        return bool(after.precedence >= before.precedence)
    return bool(after.core >= required.core and after.precedence > before.precedence)


def version_problems(old: str | None, new: str | None, level: str) -> Iterator[str]:
    """Yield a sentence for each reason why a version may not follow another after changes of a level."""
    for version, whose in ((old, "earlier"), (new, "later")):
        if version is None:
            yield f"the {whose} package states no version, so that its number cannot be judged"
        elif parse_version(version) is None:
            yield f"{quoted(version)}, the version of the {whose} package, is no semantic version, such as 1.0.0"
    if is_sufficient(old, new, level) is False:
        required = required_version(old, level)
        what = "nothing changed" if level == NONE else f"the changes are {level}"
        yield f"the version {new} is too small: {what} since {old}, so that it must be {required} or larger"
