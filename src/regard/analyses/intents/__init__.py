"""What customers want, told from their words: `regard intents`."""
