"""Commands for stations, their instruments and simulators."""
