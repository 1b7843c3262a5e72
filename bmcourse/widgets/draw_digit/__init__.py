"""Draw a digit and see at once what a small network thinks; works without a kernel too."""

from bmcourse.widgets.draw_digit.view import DrawDigit

__all__ = ["DrawDigit"]
