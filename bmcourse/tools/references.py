"""References from chapter to chapter: links whose number and target must agree with course.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bmcourse.tools.course import Chapter

# [chapter 11](11_faster_and_better.ipynb), or [11](../notebooks/11_faster_and_better.ipynb#Heading)
LINK = re.compile(r"\[([Cc]hapter )?(\d+)\]\(((?:[\w.]+/)*)(\d\d)_(\w+)\.ipynb(#[^)]*)?\)")
MENTION = re.compile(r"[Cc]hapters? \[?\d+")
PLAIN = re.compile(r"\b([Cc]hapters? )(\d+(?:(?:, | and | to | or )\d+)*)\b(?!\])")


def renumber(text: str, every: Sequence[Chapter]) -> str:
    """Return the text with each reference as the chapters are numbered now.

    A reference to a chapter that the course no longer has becomes plain words.

    Examples
    --------
    >>> from bmcourse.tools.course import chapters
    >>> renumber("see [chapter 9](09_losses.ipynb) and [chapter 5](05_poetry.ipynb)", chapters())
    'see [chapter 2](02_losses.ipynb) and the chapter "poetry" (not in this edition)'
    """
    by_slug = {chapter.slug: chapter for chapter in every}

    def current(match: re.Match[str]) -> str:
        word, _, folder, _, slug, anchor = match.groups(default="")
        chapter = by_slug.get(slug)
        if chapter is None:
            return f'the chapter "{slug.replace("_", " ")}" (not in this edition)'
        return f"[{word}{chapter.number}]({folder}{chapter.path.name}{anchor})"

    return LINK.sub(current, text)


def link(text: str, every: Sequence[Chapter], folder: str = "") -> str:
    """Return the text with each plain mention of a chapter as a link to its notebook.

    Examples
    --------
    >>> from bmcourse.tools.course import chapters
    >>> link("Chapters 1 and 2", chapters())
    'Chapters [1](01_from_neuron_to_mlp.ipynb) and [2](02_losses.ipynb)'
    """
    names = {str(chapter.number): chapter.path.name for chapter in every}

    def linked(match: re.Match[str]) -> str:
        word, numbers = match.groups()
        if numbers in names:
            return f"[{word}{numbers}]({folder}{names[numbers]})"
        return word + re.sub(r"\d+", lambda n: f"[{n[0]}]({folder}{names[n[0]]})", numbers)

    return PLAIN.sub(linked, text)
