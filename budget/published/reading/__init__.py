"""Files of published tables, read: blocks on a sheet, columns, sides, exact sums."""
