"""Who will leave or buy, how far such a chance can be trusted, and what it rests on."""
