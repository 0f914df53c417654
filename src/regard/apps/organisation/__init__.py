"""The organisation itself: its members and their roles, its units, and its few settings."""
