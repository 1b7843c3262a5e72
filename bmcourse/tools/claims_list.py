"""The list of all claims, with their bounds: a weaker bound or a lost claim is seen at once."""

from __future__ import annotations

import json
from pathlib import Path

from bmcourse.tools import notebook_file
from bmcourse.tools.course import ROOT, chapters

PLACE = Path("tests", "notebooks", "claims.json")  # below the root of the checkout


def stored_claims(path: Path) -> list[str]:
    """Return the claims in the stored outputs of a notebook, each with its bound."""
    found = []
    for cell in notebook_file.read(path)["cells"]:
        for output in cell.get("outputs", []):
            noted = output.get("metadata", {}).get("bmcourse", {})
            if "claim" in noted:
                found.append(str(noted["claim"]))
    return found


def read_list(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the list as it was last agreed to, by chapter."""
    listed: dict[str, list[str]] = json.loads((root / PLACE).read_text(encoding="utf-8"))
    return listed


def write_list(root: Path = ROOT) -> list[str]:
    """Write the list anew from the stored outputs.

    Returns
    -------
    list of str
        What changed: a line that begins with ``-`` or ``+`` for each claim gone or new.
    """
    path = root / PLACE
    before = read_list(root) if path.exists() else {}
    now = {chapter.slug: stored_claims(chapter.path) for chapter in chapters(root)}
    notebook_file.write(path, json.dumps(now, indent=1, ensure_ascii=False) + "\n")
    lines = []
    for slug in sorted({*before, *now}):
        old, new = before.get(slug, []), now.get(slug, [])
        lines += [f"- {slug}: {claim}" for claim in old if claim not in new]
        lines += [f"+ {slug}: {claim}" for claim in new if claim not in old]
    return lines
