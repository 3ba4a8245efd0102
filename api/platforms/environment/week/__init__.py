"""The week of the stations in a person's area, for the weekly message of another platform."""
