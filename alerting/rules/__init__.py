"""Rules of a district: their kinds, their files, their versions."""
