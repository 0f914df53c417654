"""The San Francisco airport passenger survey 2010–2017: a shipped cut of real answers, ready to load."""
