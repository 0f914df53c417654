"""Tags of the pages of intake."""
