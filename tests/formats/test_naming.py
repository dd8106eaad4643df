"""Names of files: each as near as possible to the name that is asked for, and none outside of its folder."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrdata.formats.naming import name_files
from tests.strategies import LAW

NAMES = st.lists(st.one_of(st.sampled_from(["..", "a/b", "A", "a", "NUL", "x~2", "x"]), st.text(max_size=90)))


@LAW
@given(NAMES)
def test_names_stay_in_their_folder_and_apart(names: list[str]) -> None:
    """Whatever the names, there is one file for each, in the folder itself, on systems that see no capitals too."""
    files = name_files(names)
    assert len({file.casefold() for file in files}) == len(names)
    for file in files:
        assert os.path.basename(file) == file
        assert file.isprintable()
        assert file.strip(". ") == file != ""
        assert not set(file) & set('<>:"/\\|?*')
        assert len(f".{file}.parquet.4194304.part".encode()) <= 255


@pytest.mark.parametrize("name", ["reviews", "2009-10", "Données scolaires", "a.b", "con2"])
def test_plain_names_stay_as_they_are(name: str) -> None:
    """A name that every system takes is the name of the file."""
    assert name_files([name, name.upper()])[0] == name
