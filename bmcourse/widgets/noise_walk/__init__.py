"""Walk from noise to a digit, step by step."""

from bmcourse.widgets.noise_walk.view import NoiseWalk

__all__ = ["NoiseWalk"]
