"""Who stayed, who left, and what a customer is worth while they stay?"""
