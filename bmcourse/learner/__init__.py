"""What the course keeps for the learner, on this machine only."""
