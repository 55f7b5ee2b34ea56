"""Who the enterprises are: their names through time, and how they are found."""
