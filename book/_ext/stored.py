"""What the book reads out of a notebook file: its figures, its exercises, the time it takes."""

from __future__ import annotations

import base64
import html
import io
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

IMAGE = re.compile(
    r'<img alt="(?P<alt>[^"]*)" width="(?P<width>\d+)" style="[^"]*" '
    r'src="data:image/webp;base64,(?P<data>[^"]+)">'
    r"(?=(?:<figcaption><em>(?P<caption>.*?)</em></figcaption>)?)"  # behind it, not a part of it
)
STUB = re.compile(r"^    \.\.\.$", re.MULTILINE)
WORDS_A_MINUTE = 160
"""A careful reader of a second language."""
SECONDS_A_LINE = 5
"""For a line of code that is meant to be read."""
PAPER = 0.7
"""A drawing with a larger share of nearly white pixels is a chart on white paper."""

Cell = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """A figure in a stored output."""

    content: bytes
    alt: str
    caption: str
    width: int

    def opened(self) -> Image.Image:
        """Return the picture itself."""
        return Image.open(io.BytesIO(self.content)).convert("RGB")

    @property
    def is_chart(self) -> bool:
        """Say whether this is a chart on white paper, whose colours may be turned round."""
        small = self.opened()
        small.thumbnail((300, 300))
        return bool((np.asarray(small).min(axis=2) > 240).mean() > PAPER)


def text(cell: Cell) -> str:
    """Return the source of a cell."""
    return "".join(cell["source"])


def tags(cell: Cell) -> list[str]:
    """Return the tags of a cell; the list may be changed."""
    found: list[str] = cell["metadata"].setdefault("tags", [])
    return found


def markup(output: dict[str, Any]) -> str:
    """Return the HTML of an output, or an empty text."""
    return "".join(output.get("data", {}).get("text/html", ""))


def picture(found: re.Match[str]) -> Picture:
    """Return the figure that `IMAGE` found."""
    return Picture(
        base64.b64decode(found["data"]),
        html.unescape(found["alt"]),
        html.unescape(found["caption"] or ""),
        int(found["width"]),
    )


def pictures(cell: Cell) -> list[Picture]:
    """Return the figures that a cell's stored outputs show."""
    outputs = cell.get("outputs", [])
    return [picture(found) for output in outputs for found in IMAGE.finditer(markup(output))]


def opening_picture(notebook: dict[str, Any]) -> Picture | None:
    """Return the figure that opens the chapter: the one tagged `opening`, else the first."""
    shown = [
        (("opening" in tags(cell)), picture)
        for cell in code(notebook)
        for picture in pictures(cell)
    ]
    chosen = [picture for tagged, picture in shown if tagged] or [picture for _, picture in shown]
    return chosen[0] if chosen else None


def code(notebook: dict[str, Any]) -> list[Cell]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def only_draws(cell: Cell) -> bool:
    """Say whether a cell shows a figure, and claims, prints and asks nothing.

    Examples
    --------
    >>> only_draws({"source": "plots.show(figure, caption='a', alt='b')"})
    True
    >>> only_draws({"source": "print(loss)\\nplots.show(figure, caption='a', alt='b')"})
    False
    """
    source = text(cell)
    others = ("claims.", "print(", "exercises.", "outputs.")
    return "plots.show(" in source and not any(word in source for word in others)


def is_exercise(cell: Cell) -> bool:
    """Say whether a cell is an exercise that waits for its reader.

    Examples
    --------
    >>> is_exercise({"source": "def f(x):\\n    ...\\n\\n\\nexercises.f.check(f)"})
    True
    """
    source = text(cell)
    return ".check(" in source and bool(STUB.search(source) or re.search(r"= \.\.\.", source))


def minutes_to_read(notebook: dict[str, Any]) -> int:
    """Return the minutes that a careful reader needs, in steps of 5, exercises not counted."""
    words = sum(len(text(c).split()) for c in notebook["cells"] if c["cell_type"] == "markdown")
    read = [c for c in code(notebook) if not only_draws(c) and "solution" not in tags(c)]
    lines = sum(sum(map(bool, map(str.strip, text(c).split("\n")))) for c in read)
    minutes = words / WORDS_A_MINUTE + lines * SECONDS_A_LINE / 60
    return max(5, 5 * round(minutes / 5))


def exercises(notebook: dict[str, Any]) -> int:
    """Return how many exercises wait for the reader."""
    return sum(is_exercise(cell) for cell in code(notebook))
