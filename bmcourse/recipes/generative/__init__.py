"""Models that invent pictures of digits, and the one judge of all of them."""
