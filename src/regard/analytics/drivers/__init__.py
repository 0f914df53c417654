"""Which parts of the experience go with the outcome, and how much of it each carries."""
