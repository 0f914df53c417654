"""Importing files: staged as Parquet segments, journaled, projected; stopped at any moment, it goes on where it was."""
