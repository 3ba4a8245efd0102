"""Commands on readings: import, export, back-up, quality control."""
