"""Parts that kinds of rules share: pure state machines and computations over columns."""
