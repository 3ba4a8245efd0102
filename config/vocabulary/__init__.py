"""The meaning of words: values only; no files, no environment, no clock."""
