"""The tracking API: what a sender posts becomes a journal segment, acknowledged after its commit."""
