"""Glossary and notation as plain Markdown pages, beside the learner's working copies."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from bmcourse.tools import notebook_file

PAGES = ("glossary.md", "notation.md")
GLOSSARY = re.compile(r"(?ms)^```\{glossary\}\n(?::\w+:[^\n]*\n)*(.*?)^```\n")
ROLE = re.compile(r"\{\w+(?::\w+)?\}`([^`<]+?)(?: *<[^`>]*>)?`")
SIGNED = re.compile(r"(?s)\A(.*)<!-- as published: ([0-9a-f]{16}) -->\n\Z")


def refresh_page(name: str, folder: Path, root: Path) -> None:
    """Write a page of the book into a folder, unless the learner has changed the one there."""
    path = folder / name
    if path.exists() and not _is_ours(path.read_text(encoding="utf-8", errors="replace")):
        return
    text = plain((root / "book" / name).read_text(encoding="utf-8"))
    notebook_file.write(path, f"{text}\n<!-- as published: {_digest(text + chr(10))} -->\n")


def plain(text: str) -> str:
    """Return a page of the book as Markdown that JupyterLab shows right.

    Examples
    --------
    >>> print(plain("```{glossary}\\n:sorted:\\nlogit\\n  A {term}`score`.\\n```\\n"), end="")
    **logit**: A score.
    """
    return ROLE.sub(r"\1", GLOSSARY.sub(lambda match: _entries(match[1]), text))


def _entries(block: str) -> str:
    entries = re.findall(r"(?m)^(\S.*)\n((?:  .*\n)+)", block)
    lines = [f"**{term}**: {' '.join(text.split())}\n" for term, text in entries]
    return "\n".join(sorted(lines, key=str.casefold))


def _is_ours(text: str) -> bool:
    signed = SIGNED.match(text)
    return signed is not None and _digest(signed[1]) == signed[2]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
