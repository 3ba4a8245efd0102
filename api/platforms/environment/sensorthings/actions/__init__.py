"""Entities of the catalogue, Observations of the store, and answers made of them."""
