"""JupyterLab in a real Chromium: opened as the README says, every cell run, nothing red."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bmcourse.chapters.welcome import exercises
from bmcourse.tools.course import chapters
from bmcourse.tools.pages import PAGES

ROOT = Path(__file__).resolve().parents[3]
WELCOME, *QUICK = [chapter.path.name for chapter in chapters()[:3]]  # they run in seconds
RIGHT = "sum(n * m + m for n, m in zip(sizes[:-1], sizes[1:]))"
WITHOUT_BIAS = "sum(n * m for n, m in zip(sizes[:-1], sizes[1:]))"
IDLE = re.compile(r"\| Idle")
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the learner's progress is kept."""
    return tmp_path_factory.mktemp("record") / "progress.jsonl"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, record: Path) -> Iterator[str]:
    """Open the course as the README says; give the address that JupyterLab prints."""
    home = tmp_path_factory.mktemp("lab")
    for name, settings in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings), encoding="utf-8")
    server_settings = {"open_browser": False, "port": 0, "allow_root": True}
    (home / "config").mkdir()
    (home / "config" / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": server_settings}), encoding="utf-8"
    )
    environment = {
        **os.environ,
        "BMCOURSE_WORK": str(home / "my"),
        "BMCOURSE_PROGRESS": str(record),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }
    command = [sys.executable, "-m", "bmcourse", "open"]
    log = home / "lab.log"
    with log.open("w", encoding="utf-8") as stream:
        server = subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it starts JupyterLab, which must end with it
        )
        try:
            yield address(server, log)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=30)


def address(server: subprocess.Popen[bytes], log: Path) -> str:
    """Wait for the line in the server's log that names its address, as a learner reads it."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        text = log.read_text(encoding="utf-8")
        if found := re.search(r"http://127\.0\.0\.1:[1-9]\d*/lab\S*token=\w+", text):
            return found[0]
        time.sleep(0.3)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def open_notebook(page: Any, lab: str, name: str) -> None:
    """Open a notebook alone in the running JupyterLab and wait for its kernel."""
    page.goto(re.sub(r"/lab[^?]*", f"/lab/tree/{name}", lab) + "&reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=90_000)
    page.locator("#jp-main-statusbar").get_by_text(IDLE).wait_for(timeout=90_000)


def run_all_cells(page: Any) -> None:
    """Choose Run All Cells and wait until every cell was run."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells$")).click()
    waiting = page.locator(".jp-Notebook .jp-InputPrompt").get_by_text("[*]:")
    waiting.first.wait_for(timeout=30_000)
    page.wait_for_function(
        """() => ![...document.querySelectorAll(".jp-Notebook .jp-InputPrompt")].some(
            prompt => prompt.textContent === "[*]:")""",
        timeout=400_000,
    )
    page.locator("#jp-main-statusbar").get_by_text(IDLE).wait_for()


def errors(page: Any) -> list[str]:
    """Return what the cells wrote as errors."""
    kinds = ["application/vnd.jupyter.error", "application/vnd.jupyter.stderr"]
    outputs = ", ".join(f'.jp-OutputArea-output[data-mime-type="{kind}"]' for kind in kinds)
    return list(page.locator(outputs).all_inner_texts())


def answer(page: Any, function: str, expression: str) -> str:
    """Fill in an exercise, run its cell, and return what the checker says."""
    cell = page.locator(".jp-CodeCell", has_text=f"def {function}(")
    cell = cell.filter(has_not_text="_solution").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    code = f"def {function}(sizes):\n    return {expression}\n\n"
    page.keyboard.insert_text(f"{code}exercises.{function}.check({function})")
    before = cell.locator(".jp-InputPrompt").inner_text()
    page.keyboard.press("Control+Enter")
    page.wait_for_function(
        "([prompt, before]) => /\\d/.test(prompt.textContent) && prompt.textContent !== before",
        arg=[cell.locator(".jp-InputPrompt").element_handle(), before],
    )
    return str(cell.locator(".jp-OutputArea").inner_text())


def test_welcome_as_a_newcomer_uses_it(
    lab: str, open_page: Callable[..., Any], record: Path
) -> None:
    page = open_page()
    open_notebook(page, lab, WELCOME)
    run_all_cells(page)
    assert errors(page) == []
    assert page.locator(".Toastify__toast").count() == 0  # no question about news
    assert not record.exists()  # our own solutions are not the learner's
    assert "not attempted" in page.locator(".jp-Notebook").inner_text()
    assert "bias" in answer(page, "dense_parameters", WITHOUT_BIAS)
    assert "right" in answer(page, "dense_parameters", RIGHT)
    question = page.locator(".quick-questions form").nth(1)
    question.get_by_role("textbox").fill("2020")
    question.get_by_role("button").click()
    assert "Right" in question.get_by_role("status").inner_text()
    kept = [json.loads(line)["solved"] for line in record.read_text().split("\n") if line]
    assert kept == [exercises.dense_parameters.name, "welcome, question 2"]
    page.get_by_role("button", name="Clear").click()
    assert page.locator(".draw-digit").is_visible()


def test_the_file_browser_shows_copies_and_pages_alone(
    lab: str, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    page.goto(lab)
    items = page.locator(".jp-DirListing-item .jp-DirListing-itemText")
    items.first.wait_for(timeout=90_000)
    expected = sorted([*(chapter.path.name for chapter in chapters()), *PAGES])
    assert sorted(items.all_inner_texts()) == expected


@pytest.mark.parametrize("name", [WELCOME, *QUICK])
def test_solutions_are_folded(lab: str, name: str, open_page: Callable[..., Any]) -> None:
    cells = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]
    solutions = ["solution" in cell["metadata"].get("tags", []) for cell in cells]
    page = open_page()
    open_notebook(page, lab, name)
    page.wait_for_function(  # cells are drawn one after the other
        "n => document.querySelectorAll('.jp-Notebook .jp-Cell').length === n", arg=len(cells)
    )
    assert page.locator(".jp-CodeCell .jp-InputPlaceholder").count() == sum(solutions)


@pytest.mark.parametrize("name", QUICK)
def test_run_all_ends_without_an_error(lab: str, name: str, open_page: Callable[..., Any]) -> None:
    page = open_page()
    open_notebook(page, lab, name)
    run_all_cells(page)
    assert errors(page) == []
