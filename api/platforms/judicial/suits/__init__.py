"""Administrative suits against units, by the month of the judgment: the table of the court."""
