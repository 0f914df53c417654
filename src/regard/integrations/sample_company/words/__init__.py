"""What the customers of the sample company write, in five languages."""
