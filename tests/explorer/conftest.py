"""The page of the shipped package, and the same in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scrdata.contents import with_evidence
from scrdata.explorer.page import write_page
from scrdata.package import find_package
from tests.metadata.publications import publish

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from scrdata.package import Package

ROOT = Path(__file__).parents[2]
MISSING = "Chromium is missing: python3 dev.py system"


def page_of(folder: str | os.PathLike[str]) -> str:
    """Return the page of a package in a folder."""
    publication = publish(folder)
    with_evidence(publication.contents)
    return write_page(publication)


@pytest.fixture(scope="session")
def shipped() -> Package:
    """Return the package of the checkout."""
    return find_package(str(ROOT))


@pytest.fixture(scope="session")
def text() -> str:
    """Return the page of the shipped package."""
    return page_of(ROOT)


@pytest.fixture(scope="session")
def place(text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that holds the page of the shipped package."""
    path = tmp_path_factory.mktemp("explorer") / "index.html"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser of the system, once."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, place: Path) -> Iterator[Callable[..., Page]]:
    """Return the function that opens the page; it must complain of nothing, and ask for nothing but itself."""
    contexts = []
    wrong: list[str] = []

    def start(address: str = "", *, width: int = 1280, **settings: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: request.url.partition("#")[0] == place.as_uri() or wrong.append(request.url))
        page.goto(place.as_uri() + address)
        return page

    yield start
    for context in contexts:
        context.close()
    assert [item for item in wrong if not item.startswith(("data:", "blob:"))] == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """Return the page, opened as wide as on a desk."""
    return visit()
