"""How sums over customers become figures: the bridge from one query to the mathematics."""
