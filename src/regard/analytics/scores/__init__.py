"""Figures of feeling on a scale from customers' answers."""
