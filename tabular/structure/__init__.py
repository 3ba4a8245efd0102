"""The parts of a table: headers and names, kinds of rows and columns, trees of codes."""
