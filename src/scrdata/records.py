"""Frozen values with named parts: what `dataclass(frozen=True, slots=True)` gives, at start-up for free.

A dataclass writes and compiles its methods when its module is imported, and imports `inspect` to do
so. With some twenty value classes that was a third of the time of a whole `scrdata validate`. A
`Record` has one generic constructor instead, and costs no more than any class.
"""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, NoReturn, Self, dataclass_transform
else:

    def dataclass_transform(**_: object) -> object:
        """Do nothing at run time; type checkers know the real one."""
        return lambda kind: kind


@dataclass_transform(frozen_default=True)
class _RecordType(type):
    """Turns the annotations of a class into slots and parameters, their values into defaults."""

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> _RecordType:
        names = tuple(space.get("__annotations__", ()))
        defaults = {part: space.pop(part) for part in names if part in space}
        own = names if bases else (*names, "_hash")
        kind = super().__new__(cls, name, bases, {**space, "__slots__": own})
        kind._names = names  # type: ignore[attr-defined]
        kind._defaults = defaults  # type: ignore[attr-defined]
        # An attrgetter of one name returns the value itself, not a tuple: a name repeated makes it one.
        kind._read = attrgetter(*(names * 2 if len(names) == 1 else names)) if names else None  # type: ignore[attr-defined]
        return kind


class Record(metaclass=_RecordType):
    """Base of the values: equal where all parts are equal, hashable where all parts are."""

    if TYPE_CHECKING:
        _names: ClassVar[tuple[str, ...]]
        _defaults: ClassVar[dict[str, Any]]
        _read: ClassVar[Callable[[object], tuple[object, ...]]]
        _hash: ClassVar[int]  # of each value, not of the class: else it would be taken for a part

    def __init__(self, *values: object, **named: object) -> None:
        """Take the parts in the order of the annotations, or by name."""
        names: tuple[str, ...] = self._names
        write = object.__setattr__
        for name, value in zip(names, values, strict=False):
            write(self, name, value)
        if len(values) == len(names) and not named:
            return
        given = {**self._defaults, **named}
        for name in names[len(values) :]:
            if name not in given:
                raise TypeError(f"{type(self).__name__} needs {name!r}")
            write(self, name, given[name])
        unknown = named.keys() - set(names[len(values) :])
        if unknown or len(values) > len(names):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown)) or 'further parts'}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        # A read-only mapping cannot be pickled; a dictionary in its place is equal to it.
        parts = (dict(part) if isinstance(part, MappingProxyType) else part for part in self.parts())
        return type(self), tuple(parts)

    def parts(self) -> tuple[object, ...]:
        """Return the values of all parts, in order."""
        return type(self)._read(self)[: len(self._names)]  # noqa: SLF001  (through the instance it would be bound)

    def changed(self, **changes: object) -> Self:
        """Return a copy in which some parts have other values."""
        names = self._names
        return type(self)(**{**dict(zip(names, self.parts(), strict=True)), **changes})

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.parts() == other.parts()

    def __hash__(self) -> int:
        # Kept: a reference can have very many codes, and be looked up very often.
        try:
            return self._hash
        except AttributeError:
            value = hash(self.parts())
            object.__setattr__(self, "_hash", value)
            return value

    def __repr__(self) -> str:
        names = self._names
        parts = ", ".join(f"{name}={part!r}" for name, part in zip(names, self.parts(), strict=True))
        return f"{type(self).__name__}({parts})"
