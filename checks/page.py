"""How does Lighthouse rate the page of a release? `python3 dev.py page-check`.

Builds the page, serves it as the hosts of web sites do (compressed), and has Lighthouse rate it as a phone on a slow
line and as a desk would see it. Prints the scores; exit code: 0 all are good enough, 1 some are not, 2 something is
missing. Takes a minute, and the first time fetches Lighthouse by npm.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import scrdata

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
LIGHTHOUSE = "lighthouse@12.8.2"
LEAST = 0.95
VIEWS: dict[str, list[str]] = {"phone": [], "desk": ["--preset=desktop"]}


def main() -> int:
    """Rate the page of this checkout; print the scores."""
    missing = [name for name in ("npx", "chromium") if shutil.which(name) is None]
    if missing:
        print(f"page-check: {' and '.join(missing)} missing: python3 dev.py system", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        scrdata.build_release(Path(folder) / "release", ROOT)
        page = (Path(folder) / "release" / "index.html").read_bytes()
        server = serve(page)
        try:
            scores = {view: rate(server.server_port, options, Path(folder)) for view, options in VIEWS.items()}
        finally:
            server.shutdown()
    print(f"index.html: {len(page):,} bytes, {len(gzip.compress(page)):,} compressed")
    for view, found in scores.items():
        print(f"{view}: {', '.join(f'{name} {score}' for name, score in found.items())}")
    return 0 if all(is_good(found) for found in scores.values()) else 1


def serve(page: bytes) -> ThreadingHTTPServer:
    """Serve a page at `/` on a free port of this machine, compressed; nothing else is there."""
    compressed = gzip.compress(page)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(compressed)))
            self.end_headers()
            self.wfile.write(compressed)

        def log_message(self, *_: object) -> None:
            """Print nothing for each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def rate(port: int, options: list[str], folder: Path) -> dict[str, float]:
    """Return the scores that Lighthouse gives what is served on a port."""
    report = folder / "lighthouse.json"
    command = [
        *(shutil.which("npx") or "npx", "--yes", LIGHTHOUSE, f"http://127.0.0.1:{port}/", "--quiet", *options),
        *("--chrome-flags=--headless=new --no-sandbox", "--output=json", f"--output-path={report}"),
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return read_scores(json.loads(report.read_text(encoding="utf-8")))


def read_scores(report: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dict[str, float]:
    """Return the score of each category of a report of Lighthouse, from 0 to 1.

    >>> read_scores({"categories": {"performance": {"score": 0.99}, "seo": {"score": 1}}})
    {'performance': 0.99, 'seo': 1}
    """
    return {name: category["score"] for name, category in report["categories"].items()}


def is_good(scores: Mapping[str, float]) -> bool:
    """Say whether there are scores and none is below the least that is good enough."""
    return bool(scores) and min(scores.values()) >= LEAST


if __name__ == "__main__":
    sys.exit(main())
