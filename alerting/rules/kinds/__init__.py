"""One file a kind of rule: how it is written, what it computes, what it says, how it is tuned."""
