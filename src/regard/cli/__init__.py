"""The `regard` command."""
