"""The table of laws: those of the product with what the office entered over them."""
