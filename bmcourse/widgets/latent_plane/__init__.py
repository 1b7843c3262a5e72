"""Walk in the plane of codes of two numbers, and see the digit at each place; needs no kernel."""

from bmcourse.widgets.latent_plane.view import LatentPlane

__all__ = ["LatentPlane"]
