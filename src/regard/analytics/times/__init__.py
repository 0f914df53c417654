"""How long does it take, when some are still waiting?"""
