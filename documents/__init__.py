"""Normative documents: their text by articles. Pure: no database and no page."""
