"""Watch optimizers walk the same landscape, step by step; needs no kernel."""

from bmcourse.widgets.descent.view import Descent

__all__ = ["Descent"]
