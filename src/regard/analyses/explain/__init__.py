"""What made a figure change between two periods, of any table."""
