"""Tables of the sixteen departments, each with a description that the office may change."""
