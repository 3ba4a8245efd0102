"""Stations and alert events as the search finds them."""
