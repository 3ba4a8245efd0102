"""Questions in plain words that people keep, for themselves or for everybody."""
