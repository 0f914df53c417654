"""How customers feel, told from their words: `regard sentiment`."""
