"""Parts of the kinds of rules: pure state machines and computations over columns."""
