"""One total divided by another, over customers who each add to both."""
