"""Cases: what somebody of ours owes to one customer, until when, and what came of it."""
