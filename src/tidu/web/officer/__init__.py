"""Pages for: officer."""
