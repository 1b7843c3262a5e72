"""Move a threshold over two histograms and watch every metric follow; needs no kernel."""

from bmcourse.widgets.threshold_explorer.view import ThresholdExplorer

__all__ = ["ThresholdExplorer"]
