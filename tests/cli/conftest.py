"""The command line, run inside the process of the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

import scrdata.cli

if TYPE_CHECKING:
    from collections.abc import Callable


class Answer(NamedTuple):
    """What a command answered: its exit code, standard output and standard error."""

    code: int
    out: str
    errors: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Return the function that runs `scrdata` with arguments."""

    def start(*arguments: object) -> Answer:
        code = scrdata.cli.main([str(argument) for argument in arguments])
        return Answer(code, *capsys.readouterr())

    return start
