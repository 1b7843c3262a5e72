"""A real Chromium that reaches this machine alone, and a server for the built book.

These tests need Debian's Chromium (or another Chrome) and the packages of the extra `dev`.
Without them they are skipped; with BMCOURSE_REQUIRE_BROWSER=1 they fail instead.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bmcourse.tools import contents

ROOT = Path(__file__).resolve().parents[3]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Every host name but this machine's fails to resolve, as without a network.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


def missing(what: str) -> None:
    """Skip, or fail where the tests must run."""
    if os.environ.get("BMCOURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, and BMCOURSE_REQUIRE_BROWSER=1 is set")
    pytest.skip(what)


def load_build(book: Path) -> ModuleType:
    """Import the book's `build.py` from the given folder."""
    spec = importlib.util.spec_from_file_location("book_build", book / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if importlib.util.find_spec("playwright") is None:
        missing("playwright is not installed")
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        missing("no Chromium found: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=[*OPTIONS, OFFLINE])
        yield chromium
        chromium.close()


def left(request: Any) -> bool:
    """Say whether a request of the search ended because its page was left: it loads each hit."""
    searched = "/search.html" in request.headers.get("referer", "")
    return searched and request.resource_type == "fetch" and request.failure == "net::ERR_ABORTED"


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open pages of a given width and theme; afterwards, nothing may have gone wrong in them."""
    faults: list[str] = []
    contexts = []

    def new(width: int = 1280, theme: str = "light") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(60_000)  # the machine may be busy
        page = context.new_page()
        page.on(
            "requestfailed", lambda r: not left(r) and faults.append(f"failed: {r.url} {r.failure}")
        )
        page.on("response", lambda r: r.status >= 400 and faults.append(f"{r.status}: {r.url}"))
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda m: m.type == "error" and faults.append(f"console: {m.text}"))
        page.faults = faults
        return page

    yield new
    for context in contexts:
        context.close()
    assert faults == []


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line in the terminal for each."""

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


def serve(folder: Path) -> tuple[str, ThreadingHTTPServer]:
    """Serve a folder on this machine; return its address and the server."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", server


def build_book(root: Path) -> Path:
    """Build the book of a checkout and return the folder of its pages."""
    if importlib.util.find_spec("jupyter_book") is None:
        missing("jupyter-book is not installed")
    build = load_build(root / "book")
    assert build.build() == 0, "the book does not build: see the warnings above"
    return root / "book" / "_build" / "html"


def is_current(html: Path) -> bool:
    """Say whether the built book is newer than all its sources."""
    front = html / "index.html"
    if not front.exists():
        return False
    sources = [*(ROOT / "notebooks").glob("*"), *(ROOT / "book").glob("*.*"), ROOT / "course.toml"]
    for folder in ("_ext", "_static", "_templates"):
        sources += [path for path in (ROOT / "book" / folder).glob("*.*") if path.is_file()]
    return front.stat().st_mtime > max(path.stat().st_mtime for path in sources)


@pytest.fixture(scope="session")
def book() -> Iterator[str]:
    """Give the address of the course's book, built anew if a source has changed."""
    html = ROOT / "book" / "_build" / "html"
    address, server = serve(html if is_current(html) else build_book(ROOT))
    yield address
    server.shutdown()


@pytest.fixture(scope="session")
def showcase_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the book's sources with one notebook that holds every kind of element."""
    root = tmp_path_factory.mktemp("showcase")
    ignore = shutil.ignore_patterns("_build", "__pycache__")
    shutil.copytree(ROOT / "book", root / "book", ignore=ignore)
    for page in ("README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / page, root)
    (root / "notebooks").mkdir()
    stored = Path(__file__).parent / "showcase.json"
    shutil.copy(stored, root / "notebooks" / "01_showcase.ipynb")
    part = "[[part]]\ntitle = 'One'\nchapters = [{ number = 1, slug = 'showcase' }]\n"
    (root / "course.toml").write_text(part, encoding="utf-8")
    contents.update(root)  # the pages refer to chapters that this book does not have
    return root


@pytest.fixture(scope="session")
def showcase(showcase_root: Path) -> Iterator[str]:
    """Give the address of a book with that one notebook, in a repository on the web."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_REPOSITORY", "example/course")
        html = build_book(showcase_root)
    address, server = serve(html)
    yield address
    server.shutdown()


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the source of axe-core, which finds accessibility faults in a page."""
    folder = load_build(ROOT / "book").ensure_asset("axe-core")
    return str((folder / "axe.min.js").read_text(encoding="utf-8"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            item.add_marker("slow")
