"""Figures of many alike, each drawn towards all by as much as chance alone would scatter them."""
