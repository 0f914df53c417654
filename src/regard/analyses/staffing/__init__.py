"""How many people a queue of calls needs."""
