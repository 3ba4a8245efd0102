"""Pages of filings."""
