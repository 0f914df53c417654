"""Many comparisons looked at together."""
