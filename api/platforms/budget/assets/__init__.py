"""State assets 国有资产: the register by unit and kind, and what was bought. Read only."""
