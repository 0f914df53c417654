"""A made-up retailer with planted truths, to try everything on and to check every analysis against."""
