"""A chart with a slider: what changes when one number changes."""

from bmcourse.widgets.slider_chart.view import SliderChart

__all__ = ["SliderChart"]
