"""Files that settle what arrived: the journal, and the dead letters."""
