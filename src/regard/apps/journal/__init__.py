"""The journal: what was taken in, durably and in order, until every consumer has passed it."""
