"""What the variants of an experiment did, how many units it takes, and how to deal them out."""
