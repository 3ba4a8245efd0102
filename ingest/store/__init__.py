"""Stores of readings: what each promises, and the one place that opens one."""
