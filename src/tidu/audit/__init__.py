"""What happened: append-only, hash-chained events without foreign keys."""
