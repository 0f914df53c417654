"""The history of this slice's tables."""
