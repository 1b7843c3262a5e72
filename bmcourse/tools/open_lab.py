"""Open JupyterLab on the learner's own copies, and on nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bmcourse.tools.course import ROOT, Chapter, chapters, find
from bmcourse.tools.progress_report import next_chapter
from bmcourse.tools.working_copies import Changes, copies, refresh, working_folder

SETTINGS = Path(__file__).with_name("lab")
"""Defaults for JupyterLab: no question about news or updates, as both would ask a server."""


def open_lab(wanted: str | None, *, solutions: bool = True, root: Path = ROOT) -> int:
    """Bring the working copies up to date, say what changed, and open one in JupyterLab.

    Parameters
    ----------
    wanted : str or None
        Number or beginning of the name of a chapter; None for the next to solve.
    solutions : bool
        False to leave the solutions out of copies that are made now.
    root : Path
        The checkout that holds ``course.toml``.

    Returns
    -------
    int
        JupyterLab's exit status.
    """
    chapter = find(wanted, root) if wanted else next_chapter(chapters(root))
    folder = working_folder()
    print(describe(refresh(folder, solutions=solutions, root=root), folder))
    path = copies(chapter, folder)[-1]
    print(
        f"Opening {path.name}. JupyterLab prints many lines here; its warnings do no harm.\n"
        "To stop it: Ctrl+C here, twice. The next day: python -m bmcourse open",
        flush=True,
    )
    # The address that the terminal prints leads to the notebook, too, for who must paste it.
    address = f"--LabApp.default_url=/lab/tree/{path.name}"
    command = [sys.executable, "-m", "jupyterlab", address, str(path)]
    places = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(places)}
    return subprocess.call(command, env=environment)  # noqa: S603 - our own interpreter and file


def describe(changes: Changes, folder: Path) -> str:
    """Say what `refresh` did, and which copies have a newer edition."""
    lines = [f"Your copies are in {folder}."]
    if changes.new:
        lines.append(f"New: {_listed(changes.new)}.")
    if changes.updated:
        lines.append(f"Newer edition, not yet begun, so replaced: {_listed(changes.updated)}.")
    for chapter in changes.newer_edition:
        lines.append(
            f"{chapter.name} has a newer edition. Yours stays as it is. For a fresh copy beside "
            f"it: python -m bmcourse start {chapter.number:02d}"
        )
    return "\n".join(lines)


def _listed(found: list[Chapter]) -> str:
    if len(found) > 3:
        return f"{found[0].name} to {found[-1].name}, {len(found)} chapters"
    return ", ".join(chapter.name for chapter in found)
