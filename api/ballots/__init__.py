"""Questions that many people answer: named answers, and anonymous ballots."""
