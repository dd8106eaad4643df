"""Many faults, each in a bounded time: workers that are forked, watched, and replaced when they hang or die."""

from __future__ import annotations

import os
import select
import shutil
import signal
import tempfile
import time
from multiprocessing import Pipe, Process
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import PackageFolder, small_files
from tests.faults import archives, cells, combinations, descriptors, evidence, hostile, judging, keys, structure
from tests.faults.judging import CRASHED, HUNG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from tests.faults.fault import Fault
    from tests.faults.judging import Watch

    # What became of a fault in the files of a package, spoilt in a folder and watched; and details.
    Judge = Callable[[Fault, dict[str, bytes], Path, Watch], tuple[str, str]]

CLASSES = {
    "descriptor": descriptors.faults,
    "CSV structure": structure.faults,
    "cells": cells.faults,
    "keys": keys.faults,
    "evidence": evidence.faults,
    "archives": archives.faults,
    "hostile input": hostile.faults,
    "two at once": combinations.faults,
}
# A case takes milliseconds, and the longest a second or two; on a machine that is busy, several times that.
SECONDS = 60
MEMORY = 2 << 30


def pristine() -> dict[str, bytes]:
    """Return the files of the small package with true checksums."""
    with tempfile.TemporaryDirectory() as folder:
        package = PackageFolder(Path(folder) / "small")
        for file, content in small_files().items():
            package.write(file, content)
        package.repair()
        return {file: package.read(file) for file in small_files()}


def race(faults: Sequence[Fault], workers: int = 2, judge: Judge = judging.judge) -> Iterator[tuple[int, str, str]]:
    """Judge all faults; yield the position of each, what became of it, and details, as they come."""
    files = pristine()
    shares = [range(start, len(faults), workers) for start in range(workers)]
    running = [_Worker(faults, files, share, judge) for share in shares if len(share)]
    try:
        while running:
            for worker in select.select([worker.answers for worker in running], [], [], 0.2)[0]:
                yield from next(item for item in running if item.answers is worker).receive()
            for worker in running:
                yield from worker.replace_if_late()
            running = [worker for worker in running if worker.todo]
    finally:
        for worker in running:
            worker.stop()


class _Worker:
    """A process that judges faults one after the other, and another in its place where it does not go on."""

    def __init__(self, faults: Sequence[Fault], files: dict[str, bytes], share: Sequence[int], judge: Judge) -> None:
        self.judge = judge
        self.faults = faults
        self.files = files
        self.todo = list(share)
        self._start()

    def _start(self) -> None:
        self.answers, ours = Pipe(duplex=False)
        self.process = Process(target=_work, args=(self.faults, self.files, self.todo, self.judge, ours), daemon=True)
        self.process.start()
        ours.close()
        self.since = time.monotonic()

    def receive(self) -> Iterator[tuple[int, str, str]]:
        """Yield the answer that is there; one that died in place of answering has crashed."""
        try:
            outcome, details = self.answers.recv()
        except EOFError:
            self.process.join()
            outcome, details = CRASHED, f"the process ended with {self.process.exitcode}"
            yield self.todo.pop(0), outcome, details
            if self.todo:
                self._start()
            return
        yield self.todo.pop(0), outcome, details
        self.since = time.monotonic()
        if not self.todo:
            self.process.join()

    def replace_if_late(self) -> Iterator[tuple[int, str, str]]:
        """Yield that the fault hangs, and start a process for those after it, if there has been no answer for long."""
        if self.todo and time.monotonic() - self.since > SECONDS and not self.answers.poll():
            self.stop()
            yield self.todo.pop(0), HUNG, f"no answer in {SECONDS} seconds"
            if self.todo:
                self._start()

    def stop(self) -> None:
        """End the process."""
        if self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.join()


def _work(
    faults: Sequence[Fault], files: dict[str, bytes], share: Sequence[int], judge: Judge, answers: Connection
) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))
    watch = judging.Watch()
    for position in share:
        folder = Path(tempfile.mkdtemp(prefix="scrdata-fault-"))
        try:
            answers.send(judge(faults[position], files, folder, watch))
        finally:
            shutil.rmtree(folder)
