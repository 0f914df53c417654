"""What promoters, passives and detractors are worth."""
