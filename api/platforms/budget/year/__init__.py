"""The statutory dates of a year of budget supervision, as deadlines."""
