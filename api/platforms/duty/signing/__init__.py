"""Signatures 附议 below suggestions and motions, each bound to the text that was signed."""
