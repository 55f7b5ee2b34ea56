"""Pages for: account."""
