"""Documents for deputies 知情知政: published by the office, by topic, with a weekly message."""
