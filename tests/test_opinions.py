"""Other validators: what the page says of them is what they say, and they are asked fairly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import scrdata
from tests import opinions
from tests.faults.racing import CLASSES
from tests.kinds import KINDS

if TYPE_CHECKING:
    from tests.conftest import PackageFolder

# Classes of which frictionless must not see a package, or which only put others together.
LEFT_OUT = {"archives", "hostile input", "two at once"}


def test_the_page_is_what_they_say() -> None:
    """The page is the one that the command writes, and scrdata refuses all that it says is broken."""
    page = opinions.write_page()
    assert opinions.PAGE.read_text(encoding="utf-8") == page, "python3 dev.py opinions"
    refused = re.findall(r"^\| [^|]+ \| ([0-9]+) of ([0-9]+) \|", page, re.MULTILINE)
    assert len(refused) == len(KINDS)
    assert {count for count, _ in refused} == {asked for _, asked in refused} == {str(opinions.TRIED)}


def test_every_fault_is_of_one_kind() -> None:
    """No fault of the classes that are asked about is left out, and none counts twice."""
    for name in CLASSES.keys() - LEFT_OUT:
        kinds = [kind for kind in KINDS if kind.of == name]
        for fault in CLASSES[name]():
            of = [kind.title for kind in kinds if re.fullmatch(kind.pattern, fault.name, re.DOTALL)]
            assert len(of) == 1, (fault.name, of)


def test_all_accept_what_is_sound(small_package: PackageFolder) -> None:
    """Each of the three accepts the package before it is broken, and pandera each of its tables."""
    said = opinions.ask(small_package)
    assert said == (opinions.ACCEPTED, opinions.ACCEPTED, opinions.NOT_ASKED)
    sound = scrdata.open_package(small_package)
    for name in sound.contents.tables:
        assert not opinions._table_is_refused(small_package, sound, name)
