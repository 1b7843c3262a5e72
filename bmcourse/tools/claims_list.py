"""Lists of all claims and of the prose's numbers: what was weakened, lost or changed is seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from bmcourse.tools import notebook_file, prose_numbers
from bmcourse.tools.course import ROOT, chapters


def stored_claims(path: Path) -> list[str]:
    """Return the claims in the stored outputs of a notebook, each with its bound."""
    found = []
    for cell in notebook_file.read(path)["cells"]:
        for output in cell.get("outputs", []):
            noted = output.get("metadata", {}).get("bmcourse", {})
            if "claim" in noted:
                found.append(str(noted["claim"]))
    return found


LISTS: dict[str, Callable[[Path], list[str]]] = {
    "claims": stored_claims,
    "numbers": prose_numbers.listed,
}
"""What is listed of each notebook, by the name of the list's file."""


def place(name: str, root: Path = ROOT) -> Path:
    """Return where the list of a name is."""
    return root / "tests" / "notebooks" / f"{name}.json"


def read_list(name: str, root: Path = ROOT) -> dict[str, list[str]]:
    """Return a list as it was last agreed to, by chapter."""
    listed: dict[str, list[str]] = json.loads(place(name, root).read_text(encoding="utf-8"))
    return listed


def write_lists(root: Path = ROOT) -> list[str]:
    """Write both lists anew from the stored notebooks.

    Returns
    -------
    list of str
        What changed: a line that begins with ``-`` or ``+`` for each claim, and each cell with
        numbers, that is gone or new.
    """
    lines = []
    for name, listed in LISTS.items():
        path = place(name, root)
        before = read_list(name, root) if path.exists() else {}
        now = {chapter.slug: listed(chapter.path) for chapter in chapters(root)}
        notebook_file.write(path, json.dumps(now, indent=1, ensure_ascii=False) + "\n")
        for slug in sorted({*before, *now}):
            old, new = before.get(slug, []), now.get(slug, [])
            lines += [f"- {slug}: {line}" for line in old if line not in new]
            lines += [f"+ {slug}: {line}" for line in new if line not in old]
    return lines
