"""Steps of the store of customers, in order."""
