"""The words that every floor shares: periods, money, estimates, ids, registries, errors and public holidays.

Standard library only, but for the calendar of public holidays.
"""
