"""Normative documents that the centre keeps, article by article, version after version."""
