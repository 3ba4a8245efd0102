"""Samples on the disk of the station until the centre has settled them."""
