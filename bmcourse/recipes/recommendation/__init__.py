"""Recommendation: factors, neighbours, splits over time, a feedback loop, and what is extra."""
