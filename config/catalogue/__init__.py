"""A district's stations, instruments, register maps and rivers: their shapes and their strict loading."""
