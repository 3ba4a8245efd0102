"""The rules of terms, and what the office decides of them."""
