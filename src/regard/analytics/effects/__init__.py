"""Does it cause it, and how much of the answer is the design, how much assumption?"""
