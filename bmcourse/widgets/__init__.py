"""Interactive figures; each is a thin shell over pure functions in `models`."""
