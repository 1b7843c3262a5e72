"""Figures of the course: they draw given arrays and compute nothing."""

from bmcourse.plots.figure import COLOURS, figure, show
from bmcourse.plots.images import gallery, heatmap
from bmcourse.plots.line_charts import lines

__all__ = ["COLOURS", "figure", "gallery", "heatmap", "lines", "show"]
