"""Regard: every interaction in one log, every customer one person, every figure with its uncertainty."""
