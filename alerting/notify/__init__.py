"""Readers, messages and deliveries: who is told what, when and by what."""
