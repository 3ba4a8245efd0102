"""Traces of one matter in things of every platform: by them joins are proposed."""
