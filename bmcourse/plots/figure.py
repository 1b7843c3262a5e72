"""Make a figure in the course's style, and show it with a caption and an alternative text."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure
from PIL import Image

from bmcourse import checks, outputs

# Okabe and Ito's palette: told apart with every common colour blindness.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
STYLE: Any = {
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.3,
    "font.size": 11,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}
DOTS_PER_INCH = 144
PHOTOGRAPH = 8000
"""A picture with more colours than this holds photographs."""


def figure(
    rows: int = 1, columns: int = 1, *, size: tuple[float, float] = (6.4, 3.6), **options: Any
) -> tuple[Figure, Any]:
    """Make a figure and its axes, as `matplotlib.pyplot.subplots` does, in the course's style.

    Parameters
    ----------
    rows, columns : int
        Grid of axes.
    size : tuple of float
        Width and height in inches.
    **options
        Passed on to `matplotlib.pyplot.subplots`.
    """
    plt.rcParams.update(STYLE)
    made, axes = plt.subplots(rows, columns, figsize=size, **options)
    return made, axes


def show(figure: Figure, *, caption: str, alt: str) -> None:
    """Show a figure with its caption, and a text for those who cannot see it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is closed afterwards.
    caption : str
        What the figure shows, in one or two sentences; the same on every machine.
    alt : str
        What a reader who cannot see the picture needs to know: what is drawn, and its form.

    Raises
    ------
    ValueError
        If caption or alternative text is too short to help anybody.
    """
    for argument, text in {"caption": caption, "alt": alt}.items():
        if len(text) < 15:
            checks.fail(argument, "a sentence of at least 15 characters", repr(text))
    width = round(figure.get_figwidth() * 100)
    source = base64.b64encode(_webp(figure)).decode()
    plt.close(figure)
    body = (
        '<figure style="margin:0.5em 0">'
        f'<img alt="{html.escape(alt)}" width="{width}" '
        f'style="max-width:100%;height:auto;background:white" '
        f'src="data:image/webp;base64,{source}">'
        f"<figcaption><em>{html.escape(caption)}</em></figcaption></figure>"
    )
    if outputs.in_notebook():
        outputs.display_html(body, plain=f"Figure: {caption}")


def _webp(figure: Figure) -> bytes:
    """Draw a figure; all but photographs lose the shades that only a computer tells apart."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    picture = Image.open(drawn).convert("RGB")
    if picture.getcolors(PHOTOGRAPH) is not None:
        few = picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        picture = few.convert("RGB")
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True, quality=90, method=4)
    return buffer.getvalue()
