"""The way from segments to their effects: election, batches, what is new, what fails."""
