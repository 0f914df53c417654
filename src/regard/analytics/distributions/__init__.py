"""How likely is a value, and which value is reached with a given chance?"""
