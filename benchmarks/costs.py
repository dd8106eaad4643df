"""What a program costs with all the processes that it starts: seconds of processor, elapsed seconds, and memory.

Needs Linux. Processes that outlive the program, as the Java of Spark does for a moment, become children of
this one and are waited for, so that their time is counted too. Memory is looked at many times a second and added up
over all processes of the program; pages that two of them share count for each.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import NamedTuple

_PR_SET_CHILD_SUBREAPER = 36
_MOMENT = 0.02
_PAGE = os.sysconf("SC_PAGE_SIZE")
MEBIBYTE = 1 << 20


class Cost(NamedTuple):
    """What a program took, all its processes together.

    Attributes:
        processor: seconds, user and system.
        elapsed: seconds.
        memory: MiB of resident memory at most.
        code: its exit code.
        stopped: why it was stopped; empty where it came to its end.
    """

    processor: float
    elapsed: float
    memory: float
    code: int
    stopped: str


def measure(words: list[str], most_seconds: float, most_memory: float) -> Cost:
    """Run a Python program, and stop it where it takes too much.

    Args:
        words: the arguments of the interpreter.
        most_seconds: elapsed.
        most_memory: in MiB.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.execv(sys.executable, [sys.executable, *words])
    processor, memory, code, stopped, elapsed = 0.0, 0.0, 0, "", 0.0
    while True:
        try:
            ended, status, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return Cost(processor, elapsed, memory, code, stopped)
        if ended:
            processor += used.ru_utime + used.ru_stime
            memory = max(memory, used.ru_maxrss / 1024)
        if ended == child:
            code, elapsed = os.waitstatus_to_exitcode(status), time.perf_counter() - start
        if ended:
            continue
        memory = max(memory, _resident(child))
        reason = _excess(time.perf_counter() - start, most_seconds, memory, most_memory)
        if reason and not stopped:
            stopped = reason
            os.killpg(child, signal.SIGKILL)
        time.sleep(_MOMENT)


def _excess(seconds: float, most_seconds: float, memory: float, most_memory: float) -> str:
    if seconds > most_seconds:
        return f"stopped after {most_seconds:.0f} s"
    return f"stopped at {most_memory:.0f} MiB" if memory > most_memory else ""


def _resident(session: int) -> float:
    """Return the resident memory, in MiB, of all processes of a session."""
    pages = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of the program, in brackets, may hold spaces.
            parts = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(parts[3]) == session:
            pages += int(parts[21])
    return pages * _PAGE / MEBIBYTE
