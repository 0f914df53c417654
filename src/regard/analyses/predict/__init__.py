"""Who will leave or buy."""
