"""No network: what describes a release is read without one."""

from __future__ import annotations

import functools
import http.server
import socket
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection but those to this machine."""
    connect = socket.socket.connect

    def guarded(it: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] in ("127.0.0.1", "::1", "localhost"), f"a reader wants to connect to {address}"
        connect(it, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Return the function that serves a folder to this machine; it returns the address."""
    servers = []

    def start(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=str(folder))
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
