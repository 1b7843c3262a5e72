"""Move the weights of a small network and watch its decision boundary; needs no kernel."""

from bmcourse.widgets.playground.view import Playground

__all__ = ["Playground"]
