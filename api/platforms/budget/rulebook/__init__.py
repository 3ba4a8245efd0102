"""The rules in force: those of the product with what the office saved over them."""
