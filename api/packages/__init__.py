"""Packages of files that centres send each other."""
