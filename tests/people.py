"""The people of the demonstration district at the door of a centre."""

from __future__ import annotations

from pathlib import Path

import httpx

from qingyuan.runtime.passwords import FILE, read

PASSWORDS = dict.fromkeys(("daibiao", "huanbao", "lianluo", "guanli"), "x")
"""For a centre that a test opens itself: they are everybody's own from the start."""
OWN = "seven blue herons cross"


def enter_first(client: httpx.Client, username: str, data_dir: Path) -> dict[str, str]:
    """Sign in with the first password that a centre drew and choose one's own; what one signs in
    with from then on.
    """
    first = {"username": username, "password": read(data_dir / FILE)[username]}
    assert client.post("/api/v1/session", json=first).status_code == 204
    assert client.post("/api/v1/session/change", json={"new": OWN}).status_code == 204
    return first | {"password": OWN}
