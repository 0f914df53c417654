"""What happens to customers one thing after the other: paths, waits, what was done again, and where they end."""
