"""Make a trained network smaller and faster: fewer bits, fewer weights, a small student."""
