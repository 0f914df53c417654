"""Taking in: the tracking API, files, and the sources they come from."""
