"""One folder per outside system that Regard takes from or writes to."""
