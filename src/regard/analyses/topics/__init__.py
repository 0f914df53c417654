"""What customers write about: `regard topics`."""
