"""Slide a filter over real digits and see every product; needs no kernel."""

from bmcourse.widgets.slide_filter.view import SlideFilter

__all__ = ["SlideFilter"]
