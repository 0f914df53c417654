"""Backups: taken while the server runs, restored into a new life of the journal."""
