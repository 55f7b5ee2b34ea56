"""The cheapest path, the next question, the best bundle; alone in using a solver."""
