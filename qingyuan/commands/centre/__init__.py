"""Commands that run or check a centre."""
