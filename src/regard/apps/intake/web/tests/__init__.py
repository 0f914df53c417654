"""Tests of the pages of intake."""
