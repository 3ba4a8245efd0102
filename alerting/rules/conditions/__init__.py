"""One file a kind of rule: pure state machines over columns of one series."""
