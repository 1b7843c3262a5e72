"""Turn a query and see how much it takes from each word; needs no kernel."""

from bmcourse.widgets.look_up.view import LookUp

__all__ = ["LookUp"]
