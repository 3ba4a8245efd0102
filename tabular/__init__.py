"""Tables in files: lines of CSV, and whatever table an office sends."""
