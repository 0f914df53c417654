"""How many people does a queue need, and how long does one wait in it?"""
