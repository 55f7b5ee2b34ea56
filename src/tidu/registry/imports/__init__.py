"""Files into the registry: understood, checked without writing, committed, undone."""
