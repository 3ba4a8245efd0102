"""Actions on filings: write, check, register, hand out, pack and take in."""
