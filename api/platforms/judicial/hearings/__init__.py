"""Hearings, attendance at trials, witnessed enforcement and open days: one room, kinds as data."""
