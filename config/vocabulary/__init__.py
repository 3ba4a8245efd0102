"""What words mean: values only; no files, no environment, no clock."""
