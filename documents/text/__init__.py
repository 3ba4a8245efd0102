"""The text of a document as 章, 条, 款, 项, out of Markdown, Word and PDF."""
