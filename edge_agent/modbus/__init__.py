"""Instruments that are polled over Modbus."""
