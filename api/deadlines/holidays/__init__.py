"""The days off of a year, and the notice of one that the office enters."""
