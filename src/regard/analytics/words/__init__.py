"""What customers' own words say, learnt from examples, with the words that made each verdict."""
