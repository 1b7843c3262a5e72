"""Models that invent pictures, and what they share."""
