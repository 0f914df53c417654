"""Tests of the shared web parts."""
