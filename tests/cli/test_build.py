"""`scrdata build`: what it prints, and the bar that it shows."""

from __future__ import annotations

import io
import sys
import time
from typing import TYPE_CHECKING

from scrdata.cli.build import with_bar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from conftest import PackageFolder


class Terminal(io.StringIO):
    """What looks like a terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def test_answer_counts_the_files(
    run: Callable[..., tuple[int, str, str]], small_package: PackageFolder, tmp_path: Path
) -> None:
    """The answer says how many files of each kind there are, where, of which version, and the content hash."""
    code, out, errors = run("build", tmp_path / "out", "--package", small_package.folder)
    assert (code, errors) == (0, "")
    lines = out.splitlines()
    assert lines[1].split() == ["8", "tables,", "as", "CSV", "and", "as", "Parquet"]
    total = sum(int(line.split()[0]) for line in lines[:5])
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert total == len(files) - 1
    assert lines[5].startswith(f"built {tmp_path / 'out'}: small 1.0.0, {total} files, ")
    assert len(lines[6].removeprefix("content: sha256:")) == 64


def test_bar_appears_after_a_second_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a build that takes longer than a second shows how far it is; elsewhere nothing is shown."""
    for stream, shows in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        seen = []
        for item in with_bar([1, 2, 3]):  # type: ignore[list-item]
            seen.append((item, stream.getvalue() != ""))
            time.sleep(0.6)
        assert [item for item, _ in seen] == [1, 2, 3]
        assert [shown for _, shown in seen][:2] == [False, False]
        assert ("building" in stream.getvalue()) == shows
