"""PDF with text: lines of pages put together to paragraphs."""
