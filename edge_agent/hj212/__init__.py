"""Data loggers that call by HJ 212."""
