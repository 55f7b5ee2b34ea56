"""Pages of advisers, and of those who confirm what they did."""
