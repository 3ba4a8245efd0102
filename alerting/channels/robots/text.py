"""A message as plain text of a chat, within what its provider takes."""

from __future__ import annotations

import re
from dataclasses import replace

from alerting.channels.protocol import Outgoing

_TAG = re.compile(r"<(?=[@/a-zA-Z])")
"""Begins a link or calls somebody in the chats of all three providers."""


def plain(outgoing: Outgoing, most_bytes: int) -> str:
    """Title, text and link in lines. The text is cut where they are too long, the link never."""
    title = _TAG.sub("\uff1c", outgoing.title)
    text = _TAG.sub("\uff1c", outgoing.text)
    around = [line for line in (title, outgoing.link) if line]
    room = most_bytes - sum(len(line.encode()) + 1 for line in around)
    if len(text.encode()) > room:
        text = text.encode()[: max(0, room - 3)].decode(errors="ignore") + "…"
    lines = [title, text, outgoing.link]
    return "\n".join(line for line in lines if line)


def in_chat(outgoing: Outgoing, most_bytes: int) -> str:
    """The same where others read it too: without the link of the person whom it calls, by which
    anybody in the chat could act in that person's name.
    """
    return plain(outgoing if outgoing.to_chat else replace(outgoing, link=""), most_bytes)
