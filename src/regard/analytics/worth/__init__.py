"""What groups of customers are worth: what they bring while they buy, and how many go on."""
