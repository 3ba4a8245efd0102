"""Bytes of files: what is packed, texts in their encodings, parts of workbooks."""
