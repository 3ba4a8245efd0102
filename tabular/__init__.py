"""Tables in files: lines, cells and columns of CSV."""
