"""Whether a treatment causes what came of it."""
