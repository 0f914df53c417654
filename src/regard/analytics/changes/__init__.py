"""What made a figure change between two periods, and when."""
