"""Draw a transformer block in one of its two forms."""

from __future__ import annotations

from matplotlib.axes import Axes

COLOURS = {"norm": "#f4e3b2", "attention": "#bcd9ea", "network": "#cfe8cf", "+": "#ffffff"}
BEFORE = (["norm", "attention", "+", "norm", "network", "+"], [(0, 3), (3, 6)])
AFTER = (["attention", "+", "norm", "network", "+", "norm"], [(0, 2), (3, 5)])


def transformer_block(ax: Axes, norm_first: bool) -> Axes:
    """Draw one block from the bottom to the top, with its two skip connections at the right.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    norm_first : bool
        The normalization stands before attention and network, not after the sums.
    """
    names, skips = BEFORE if norm_first else AFTER
    arrow = {"arrowstyle": "->", "lw": 1.4, "color": "black"}
    for y, name in enumerate(names):
        style = {"boxstyle": "circle" if name == "+" else "round", "fc": COLOURS[name]}
        ax.annotate("", (0, y + 0.72), (0, y + 0.2), arrowprops=arrow)
        ax.text(0, y + 1, name, ha="center", va="center", fontsize=12, bbox=style)
    for start, end in skips:  # leaves below box `start`, ends at the sum, box `end`
        ax.plot([0, 1.25, 1.25], [start + 0.45, start + 0.45, end], color="#d55e00", lw=2)
        tip = {**arrow, "color": "#d55e00", "lw": 2}
        ax.annotate("", (0.14, end), (1.27, end), arrowprops=tip)
    ax.annotate("", (0, len(names) + 0.75), (0, len(names) + 0.2), arrowprops=arrow)
    ax.text(0, -0.05, "in", ha="center", va="center", fontsize=12)
    ax.text(0, len(names) + 1, "out", ha="center", va="center", fontsize=12)
    ax.set(xlim=(-1.3, 1.6), ylim=(-0.4, len(names) + 1.4))
    ax.axis("off")
    return ax
