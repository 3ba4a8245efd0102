"""Findings 疑点 of the rules as questions to units: screened, sent, explained, judged, closed."""
