"""The API under `/api/v1/`: the same figures and lists as on pages, for machines."""
