"""A message as plain text of a chat, within what its provider takes."""

from __future__ import annotations

import re

from alerting.channels.protocol import Outgoing

_TAG = re.compile(r"<(?=[@/a-zA-Z])")
"""Begins a link or calls somebody in the chats of all three providers."""


def plain(outgoing: Outgoing, most_bytes: int) -> str:
    """Title, text and link in lines. The text is cut where they are too long, the link never."""
    text, link = _apart(outgoing)
    return _fitting(outgoing.title, text, link, most_bytes)


def in_chat(outgoing: Outgoing, most_bytes: int) -> str:
    """The same where others read it too: without the link of the person whom it calls, by which
    anybody in the chat could act in that person's name.
    """
    text, link = _apart(outgoing)
    return _fitting(outgoing.title, text, link if outgoing.to_chat else "", most_bytes)


def _apart(outgoing: Outgoing) -> tuple[str, str]:
    """The text without the line that has the link, and that line."""
    link, lines = outgoing.link, outgoing.text.split("\n")
    if not link:
        return outgoing.text, ""
    kept = [line for line in lines if link not in line]
    return "\n".join(kept), next((line for line in lines if link in line), link)


def _fitting(title: str, text: str, link: str, most_bytes: int) -> str:
    title, text = _TAG.sub("\uff1c", title), _TAG.sub("\uff1c", text)
    room = most_bytes - sum(len(line.encode()) + 1 for line in (title, link) if line)
    if len(text.encode()) > room:
        text = text.encode()[: max(0, room - 3)].decode(errors="ignore") + "…"
    return "\n".join(line for line in (title, text, link) if line)
