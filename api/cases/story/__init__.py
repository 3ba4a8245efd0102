"""All that came of a case on one axis of time, its report and its package."""
