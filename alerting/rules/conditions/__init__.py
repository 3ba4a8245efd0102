"""What kinds of rules are made of: pure state machines and computations over columns."""
