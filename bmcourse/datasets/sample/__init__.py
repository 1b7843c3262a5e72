"""Real samples that travel inside the package, and the script that chose them."""
