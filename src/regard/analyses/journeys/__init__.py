"""What customers go through, one thing after the other, where it takes long, and where it goes another way."""
