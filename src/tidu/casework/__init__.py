"""What an authority must decide: rounds, cases, reviews, notices, clocks."""
