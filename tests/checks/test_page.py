"""The rating of the page: what is served to Lighthouse, and which scores are good enough."""

from __future__ import annotations

import gzip
import shutil
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from checks import page

if TYPE_CHECKING:
    import pytest


def test_page_is_served_compressed_and_nothing_else() -> None:
    """The page is at `/`, compressed; anything else is not there."""
    server = page.serve(b"<p>page</p>")
    try:
        answers = []
        for path in ("/", "/robots.txt"):
            connection = HTTPConnection("127.0.0.1", server.server_port)
            connection.request("GET", path)
            response = connection.getresponse()
            answers.append((response.status, response.getheader("Content-Encoding"), response.read()))
            connection.close()
    finally:
        server.shutdown()
        server.server_close()
    assert answers[0][:2] == (200, "gzip")
    assert gzip.decompress(answers[0][2]) == b"<p>page</p>"
    assert answers[1][0] == 404


def test_one_low_score_is_too_low() -> None:
    """Scores are good if each reaches 0.95; no scores are not good."""
    assert page.is_good({"performance": 0.95, "seo": 1})
    assert not page.is_good({"performance": 0.94, "seo": 1})
    assert not page.is_good({})


def test_missing_programs_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without npm or the browser nothing is begun, and it is said how to install them."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert page.main() == 2
    assert capsys.readouterr().err == "page-check: npx and chromium missing: python3 dev.py system\n"
