"""Experiments: a record of a run, its store, a search, the winner's curse, a slow pipeline."""
