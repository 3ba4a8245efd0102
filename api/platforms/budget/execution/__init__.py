"""The monthly report on the execution of the budget."""
