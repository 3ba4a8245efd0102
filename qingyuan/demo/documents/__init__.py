"""Filing and review in the demonstration: texts, filings, a review, and a proposal."""
