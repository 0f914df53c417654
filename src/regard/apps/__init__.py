"""The product: one slice per thing that a person works on."""
