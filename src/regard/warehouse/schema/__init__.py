"""The tables of the warehouse, one module each: the one place that says which columns there are and what they mean."""
