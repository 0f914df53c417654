"""The words that every floor shares: periods, money, estimates, ids, registries and errors. Standard library only."""
