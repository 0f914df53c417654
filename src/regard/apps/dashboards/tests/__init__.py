"""Tests of the homes."""
