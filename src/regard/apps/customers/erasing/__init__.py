"""Erasing a person or a period everywhere, and keeping what was erased from coming back."""
