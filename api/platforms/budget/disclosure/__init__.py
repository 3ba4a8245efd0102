"""Published tables that the centre keeps: sets, their figures, and which of them stand."""
