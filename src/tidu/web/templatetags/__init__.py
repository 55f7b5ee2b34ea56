"""Filters that templates of the pages use."""
