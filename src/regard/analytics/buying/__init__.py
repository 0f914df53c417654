"""Who will buy again, how often, and for how much, where nobody says that they leave?"""
