"""Everything out again: a folder that makes another Regard the same, or one file of interactions."""
