"""The homes as pages."""
