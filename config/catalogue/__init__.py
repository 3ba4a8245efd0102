"""A district's stations, instruments and rivers: their shapes and their strict loading."""
