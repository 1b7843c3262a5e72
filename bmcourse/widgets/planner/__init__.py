"""Put prices on a classifier's decisions and see what a year brings; needs no kernel."""

from bmcourse.widgets.planner.view import Planner

__all__ = ["Planner"]
