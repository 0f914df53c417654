"""How much on average, in the middle, altogether, or how often?"""
