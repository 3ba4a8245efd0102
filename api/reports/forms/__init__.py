"""Forms of a frozen paper: Word, a workbook, PDF."""
