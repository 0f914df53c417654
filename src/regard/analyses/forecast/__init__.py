"""What comes next, interval by interval."""
