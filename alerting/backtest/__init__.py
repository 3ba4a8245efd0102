"""Rules tried on a history, and the small tests that rule files carry."""
