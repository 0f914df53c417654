"""Key drivers of an outcome, of any table."""
