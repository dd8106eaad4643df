"""Two faults at once: neither hides both, and nothing breaks over them."""

from __future__ import annotations

import contextlib
import csv
from functools import partial
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from tests.faults import cells, descriptors, evidence, keys, structure
from tests.faults.fault import ANYWHERE, Fault, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import PackageFolder

PAIRS = 800


def faults() -> Iterator[Fault]:
    """Yield every fault of the class."""
    random = Random("two faults")  # noqa: S311
    known = [[*module.faults()] for module in (descriptors, structure, cells, keys, evidence)]
    for number, (first, second) in enumerate(islice(_pairs(known, random), PAIRS)):
        yield Fault(f"{number}: {first.name} + {second.name}", partial(_both, first, second))


def _pairs(known: list[list[Fault]], random: Random) -> Iterator[tuple[Fault, Fault]]:
    while True:
        first, second = random.sample(range(len(known)), 2)
        yield random.choice(known[first]), random.choice(known[second])


def _both(first: Fault, second: Fault, package: PackageFolder) -> Wanted:
    """Spoil twice; where the second no longer fits what the first has left, it is the first alone."""
    first.spoil(package)
    with contextlib.suppress(LookupError, ValueError, AssertionError, TypeError, csv.Error):
        second.spoil(package)
    return Wanted((), ANYWHERE)
