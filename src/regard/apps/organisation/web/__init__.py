"""The organisation's pages: signing in and out, and one's own account."""
