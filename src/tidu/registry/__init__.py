"""Who the enterprises are: identity, history, filings, evidence, held titles."""
