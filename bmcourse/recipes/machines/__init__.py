"""Several processes that train one network: workers, sums around a ring, and what they cost."""
