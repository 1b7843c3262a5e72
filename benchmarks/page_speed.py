"""How fast the book's pages answer on a slow laptop: Chromium, its processor slowed four times.

    python benchmarks/page_speed.py book/_build/html                # this build
    python benchmarks/page_speed.py OTHER book/_build/html          # two builds, turn by turn

Each page is opened five times in a fresh context, from a server on this machine. Printed are the
medians: first paint, page read (DOM interactive), loaded, and quiet, which is the end of the last
task that kept the page busy for 50 ms or more; all in seconds. Then the page's long tasks beyond
their first 50 ms, added up, its kilobytes (uncompressed) and its elements. Other work on the
machine makes all of it slower. Needs Chromium and the extra `dev`.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

PAGES = (
    "book/intro.html",
    "notebooks/03_backprop_by_hand.html",
    "notebooks/10_generalisation.html",
    "notebooks/19_attention.html",
    "notebooks/37_recommendation.html",
    "book/notation.html",
    "book/glossary.html",
)
TIMES, SLOWER = 5, 4
WATCH = """window.tasks = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });"""
READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  return {
    paint, read: page.domInteractive, loaded: page.loadEventEnd,
    quiet: Math.max(paint, ...tasks.map(([start, lasted]) => start + lasted)),
    blocked: tasks.reduce((sum, [, lasted]) => sum + lasted - 50, 0),
    elements: document.querySelectorAll("*").length,
  };
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass


def serve(folder: str) -> str:
    """Serve a folder on this machine and return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def measure(browser: Any, address: str) -> dict[str, float]:
    """Open one page in a fresh context and return what was measured."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(4000)
    found: dict[str, float] = page.evaluate(READ)
    context.close()
    return {**found, "kilobytes": sum(received) / 1000}


def main(folders: list[str]) -> None:
    """Measure the builds turn by turn and print a line for each page of each."""
    sites = {folder: serve(folder) for folder in folders}
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        print("paint  read  loaded  quiet  blocked    kB  elements")
        for name in PAGES:
            found: dict[str, list[dict[str, float]]] = {folder: [] for folder in folders}
            for _ in range(TIMES):
                for folder, site in sites.items():
                    found[folder].append(measure(browser, site + name))
            for folder, rows in found.items():
                middle = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
                seconds = [middle[key] / 1000 for key in ("paint", "read", "loaded", "quiet")]
                times = "{:5.2f} {:5.2f}  {:6.2f} {:6.2f}".format(*seconds)
                print(
                    f"{times} {middle['blocked'] / 1000:8.2f} {middle['kilobytes']:5.0f} "
                    f"{middle['elements']:9.0f}  {Path(folder).resolve()} {name}",
                    flush=True,
                )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:] or ["book/_build/html"])
