"""The mathematics: pure functions on numbers and arrays. No database, no web, no opinion about tables."""
