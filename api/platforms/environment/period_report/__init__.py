"""Water and air of a day, week, month, quarter or year on paper, and the year for the congress."""
