"""Experiments: a run's record, its store, a search at equal budget, the winner's curse, a pipeline."""
