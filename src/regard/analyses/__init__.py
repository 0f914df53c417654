"""Analyses that somebody asks for by name: each reads a table, asks the mathematics, and tells the answer."""
