"""People out of a spreadsheet that an administrator sends."""
