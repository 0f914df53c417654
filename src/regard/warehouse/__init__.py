"""The append-only log, its dimensions, and the engines that answer questions of it."""
