"""What enterprises ask of an authority: requests, advisers, visits, what came of it."""
