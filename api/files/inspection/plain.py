"""A content as plain text, in the encodings that Chinese offices write."""

from __future__ import annotations

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROLS = frozenset("\t\n\r\f")


class NoText(Exception):
    """A content is no plain text."""


def text_of(content: bytes) -> str:
    """The text. GB 18030 contains GBK and GB 2312; UTF-8 is tried first, as it never fits by
    chance.

    Raises:
        NoText: it fits no encoding, or holds signs that no text has.
    """
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(of >= " " or of in _CONTROLS for of in set(text)):
            return text
    raise NoText
